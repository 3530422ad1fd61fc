// Package perform makes calls on paths in another thread's stead, on what was
// resolved for it, and says what the thread is to be answered.
//
//	answer := perform.Call("mkdirat", args, caller)
//
// Every call ends in a call of the at family in a directory that is open, by a
// name that is not followed, so that nothing is looked at twice. The kernel says the
// errors: flags and modes reach it as the other thread gave them.
//
// The calling thread must have the credentials of the other one; see
// [Creates] for the umask.
package perform

import (
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/resolve"
)

// A Caller says what is known of the thread whose call it is.
type Caller interface {
	// Place is where the i-th path of the call leads; it belongs to whoever asks.
	// Several calls for the same path may be made.
	Place(i int, follow bool) (*resolve.Place, error)
	// Open opens the i-th path in one step; ok is false if it has to be
	// resolved first.
	// st says what was opened.
	Open(i int, how *unix.OpenHow, st *unix.Stat_t) (fd int, err error, ok bool)
	// Empty tells whether the i-th path is empty, and the call takes that for
	// its descriptor.
	Empty(i int) bool
	// Slash tells whether the i-th path ends in a slash.
	Slash(i int) bool
	// Descriptor opens what a descriptor of the thread is of (O_PATH); it may
	// be AT_FDCWD.
	Descriptor(fd uint64) (int, error)
	// Text is a string that was read when the call was judged.
	Text(addr uint64) (string, bool)
	// Bytes is memory that was read when the call was judged.
	Judged(addr uint64) []byte
	// Checked says an error if a descriptor must not be given away.
	Checked(fd int) error
	// FileSize is the thread's RLIMIT_FSIZE.
	FileSize() uint64
}

// An Answer is what the thread gets.
type Answer struct {
	Value int64
	Err   unix.Errno
	// FD is a descriptor of this process's that the thread gets instead of a
	// value; -1 if there is none. With Path it is of O_PATH, and with Terminal
	// /dev/tty was asked for, so none was opened.
	FD       int
	Flags    int // that were asked for
	Path     bool
	Terminal bool
	// Data is written to Addr in its memory.
	Addr uint64
	Data []byte
	// Signal is what it is sent besides.
	Signal unix.Signal
}

func failed(err error) Answer {
	e, ok := err.(unix.Errno)
	switch {
	case err == nil:
		return Answer{FD: -1}
	case !ok:
		e = unix.EIO
	}
	return Answer{Err: e, FD: -1}
}

// Call performs a call of amd64 by its name; ok is false if it is none that is
// performed here.
func Call(name string, args [6]uint64, c Caller) (a Answer, ok bool) {
	f := table(name)
	if f == nil {
		return Answer{}, false
	}
	if e := Invalid(name, args); e != 0 {
		return failed(e), true
	}
	return f(&performer{c: c, a: args}), true
}

// Performs tells whether a call can be performed.
func Performs(name string) bool { return table(name) != nil }

// Creates tells whether a call may make something, whose mode the umask
// narrows.
func Creates(name string, args [6]uint64, how []byte) bool {
	flags := uint64(0)
	switch name {
	case "mkdir", "mkdirat", "mknod", "mknodat", "creat":
		return true
	case "open":
		flags = args[1]
	case "openat":
		flags = args[2]
	case "openat2":
		if len(how) < 8 {
			return false
		}
		flags = word(how)
	}
	return flags&(unix.O_CREAT|tmpfile) != 0
}

// performer is one call.
type performer struct {
	c     Caller
	a     [6]uint64
	st    unix.Stat_t // of what was opened in one step
	known bool        // st is set
}

func table(name string) func(p *performer) Answer {
	switch name {
	case "open":
		return func(p *performer) Answer { return p.open(p.a[1], p.a[2]) }
	case "openat":
		return func(p *performer) Answer { return p.open(p.a[2], p.a[3]) }
	case "openat2":
		return (*performer).openat2
	case "creat":
		return func(p *performer) Answer { return p.open(unix.O_CREAT|unix.O_WRONLY|unix.O_TRUNC, p.a[1]) }
	case "stat":
		return func(p *performer) Answer { return p.stat(p.a[1], 0) }
	case "lstat":
		return func(p *performer) Answer { return p.stat(p.a[1], unix.AT_SYMLINK_NOFOLLOW) }
	case "newfstatat":
		return (*performer).fstatat
	case "fstat":
		return (*performer).fstat
	case "statx":
		return (*performer).statx
	case "access":
		return func(p *performer) Answer { return p.access(p.a[1], 0) }
	case "faccessat":
		return func(p *performer) Answer { return p.access(p.a[2], 0) }
	case "faccessat2":
		return func(p *performer) Answer { return p.access(p.a[2], int(int32(p.a[3]))) }
	case "readlink":
		return func(p *performer) Answer { return p.readlink(p.a[1], p.a[2]) }
	case "readlinkat":
		return func(p *performer) Answer { return p.readlink(p.a[2], p.a[3]) }
	}
	if f := changes(name); f != nil {
		return f
	}
	return names(name)
}

// procFD is a path by which a descriptor can be opened again.
func procFD(fd int) string { return "/proc/self/fd/" + strconv.Itoa(fd) }

// patience is how often a path is resolved again when its last name became a
// link meanwhile.
const patience = 16

// at does something with a path's last name, which is no link if follow is set.
// It is tried again when the name changes meanwhile.
func (p *performer) at(i int, follow bool, f func(at *resolve.Place) error) error {
	for range patience {
		at, err := p.c.Place(i, follow)
		if err != nil {
			return err
		}
		err = f(at)
		at.Close()
		if err != changed {
			return err
		}
	}
	return unix.ELOOP
}

// changed says that a name became a link.
const changed = unix.Errno(0x7ffe)

// object does something with what a path leads to.
func (p *performer) object(i int, follow bool, f func(fd int) error) error {
	if p.c.Empty(i) {
		fd, err := p.c.Descriptor(p.a[0])
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		return f(fd)
	}
	fd, err, ok := p.c.Open(i, &unix.OpenHow{Flags: unix.O_PATH}, &p.st)
	if ok {
		if err != nil {
			return err
		}
		p.known = true
		err = f(fd)
		unix.Close(fd)
		return err
	}
	return p.at(i, follow, func(at *resolve.Place) error {
		fd, err := at.Object()
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		if follow {
			var st unix.Stat_t
			if err := unix.Fstat(fd, &st); err == nil && st.Mode&unix.S_IFMT == unix.S_IFLNK && at.FD < 0 {
				return changed
			}
		}
		return f(fd)
	})
}
