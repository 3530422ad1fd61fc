//go:build amd64 || arm64

package enforce

import (
	"encoding/binary"
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/perform"
	"github.com/pledge-linux/pledge/internal/sys"
)

// like386 are calls of i386 whose arguments are those of a call of amd64.
var like386 = map[string]string{"chown32": "chown", "lchown32": "lchown"}

// puppet386 are the numbers that a thread is made to call where it came by i386's
// table, by those of amd64; int $0x80 is as long as syscall. No other call means
// the same there.
var puppet386 = map[uint64]uint64{81: 133, 161: 61, 3: 6} // fchdir, chroot, close

// isPuppet386 tells whether a number of i386 is one of those.
func isPuppet386(nr uint64) bool {
	for _, own := range puppet386 {
		if nr == own {
			return true
		}
	}
	return false
}

// performer386 performs calls of i386 programs: those whose arguments and
// results lie in memory as on amd64, and those that have a form of their own.
// Others, such as socketcall and sendmsg, are refused if their verdict depends on
// the caller's memory.
func performer386(name string) func(w *worker, c *call) {
	switch name {
	case "stat64", "lstat64", "fstatat64":
		return (*worker).stat64
	case "truncate64":
		return func(w *worker, c *call) {
			args := c.Args
			args[1] = c.Args[1] | c.Args[2]<<32
			w.deliver(c, w.performed(c, "truncate", args))
		}
	case "stat", "lstat", "chown", "lchown", "newfstatat":
		return nil // of old structures and short ids
	case "bind", "connect", "socket", "kill", "chdir", "chroot":
		return performers[name]
	case "truncate":
		return func(w *worker, c *call) {
			args := c.Args
			args[1] = uint64(int64(int32(c.Args[1])))
			w.deliver(c, w.performed(c, "truncate", args))
		}
	}
	if like, ok := like386[name]; ok {
		return func(w *worker, c *call) { w.deliver(c, w.performed(c, like, c.Args)) }
	}
	if perform.Performs(name) {
		return (*worker).onFiles
	}
	return nil
}

// stat64 writes struct stat64 of i386 (arch/x86/include/uapi/asm/stat.h).
func (w *worker) stat64(c *call) {
	name, args := c.name[:len(c.name)-2], c.Args
	if c.name == "fstatat64" {
		name = "newfstatat"
	}
	a := w.performed(c, name, args)
	if a.Err == 0 {
		var st unix.Stat_t
		copy(sys.Bytes(&st), a.Data)
		a.Data = stat64Of(&st)
	}
	w.deliver(c, a)
}

func stat64Of(st *unix.Stat_t) []byte {
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
	return b
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
