package enforce

import (
	"encoding/binary"
	"os"

	"golang.org/x/sys/unix"
)

// performers386 perform calls of i386 programs: those whose arguments and
// results lie in memory as on amd64, and those that have a form of their own.
// Others, such as socketcall and sendmsg, are refused if their verdict depends on
// the caller's memory.
var performers386 map[string]func(w *worker, c *call)

func init() {
	performers386 = map[string]func(w *worker, c *call){
		"stat64":    func(w *worker, c *call) { w.stat64(c, false, c.Args[1]) },
		"lstat64":   func(w *worker, c *call) { w.stat64(c, true, c.Args[1]) },
		"fstatat64": func(w *worker, c *call) { w.stat64(c, c.Args[3]&unix.AT_SYMLINK_NOFOLLOW != 0, c.Args[2]) },
	}
	for _, name := range []string{
		"open", "openat", "creat", "statx", "access", "faccessat", "faccessat2", "readlink", "readlinkat",
		"chmod", "fchmodat", "fchmodat2", "fchownat", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "mknod", "mknodat",
		"rename", "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "bind", "connect", "socket", "kill",
	} {
		performers386[name] = performers[name]
	}
	for name, like := range map[string]string{"chown32": "chown", "lchown32": "lchown"} {
		performers386[name] = performers[like]
	}
}

// stat64 writes struct stat64 of i386 (arch/x86/include/uapi/asm/stat.h).
func (w *worker) stat64(c *call, nofollow bool, addr uint64) {
	var fd int
	var e unix.Errno
	if len(c.places) == 0 {
		if c.name != "fstatat64" || c.Args[3]&unix.AT_EMPTY_PATH == 0 {
			c.fail(unix.ENOENT)
			return
		}
		if fd, e = c.emptyPath(c.Args[0]); e == 0 {
			defer unix.Close(fd)
		}
	} else {
		fd, e = w.target(c, nofollow)
	}
	if e != 0 {
		c.fail(e)
		return
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		c.answer(err)
		return
	}
	const size = 96
	b := make([]byte, size)
	long := func(at int, v uint64) { binary.LittleEndian.PutUint64(b[at:], v) }
	word := func(at int, v uint64) { binary.LittleEndian.PutUint32(b[at:], uint32(v)) }
	long(0, st.Dev)
	word(12, st.Ino)
	word(16, uint64(st.Mode))
	word(20, uint64(st.Nlink))
	word(24, uint64(st.Uid))
	word(28, uint64(st.Gid))
	long(32, st.Rdev)
	long(44, uint64(st.Size))
	word(52, uint64(st.Blksize))
	long(56, uint64(st.Blocks))
	for i, t := range []unix.Timespec{st.Atim, st.Mtim, st.Ctim} {
		word(64+8*i, uint64(t.Sec))
		word(68+8*i, uint64(t.Nsec))
	}
	long(88, st.Ino)
	c.fail(c.write(addr, b))
}

// emulationOf is what a new policy for a program is for: i386's calls, or
// amd64's.
func emulationOf(program string) string {
	const class, class32 = 4, 1 // EI_CLASS, ELFCLASS32
	f, err := os.Open(program)
	if err != nil {
		return "linux64"
	}
	defer f.Close()
	head := make([]byte, class+1)
	if n, _ := f.Read(head); n == len(head) && string(head[:class]) == "\x7fELF" && head[class] == class32 {
		return "linux"
	}
	return "linux64"
}
