package translate

import "sync"

// shape is what a system call of Linux is in systrace's words.
type shape struct {
	call  string
	names []string // the classic names after the call's own, the closest first
	alias alias
	args  []arg
}

type alias uint8

const (
	noAlias alias = iota
	fsread
	fswrite
	byFlags  // fsread for an access mode of O_RDONLY, else fswrite
	bsdWrite // fswrite, but not for emulations of Linux
)

func n(names ...string) []string { return names }

// table has the calls whose arguments policies can look at, by the position of
// each argument (systrace 1.6g's registration, section by section of its
// sources' tables; successors of a call have the arguments of the classic one).
// Where BSD and Linux resolved links differently, BSD's way stands first.
var table = []shape{
	// Opening.
	{"open", n(), byFlags, []arg{path(0, AllLinks, Lexical), oflags(1)}},
	{"openat", n("open"), byFlags, []arg{pathAt(0, 1, AllLinks, Lexical), oflags(2)}},
	{"openat2", n("openat", "open"), byFlags, []arg{pathAt(0, 1, AllLinks, Lexical), howFlags(2)}},
	{"creat", n("open"), fswrite, []arg{path(0, AllLinks, Lexical), creatFlags()}},

	// Looking.
	{"stat", n(), fsread, []arg{path(0, AllLinks, Lexical)}},
	{"stat64", n("stat"), fsread, []arg{path(0, AllLinks, Lexical)}},
	{"oldstat", n("stat"), fsread, []arg{path(0, AllLinks, Lexical)}},
	{"lstat", n(), fsread, []arg{path(0, KeepLast, Lexical)}},
	{"lstat64", n("lstat"), fsread, []arg{path(0, KeepLast, Lexical)}},
	{"oldlstat", n("lstat"), fsread, []arg{path(0, KeepLast, Lexical)}},
	{"newfstatat", n("fstatat", "stat"), fsread, []arg{pathAt(0, 1, AllLinks, Lexical)}},
	{"fstatat64", n("fstatat", "stat64", "stat"), fsread, []arg{pathAt(0, 1, AllLinks, Lexical)}},
	{"statx", n("fstatat", "stat"), fsread, []arg{pathAt(0, 1, AllLinks, Lexical)}},
	{"access", n(), fsread, []arg{path(0, AllLinks, Lexical)}},
	{"faccessat", n("access"), fsread, []arg{pathAt(0, 1, AllLinks, Lexical)}},
	{"faccessat2", n("faccessat", "access"), fsread, []arg{pathAt(0, 1, AllLinks, Lexical)}},
	{"readlink", n(), fsread, []arg{path(0, KeepLast, Lexical)}},
	{"readlinkat", n("readlink"), fsread, []arg{pathAt(0, 1, KeepLast, Lexical)}},

	// Going somewhere.
	{"execve", n(), noAlias, []arg{path(0, AllLinks, Lexical), argv(1)}},
	{"execveat", n("execve"), noAlias, []arg{pathAt(0, 1, AllLinks, Lexical), argv(2)}},
	{"chdir", n(), noAlias, []arg{path(0, AllLinks, AllLinks)}},
	{"chroot", n(), noAlias, []arg{path(0, AllLinks, AllLinks)}},

	// Creating and removing.
	{"unlink", n(), fswrite, []arg{path(0, KeepLast, Lexical)}},
	{"unlinkat", n("unlink"), fswrite, []arg{pathAt(0, 1, KeepLast, Lexical)}},
	{"rmdir", n(), fswrite, []arg{path(0, AllLinks, Lexical)}},
	{"mkdir", n(), fswrite, []arg{path(0, KeepLast, KeepLast)}},
	{"mkdirat", n("mkdir"), fswrite, []arg{pathAt(0, 1, KeepLast, KeepLast)}},
	{"truncate", n(), bsdWrite, []arg{pathOn(bsd, 0)}},
	{"truncate64", n("truncate"), bsdWrite, []arg{pathOn(bsd, 0)}},
	{"mknod", n(), noAlias, []arg{path(0, AllLinks, KeepLast), mode(1)}},
	{"mknodat", n("mknod"), noAlias, []arg{pathAt(0, 1, AllLinks, KeepLast), mode(2)}},
	{"rename", n(), noAlias, []arg{path(0, KeepLast, KeepLast), path(1, KeepLast, Lexical)}},
	{"renameat", n("rename"), noAlias, []arg{pathAt(0, 1, KeepLast, KeepLast), pathAt(2, 3, KeepLast, Lexical)}},
	{"renameat2", n("renameat", "rename"), noAlias, []arg{pathAt(0, 1, KeepLast, KeepLast), pathAt(2, 3, KeepLast, Lexical)}},
	{"symlink", n(), noAlias, []arg{str(0), path(1, AllLinks, Lexical)}},
	{"symlinkat", n("symlink"), noAlias, []arg{str(0), pathAt(1, 2, AllLinks, Lexical)}},
	{"link", n(), noAlias, []arg{path(0, AllLinks, Lexical), path(1, AllLinks, Lexical)}},
	{"linkat", n("link"), noAlias, []arg{pathAt(0, 1, KeepLast, Lexical), pathAt(2, 3, AllLinks, Lexical)}},

	// Attributes.
	{"chmod", n(), noAlias, []arg{path(0, AllLinks, Lexical), mode(1)}},
	{"fchmod", n(), noAlias, []arg{number("fd", 0), mode(1)}},
	{"fchmodat", n("chmod"), noAlias, []arg{pathAt(0, 1, AllLinks, Lexical), mode(2)}},
	{"fchmodat2", n("fchmodat", "chmod"), noAlias, []arg{pathAt(0, 1, AllLinks, Lexical), mode(2)}},
	{"chown", n(), noAlias, []arg{path(0, AllLinks, AllLinks), number("uid", 1), number("gid", 2)}},
	{"lchown", n(), noAlias, []arg{path(0, KeepLast, KeepLast), number("uid", 1), number("gid", 2)}},
	{"fchown", n(), noAlias, []arg{number("fd", 0), number("uid", 1), number("gid", 2)}},
	{"fchownat", n("chown"), noAlias, []arg{pathAt(0, 1, AllLinks, AllLinks), number("uid", 2), number("gid", 3)}},

	// Identity.
	{"setuid", n(), noAlias, []arg{number("uid", 0), uname(0)}},
	{"setgid", n(), noAlias, []arg{number("gid", 0)}},
	{"setresuid", n(), noAlias, nil},
	{"setresgid", n(), noAlias, nil},
	{"setreuid", n(), noAlias, nil},
	{"setregid", n(), noAlias, nil},

	// Sockets.
	{"socket", n(), noAlias, []arg{sockdom(0), socktype(1)}},
	{"bind", n(), noAlias, []arg{sockaddr(1, 2)}},
	{"connect", n(), noAlias, []arg{sockaddr(1, 2)}},
	{"sendto", n(), noAlias, []arg{sockaddr(4, 5)}},
	{"sendmsg", n(), noAlias, []arg{msgaddr(1)}},
	{"sendmmsg", n("sendmsg"), noAlias, []arg{msgaddr(1)}},

	// The rest.
	{"kill", n(), noAlias, []arg{pidname(0), signame(1)}},
	{"tkill", n("kill"), noAlias, []arg{pidname(0), signame(1)}},
	{"tgkill", n("tkill", "kill"), noAlias, []arg{pidname(0), signame(2)}},
	{"fcntl", n(), noAlias, []arg{cmd(1)}},
	{"fcntl64", n("fcntl"), noAlias, []arg{cmd(1)}},
	{"ioctl", n(), noAlias, []arg{requestArg(1)}},
	{"mmap", n("mmap2", "old_mmap"), noAlias, []arg{prot(2)}},
	{"mmap2", n("mmap"), noAlias, []arg{prot(2)}},
	{"mprotect", n(), noAlias, []arg{prot(2)}},
	{"pkey_mprotect", n("mprotect"), noAlias, []arg{prot(2)}},
	{"clone", n(), noAlias, nil},
	{"clone3", n("clone"), noAlias, nil},
	{"unshare", n(), noAlias, nil}, // BSD's rfork knows no namespaces
}

// variants are what calls of the table are with certain arguments.
var variants = map[string]shape{
	"lstatat":      {"lstatat", n("fstatat", "lstat"), fsread, []arg{pathAt(0, 1, KeepLast, Lexical)}},
	"fstat":        {"fstat", n("fstat"), noAlias, nil},
	"rmdirat":      {"rmdirat", n("unlinkat", "rmdir"), fswrite, []arg{pathAt(0, 1, AllLinks, Lexical)}},
	"mkfifo":       {"mkfifo", n("mkfifo", "mknod"), bsdWrite, []arg{path(0, AllLinks, KeepLast), mode(1)}},
	"mkfifoat":     {"mkfifoat", n("mkfifoat", "mkfifo", "mknod"), bsdWrite, []arg{pathAt(0, 1, AllLinks, KeepLast), mode(2)}},
	"linkat":       {"linkat", n("link"), noAlias, []arg{pathAt(0, 1, AllLinks, Lexical), pathAt(2, 3, AllLinks, Lexical)}},
	"lchownat":     {"lchownat", n("fchownat", "lchown"), noAlias, []arg{pathAt(0, 1, KeepLast, KeepLast), number("uid", 2), number("gid", 3)}},
	"fchownat":     {"fchownat", n("fchown"), noAlias, []arg{number("fd", 0), number("uid", 2), number("gid", 3)}},
	"opennolink":   {"opennolink", n("open"), byFlags, []arg{path(0, KeepLast, Lexical), oflags(1)}},
	"openatnolink": {"openatnolink", n("openat", "open"), byFlags, []arg{pathAt(0, 1, KeepLast, Lexical), oflags(2)}},
	"seteuid":      {"seteuid", n("seteuid"), noAlias, []arg{number("uid", 1), uname(1)}},
	"setegid":      {"setegid", n("setegid"), noAlias, []arg{number("gid", 1)}},
	"thread":       {"thread", n("__tfork", "_lwp_create", "rfork", "__clone"), noAlias, nil},
	"vfork":        {"vfork", n("vfork", "__vfork14", "fork", "rfork", "__clone"), noAlias, nil},
	"fork":         {"fork", n("fork", "vfork", "__vfork14", "rfork", "__clone"), noAlias, nil},
	"unwatched":    {"unwatched", nil, noAlias, nil},
}

// shapes is the table by call.
var shapes = sync.OnceValue(func() map[string]*shape {
	m := map[string]*shape{}
	for i := range table {
		m[table[i].call] = &table[i]
	}
	return m
})
