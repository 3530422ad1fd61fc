package launcher

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/sys"
)

// shapes says how the arguments of a call are told: d descriptor, D directory
// descriptor (left out if it is the working directory), p path, o open flags,
// m mode (of an open only if it creates), i number, x hexadecimal, f socket
// family, t socket type, a socket address with its length, q ioctl request,
// P memory protection, s signal, c clone flags, _ nothing.
var shapes = table[string, string]{
	{"open", "pom"}, {"openat", "Dpom"}, {"creat", "pm"}, {"openat2", "Dp"}, {"stat", "p"}, {"lstat", "p"}, {"newfstatat", "Dp"}, {"statx", "Dp"},
	{"fstatat64", "Dp"}, {"stat64", "p"}, {"lstat64", "p"},
	{"access", "pi"}, {"faccessat", "Dpi"}, {"readlink", "p"}, {"readlinkat", "Dp"}, {"chdir", "p"}, {"getcwd", ""}, {"getdents64", "d"},
	{"statfs", "p"}, {"fstatfs", "d"}, {"truncate", "pi"}, {"mkdir", "pm"}, {"mkdirat", "Dpm"}, {"rmdir", "p"}, {"unlink", "p"}, {"unlinkat", "Dp"},
	{"symlink", "pp"}, {"symlinkat", "pDp"}, {"link", "pp"}, {"linkat", "DpDp"}, {"rename", "pp"}, {"renameat", "DpDp"}, {"renameat2", "DpDp"},
	{"mknod", "pm"}, {"mknodat", "Dpm"}, {"chmod", "pm"}, {"fchmod", "dm"}, {"fchmodat", "Dpm"}, {"fchmodat2", "Dpm"}, {"chown", "pii"},
	{"lchown", "pii"}, {"fchown", "dii"}, {"fchownat", "Dpii"}, {"utimensat", "Dp"}, {"utimes", "p"}, {"utime", "p"}, {"setxattr", "pp"},
	{"lsetxattr", "pp"}, {"getxattr", "pp"}, {"lgetxattr", "pp"}, {"listxattr", "p"}, {"inotify_add_watch", "dp"}, {"execve", "p"}, {"execveat", "Dp"},
	{"chroot", "p"}, {"mount", "ppp"}, {"umount2", "p"}, {"swapon", "p"}, {"acct", "p"}, {"statfs64", "p"},
	{"socket", "fti"}, {"socketpair", "fti"}, {"connect", "da"}, {"bind", "da"}, {"sendto", "d"}, {"sendmsg", "d"}, {"recvmsg", "d"}, {"listen", "d"},
	{"accept", "d"}, {"accept4", "d"}, {"setsockopt", "dii"}, {"getsockopt", "dii"}, {"ioctl", "dq"}, {"fcntl", "dix"}, {"flock", "di"},
	{"mmap", "xiPx"}, {"mmap2", "xiPx"}, {"mprotect", "xiP"}, {"pkey_mprotect", "xiP"}, {"kill", "is"}, {"tkill", "is"}, {"tgkill", "iis"},
	{"clone", "c"}, {"fork", ""}, {"vfork", ""}, {"setsid", ""}, {"setpgid", "ii"}, {"ptrace", "ii"}, {"setuid", "i"}, {"setgid", "i"},
	{"prlimit64", "iix"}, {"setrlimit", "i"}, {"getpriority", "ii"}, {"setpriority", "iii"}, {"unshare", "c"}, {"setns", "dc"}, {"bpf", "i"},
	{"sync", ""}, {"prctl", "ix"}, {"personality", "x"}, {"shmget", "xix"}, {"sched_setaffinity", "i"}, {"sched_setscheduler", "i"},
}

// decode tells the call as strace would.
func (s *supervisor) decode(c *call) string {
	shape, ok := shapes.find(c.name)
	if !ok {
		if c.name == "" {
			return fmt.Sprintf("syscall %d", c.Nr)
		}
		return c.name + "(…)"
	}
	var parts []string
	for i := 0; i < len(shape); i++ {
		if text, ok := s.decodeArg(c, shape, i); ok {
			parts = append(parts, text)
		}
	}
	return c.name + "(" + strings.Join(parts, ", ") + ")"
}

func (s *supervisor) decodeArg(c *call, shape string, i int) (string, bool) {
	v := c.Args[i]
	switch shape[i] {
	case 'd', 'i':
		return strconv.Itoa(int(int32(v))), true
	case 'D':
		if int32(v) == unix.AT_FDCWD {
			return "", false
		}
		return strconv.Itoa(int(int32(v))), true
	case 'p':
		return s.decodePath(c, v), true
	case 'o':
		return flagNames(v, openFlagNames, openMode(v)), true
	case 'm':
		if i > 0 && shape[i-1] == 'o' && c.Args[i-1]&(unix.O_CREAT|unix.O_TMPFILE&^unix.O_DIRECTORY) == 0 {
			return "", false
		}
		return "0" + strconv.FormatUint(v&0o177777, 8), true
	case 'f':
		return named(v&0xffffffff, familyNames), true
	case 't':
		return flagNames(v&^0xf, typeFlagNames, named(v&0xf, typeNames)), true
	case 'a':
		a, e := s.readAddress(c, v, min(c.Args[i+1]&0xffffffff, maxAddress))
		if e != 0 {
			return fmt.Sprintf("%#x", v), true
		}
		return decodeAddress(a), true
	case 'q':
		return named(v&0xffffffff, requestNames), true
	case 'P':
		return flagNames(v, protNames, ""), true
	case 's':
		if name := unix.SignalName(unix.Signal(v)); name != "" {
			return name, true
		}
		return strconv.Itoa(int(int32(v))), true
	case 'c':
		return flagNames(v&^0xff, cloneNames, ""), true
	case '_':
		return "", false
	}
	return fmt.Sprintf("%#x", v), true
}

// decodePath quotes a path; what cannot be read is told as a pointer.
func (s *supervisor) decodePath(c *call, addr uint64) string {
	if addr == 0 {
		return "NULL"
	}
	p, err := sys.ReadString(int(c.PID), addr, unix.PathMax)
	if err != nil {
		return fmt.Sprintf("%#x", addr)
	}
	return quote.String(p)
}

func decodeAddress(a address) string {
	if a.family() == unix.AF_UNIX && len(a) > 2 {
		name := string(a[2:])
		if name[0] == 0 {
			return quote.String("@" + strings.TrimRight(name[1:], "\x00"))
		}
		name, _, _ = strings.Cut(name, "\x00")
		return quote.String(name)
	}
	return a.String()
}

func named(v uint64, names table[uint64, string]) string {
	if n, ok := names.find(v); ok {
		return n
	}
	return fmt.Sprintf("%#x", v)
}

type flagName struct {
	bits uint64
	name string
}

// flagNames joins the names of the bits that are set; first stands in front.
func flagNames(v uint64, names []flagName, first string) string {
	var parts []string
	if first != "" {
		parts = append(parts, first)
	}
	for _, f := range names {
		if v&f.bits == f.bits {
			parts = append(parts, f.name)
			v &^= f.bits
		}
	}
	if len(parts) == 0 {
		return "0"
	}
	return strings.Join(parts, "|")
}

func openMode(v uint64) string {
	return [4]string{"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"}[v&3]
}
