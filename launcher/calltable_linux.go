//go:build amd64 || arm64

package launcher

import (
	"slices"
	"strings"
)

// A callRow says what the arguments of a call are, one letter each:
//
//	d descriptor     D directory of the path that follows
//	p path           o open flags       A flags with AT_*, not told
//	m creation mode (of an open only if it creates)
//	M mode of access(2)
//	i number         x hexadecimal      a socket address, its length follows
//	f socket family  t socket type      q ioctl request
//	P protection     s signal           c clone flags
//	_ not told
//
// and what it does with each of its paths: l looks, f looks at a link itself, o
// opens, x executes, w writes, c makes or removes the name, - nothing that is
// observed.
type callRow struct{ name, shape, uses string }

// callTable has a call a line.
var callTable = []callRow{
	{"open", "pom", "o"}, {"openat", "Dpom", "o"}, {"creat", "pm", "o"}, {"openat2", "Dp", "l"},
	{"stat", "p", "l"}, {"lstat", "p", "f"}, {"newfstatat", "Dp_A", "l"}, {"statx", "DpA", "l"},
	{"stat64", "p", "-"}, {"lstat64", "p", "-"}, {"fstatat64", "Dp_A", "-"},
	{"access", "pM", "l"}, {"faccessat", "DpM", "l"}, {"faccessat2", "DpM", "l"},
	{"readlink", "p", "f"}, {"readlinkat", "Dp", "f"},
	{"chdir", "p", "l"}, {"getcwd", "", ""}, {"getdents64", "d", ""},
	{"statfs", "p", "-"}, {"statfs64", "p", "-"}, {"fstatfs", "d", ""}, {"truncate", "pi", "w"}, {"truncate64", "pi", "w"},
	{"mkdir", "pm", "c"}, {"mkdirat", "Dpm", "c"}, {"rmdir", "p", "c"},
	{"unlink", "p", "c"}, {"unlinkat", "DpA", "c"}, {"mknod", "pm", "c"}, {"mknodat", "Dpm", "c"},
	{"symlink", "pp", "-c"}, {"symlinkat", "pDp", "-c"}, {"link", "pp", "cc"}, {"linkat", "DpDp", "cc"},
	{"rename", "pp", "cc"}, {"renameat", "DpDp", "cc"}, {"renameat2", "DpDp", "cc"},
	{"chmod", "pm", "l"}, {"fchmod", "dm", ""}, {"fchmodat", "Dpm", "l"}, {"fchmodat2", "Dpm", "-"},
	{"chown", "pii", "l"}, {"lchown", "pii", "-"}, {"fchown", "dii", ""}, {"fchownat", "Dpii", "l"},
	{"utimensat", "Dp", "l"}, {"utimes", "p", "-"}, {"utime", "p", "-"},
	{"setxattr", "pp", "--"}, {"lsetxattr", "pp", "--"}, {"getxattr", "pp", "--"}, {"lgetxattr", "pp", "--"},
	{"listxattr", "p", "-"}, {"llistxattr", "p", "-"}, {"inotify_add_watch", "dp", "-"},
	{"execve", "p", "x"}, {"execveat", "Dp", "x"},
	{"chroot", "p", "-"}, {"mount", "ppp", "---"}, {"umount2", "p", "-"}, {"swapon", "p", "-"}, {"acct", "p", "-"},
	{"socket", "fti", ""}, {"socketpair", "fti", ""}, {"connect", "da", ""}, {"bind", "da", ""},
	{"sendto", "d", ""}, {"sendmsg", "d", ""}, {"sendmmsg", "d", ""}, {"recvmsg", "d", ""}, {"listen", "d", ""},
	{"accept", "d", ""}, {"accept4", "d", ""}, {"setsockopt", "dii", ""}, {"getsockopt", "dii", ""},
	{"ioctl", "dq", ""}, {"fcntl", "dix", ""}, {"flock", "di", ""},
	{"mmap", "xiPx", ""}, {"mmap2", "xiPx", ""}, {"mprotect", "xiP", ""}, {"pkey_mprotect", "xiP", ""},
	{"kill", "is", ""}, {"tkill", "is", ""}, {"tgkill", "iis", ""},
	{"clone", "c", ""}, {"fork", "", ""}, {"vfork", "", ""}, {"setsid", "", ""}, {"setpgid", "ii", ""},
	{"ptrace", "ii", ""}, {"setuid", "i", ""}, {"setgid", "i", ""},
	{"prlimit64", "iix", ""}, {"setrlimit", "i", ""}, {"getpriority", "ii", ""}, {"setpriority", "iii", ""},
	{"unshare", "c", ""}, {"setns", "dc", ""}, {"bpf", "i", ""}, {"sync", "", ""}, {"prctl", "ix", ""},
	{"personality", "x", ""}, {"shmget", "xix", ""}, {"sched_setaffinity", "i", ""}, {"sched_setscheduler", "i", ""},
}

// rowOf returns the row of a call, nil if there is none.
func rowOf(name string) *callRow {
	for i := range callTable {
		if callTable[i].name == name {
			return &callTable[i]
		}
	}
	return nil
}

// A pathArg is where a call has a path, and the directory that it is relative
// to: -1 for the working directory.
type pathArg struct {
	dir, path int
	use       byte
}

// paths are the paths of a call.
func (r *callRow) paths() []pathArg {
	if r == nil {
		return nil
	}
	var list []pathArg
	for i := range len(r.shape) {
		if r.shape[i] != 'p' {
			continue
		}
		a := pathArg{-1, i, r.uses[len(list)]}
		if i > 0 && r.shape[i-1] == 'D' {
			a.dir = i - 1
		}
		list = append(list, a)
	}
	return list
}

// observed are the paths that are observed.
func (r *callRow) observed() []pathArg {
	return slices.DeleteFunc(r.paths(), func(a pathArg) bool { return a.use == '-' })
}

// index is where the row has the letter, -1 if nowhere.
func (r *callRow) index(letter byte) int {
	if r == nil {
		return -1
	}
	return strings.IndexByte(r.shape, letter)
}

// A pathCall is a call with a path, its arguments named.
type pathCall struct {
	dir   int32 // a descriptor, or AT_FDCWD
	path  string
	flags uint64 // of an open, or AT_*
	mode  uint64 // of a creation, or of access(2)
}
