//go:build amd64 || arm64

package launcher

import "golang.org/x/sys/unix"

var openFlagNames = []flagName{
	{unix.O_CREAT, "O_CREAT"}, {unix.O_EXCL, "O_EXCL"}, {unix.O_TRUNC, "O_TRUNC"}, {unix.O_APPEND, "O_APPEND"},
	{unix.O_NONBLOCK, "O_NONBLOCK"}, {unix.O_TMPFILE, "O_TMPFILE"}, {unix.O_DIRECTORY, "O_DIRECTORY"},
	{unix.O_NOFOLLOW, "O_NOFOLLOW"}, {unix.O_PATH, "O_PATH"},
}

var familyNames = table[uint64, string]{
	{unix.AF_UNSPEC, "AF_UNSPEC"}, {unix.AF_UNIX, "AF_UNIX"}, {unix.AF_INET, "AF_INET"}, {unix.AF_INET6, "AF_INET6"},
	{unix.AF_NETLINK, "AF_NETLINK"}, {unix.AF_PACKET, "AF_PACKET"}, {unix.AF_VSOCK, "AF_VSOCK"}, {unix.AF_ALG, "AF_ALG"},
	{unix.AF_BLUETOOTH, "AF_BLUETOOTH"}, {unix.AF_KEY, "AF_KEY"}, {unix.AF_XDP, "AF_XDP"}, {unix.AF_SMC, "AF_SMC"}, {unix.AF_TIPC, "AF_TIPC"},
}

var typeNames = table[uint64, string]{
	{unix.SOCK_STREAM, "SOCK_STREAM"}, {unix.SOCK_DGRAM, "SOCK_DGRAM"}, {unix.SOCK_RAW, "SOCK_RAW"}, {unix.SOCK_SEQPACKET, "SOCK_SEQPACKET"},
}

var typeFlagNames = []flagName{{unix.SOCK_NONBLOCK, "SOCK_NONBLOCK"}, {unix.SOCK_CLOEXEC, "SOCK_CLOEXEC"}}

var protNames = []flagName{{unix.PROT_READ, "PROT_READ"}, {unix.PROT_WRITE, "PROT_WRITE"}, {unix.PROT_EXEC, "PROT_EXEC"}}

var cloneNames = []flagName{
	{unix.CLONE_NEWUSER, "CLONE_NEWUSER"}, {unix.CLONE_NEWNS, "CLONE_NEWNS"}, {unix.CLONE_NEWPID, "CLONE_NEWPID"},
	{unix.CLONE_NEWNET, "CLONE_NEWNET"}, {unix.CLONE_NEWIPC, "CLONE_NEWIPC"}, {unix.CLONE_NEWUTS, "CLONE_NEWUTS"},
	{unix.CLONE_NEWCGROUP, "CLONE_NEWCGROUP"}, {unix.CLONE_VM, "CLONE_VM"}, {unix.CLONE_VFORK, "CLONE_VFORK"},
	{unix.CLONE_THREAD, "CLONE_THREAD"}, {unix.CLONE_PTRACE, "CLONE_PTRACE"},
}

// requestNames are the ioctl requests that programs meet.
var requestNames = table[uint64, string]{
	{unix.TCGETS, "TCGETS"}, {unix.TCSETS, "TCSETS"}, {unix.TCSETSW, "TCSETSW"}, {unix.TCSETSF, "TCSETSF"}, {unix.TIOCGWINSZ, "TIOCGWINSZ"},
	{unix.TIOCSWINSZ, "TIOCSWINSZ"}, {unix.TIOCGPGRP, "TIOCGPGRP"}, {unix.TIOCSPGRP, "TIOCSPGRP"}, {unix.TIOCSTI, "TIOCSTI"},
	{unix.TIOCSCTTY, "TIOCSCTTY"}, {unix.TIOCNOTTY, "TIOCNOTTY"}, {unix.TIOCGSID, "TIOCGSID"}, {unix.TIOCGPTN, "TIOCGPTN"},
	{unix.TIOCSPTLCK, "TIOCSPTLCK"}, {unix.TIOCGPTPEER, "TIOCGPTPEER"}, {unix.TIOCLINUX, "TIOCLINUX"}, {unix.TIOCCONS, "TIOCCONS"},
	{unix.TIOCSETD, "TIOCSETD"}, {unix.TIOCEXCL, "TIOCEXCL"}, {unix.TCFLSH, "TCFLSH"}, {unix.TCSBRK, "TCSBRK"}, {unix.TIOCOUTQ, "TIOCOUTQ"},
	{0x8901, "FIOSETOWN"}, {0x8902, "SIOCSPGRP"}, {0x5452, "FIOASYNC"}, {0x8912, "SIOCGIFCONF"}, {0x8913, "SIOCGIFFLAGS"},
	{0x8915, "SIOCGIFADDR"}, {0x8921, "SIOCGIFMTU"}, {0x8922, "SIOCSIFMTU"}, {0x8927, "SIOCGIFHWADDR"}, {0x40086602, "FS_IOC_SETFLAGS"},
	{0x80081272, "BLKGETSIZE64"}, {0x5331, "CDROM_GET_CAPABILITY"},
}
