// Package attacks is a table of ways out of a sandbox, each performed under the
// widest promises that should still stop it, and unconfined, where it must
// succeed: an attack that never works proves nothing.
package attacks

// An Attack is one row.
type Attack struct {
	ID, Name string
	// Without are the words left out of all that there are.
	Without string
	// Flags are further options, $T is the test's directory; @deny runs without
	// --kill, @no-keep without inherited descriptors.
	Flags []string
	// Script is the probe's.
	Script string
	// Want is what the probe says under the launcher; "killed" is a violation
	// under --kill.
	Want string
	// Root is set where the attack takes root to succeed unconfined.
	Root bool
}

// Table lists the attacks by the hazard they belong to (doc/security.md).
var Table = []Attack{
	{"H-1", "io_uring performs calls that no filter sees", "", nil, `io_uring_setup(1,@)`, "ENOSYS", false},
	{"H-1b", "asynchronous I/O likewise", "", nil, `io_setup(1,@)`, "ENOSYS", false},
	{"H-2", "ptrace", "", nil, `ptrace(0,0,0,0)`, "killed", false},
	{"H-2b", "memory of another process", "", nil, `me=_getpid(); _vmread($me)`, "killed", false},
	{"H-2c", "kcmp", "", nil, `me=_getpid(); kcmp($me,$me,0,0,0)`, "killed", false},
	{"H-2d", "descriptors of another process", "", nil, `me=_getpid(); fd=pidfd_open($me,0); pidfd_getfd($fd,3,0)`, "ENOSYS", false},
	{"H-2e", "userfaultfd", "", nil, `userfaultfd(1)`, "ENOSYS", true},
	{"H-3", "calls through the i386 gate", "", nil, `_int80(20,0)`, "killed", false},
	{"H-4", "terminal injection", "", nil, `ioctl(5,TIOCSTI,"x")`, "killed", true},
	{"H-4b", "terminal injection with a high bit, which the kernel drops", "", nil, `ioctl(5,0x100005412,"x")`, "killed", true},
	{"H-4c", "terminal injection, sign-extended", "", nil, `ioctl(5,0xffffffff00005412,"x")`, "killed", true},
	{"H-4d", "line discipline", "", nil, `ioctl(5,0x5423,int:0)`, "killed", false},
	{"H-5", "file handles", "", nil, `_write(@,128); name_to_handle_at(AT_FDCWD,"/etc/passwd",@,@+256,0)`, "EOPNOTSUPP", false},
	{"H-5b", "opening by handle", "", nil, `_write(@,128); name_to_handle_at(AT_FDCWD,"/etc/passwd",@,@+256,0)?; fd=openat(AT_FDCWD,"/",O_RDONLY); open_by_handle_at($fd,@,0)`, "killed", true},
	{"H-6", "a new user namespace", "", nil, `unshare(CLONE_NEWUSER)`, "killed", true},
	{"H-6b", "a process in a new network namespace", "", nil, `unshare(CLONE_NEWNET)`, "killed", true},
	{"H-7", "kernel keys", "", nil, `keyctl(0,-3,1,0,0)`, "ENOSYS", false},
	{"H-8", "READ_IMPLIES_EXEC", "", nil, `personality(0x0400000)`, "killed", false},
	{"H-9", "an anonymous file to execute", "", nil, `memfd_create("x",0)`, "ENOSYS", false},
	{"H-9b", "executing a descriptor", "", nil, `fd=openat(AT_FDCWD,"/bin/true",O_RDONLY); execveat($fd,"",0,0,AT_EMPTY_PATH)`, "ENOSYS", false},
	{"H-10", "code from a file that may only be read, as ld.so would map it", "exec prot_exec", nil, `fd=openat(AT_FDCWD,"/bin/true",O_RDONLY); mmap(0,4096,PROT_READ|PROT_EXEC,MAP_PRIVATE,$fd,0)`, "killed", false},
	{"H-10b", "executing without exec", "exec", nil, `execve("/bin/true",0,0)`, "killed", false},
	{"H-12", "sending a descriptor out", "sendfd recvfd", nil, `_sendright(7,3)`, "killed", false},
	{"H-12b", "taking a descriptor in", "sendfd recvfd", nil, `_recvright(13,1)`, "killed", false},
	{"H-12c", "sending a directory, with sendfd", "", nil, `_sendright(7,4)`, "killed", false},
	{"H-13", "writing code through /proc/self/mem", "prot_exec", []string{"-u", "rwxc:/"}, `openat(AT_FDCWD,"/proc/self/mem",O_RDWR)`, "EACCES", false},
	{"H-14", "re-opening a descriptor for more", "wpath", nil, `fd=openat(AT_FDCWD,"$T/f",O_RDONLY); openat(AT_FDCWD,"/dev/fd/3",O_RDWR)`, "killed", false},
	{"H-15", "mounting", "", nil, `mount("none","$T","tmpfs",0,0)`, "killed", true},
	{"H-15b", "a detached mount", "", nil, `fsopen("tmpfs",0)`, "killed", true},
	{"H-15c", "chroot", "", nil, `chroot("$T")`, "killed", true},
	{"H-16", "entering a namespace", "", nil, `fd=openat(AT_FDCWD,"/proc/self/ns/uts",O_RDONLY); setns($fd,0)`, "killed", true},
	{"H-17", "fanotify", "", nil, `fanotify_init(0,0)`, "killed", true},
	{"H-17b", "kernel log", "", nil, `syslog(3,@,100)`, "killed", true},
	{"H-17c", "segments", "", nil, `modify_ldt(0,@,100)`, "killed", false},
	{"H-18", "changing a path between the check and the open", "rpath wpath getpw dns ps vminfo", []string{"@deny"}, `_race("/etc/passwd")`, "EPERM", false},
	{"H-19", "O_PATH", "rpath getpw", nil, `openat(AT_FDCWD,"/etc/passwd",O_PATH)`, "killed", false},
	{"H-20", "leaving the time zones by dots", "rpath getpw", nil, `openat(AT_FDCWD,"/usr/share/zoneinfo/../../../etc/passwd",O_RDONLY)`, "killed", false},
	{"H-21", "an abstract socket outside, hidden by unveil", "", []string{"-u", "r:/etc"}, `s=socket(AF_UNIX,SOCK_STREAM,0); connect($s,abs:$ABS,len)`, "EPERM", false},
	{"H-21b", "a datagram pair to a named socket", "unix", nil, `socketpair(AF_UNIX,SOCK_DGRAM,0,@)`, "killed", false},
	{"H-22", "TCP under another name", "", nil, `socket(AF_INET,SOCK_STREAM,262)`, "EPROTONOSUPPORT", false},
	{"H-22b", "connecting inside a send, past port rules", "", []string{"--tcp-connect=1"}, `s=socket(AF_INET,SOCK_STREAM,0); sendto($s,"x",1,0x20000000,in:$PORT,16)`, "killed", false},
	{"H-22c", "a listener without a port of its own", "", []string{"--tcp-connect=1"}, `s=socket(AF_INET,SOCK_STREAM,0); listen($s,1)`, "killed", false},
	{"H-22d", "connecting to a port that is not listed", "", []string{"--tcp-connect=1"}, `s=socket(AF_INET,SOCK_STREAM,0); connect($s,in:$PORT,len)`, "EACCES", false},
	{"H-23", "packet sockets", "", nil, `socket(17,SOCK_DGRAM,0)`, "killed", true},
	{"H-23b", "kernel events", "", nil, `socket(AF_NETLINK,SOCK_RAW,15)`, "killed", false},
	{"H-24", "signals to the parent by tkill", "proc", nil, `p=_getppid(); tkill($p,0)`, "killed", true},
	{"H-24b", "by a queued signal", "proc", nil, `p=_getppid(); kill($p,0)`, "killed", true},
	{"H-24c", "by ownership of a socket", "proc", nil, `p=_getppid(); fcntl(7,F_SETOWN,$p)`, "killed", false},
	{"H-24d", "by ownership through ioctl", "proc", nil, `p=_getppid(); _write(@,$p); ioctl(7,0x8901,@)`, "killed", false},
	{"H-24e", "by asynchronous I/O", "proc", nil, `fcntl(7,F_SETFL,0x2000)`, "killed", false},
	{"H-24f", "choosing the signal", "proc", nil, `fcntl(7,10,SIGUSR1)`, "killed", false},
	{"H-25", "limits of another process", "", nil, `p=_getppid(); prlimit64($p,7,0,@)`, "killed", true},
	{"H-26", "supervising one's own children", "", nil, `_listener()`, "killed", false},
	{"H-27", "an unnamed file without cpath", "cpath tmppath", nil, `openat(AT_FDCWD,"$T",O_TMPFILE|O_RDWR,0600)`, "killed", false},
	{"H-28", "a refused open that leaves a file", "", []string{"@deny", "-u", "r:/", "-u", "rc:$T"}, `openat(AT_FDCWD,"$T/left",O_WRONLY|O_CREAT,0600)?; _absent("$T/left")`, "ENOENT", false},
	{"H-28b", "truncating by an open for reading", "", nil, `openat(AT_FDCWD,"$T/f",O_RDONLY|O_TRUNC)`, "EINVAL", false},
	{"H-28c", "access mode 3", "", nil, `openat(AT_FDCWD,"$T/f",3)`, "EINVAL", false},
	{"H-29", "vmsplice", "", nil, `vmsplice(15,@,0,0)`, "ENOSYS", false},
	{"H-29b", "setuid by high mode bits", "", nil, `fchmod(3,0xffff09ed)`, "EPERM", false},
	{"H-30", "making oneself dumpable again", "", nil, `prctl(4,1,0,0,0)`, "EINVAL", false},
	{"H-31", "stat below a hidden working directory", "", []string{"-u", "r:/etc"}, `stat("f",@)`, "ENOENT", false},
	{"H-33", "a descriptor inherited from the shell", "", []string{"@no-keep"}, `openat(4,"f",O_RDONLY)`, "EBADF", false},
	{"H-34", "surviving by a SIGSYS handler", "inet dns", nil, `_catch(SIGSYS); socket(AF_INET,SOCK_STREAM,0)`, "killed", false},
	{"P-unlink", "removing outside unveil", "", []string{"-u", "r:/", "-u", "rwc:$T/d"}, `unlink("$T/f")`, "EACCES", false},
	{"P-rename", "replacing outside unveil", "", []string{"-u", "r:/", "-u", "rwc:$T/d"}, `rename("$T/d/f","$T/f")`, "EACCES", false},
	{"P-chmod", "chmod without fattr", "fattr", nil, `chmod("$T/f",0600)`, "killed", false},
	{"P-sockopt", "the same option number at another level", "inet unix dns", nil, `setsockopt(6,SOL_SOCKET,1,int:0,4)`, "killed", false},
	{"P-sendto", "a destination whose low half is zero", "inet unix dns", nil, `m=mmap(0x300000000000,4096,PROT_READ|PROT_WRITE,0x32,-1,0); _write($m,0x09000002); sendto(9,"x",1,0,0x300000000000,16)`, "killed", false},
	{"P-wpath", "reading with wpath", "rpath getpw", nil, `openat(AT_FDCWD,"$T/f",O_RDWR)`, "killed", false},
}
