package perform

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/resolve"
)

const (
	tmpfile = unix.O_TMPFILE &^ unix.O_DIRECTORY
	// valid are the flags that open(2) looks at; it ignores others, which
	// openat2(2) refuses.
	valid = unix.O_ACCMODE | unix.O_CREAT | unix.O_EXCL | unix.O_NOCTTY | unix.O_TRUNC | unix.O_APPEND | unix.O_NONBLOCK | unix.O_SYNC |
		unix.O_DSYNC | unix.O_ASYNC | unix.O_DIRECT | unix.O_LARGEFILE | largefile | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_NOATIME | unix.O_CLOEXEC | unix.O_PATH | tmpfile
	largefile = 0o100000
	withPath  = unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_PATH | unix.O_CLOEXEC
)

func word(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

// open makes what open(2) does of its arguments.
func (p *performer) open(flags, mode uint64) Answer {
	return p.opened(howOf(flags, mode))
}

func howOf(flags, mode uint64) unix.OpenHow {
	how := unix.OpenHow{Flags: flags & valid}
	if how.Flags&unix.O_PATH != 0 {
		how.Flags &= withPath
	}
	if how.Flags&(unix.O_CREAT|tmpfile) != 0 {
		how.Mode = mode & 0o7777
	}
	return how
}

// openat2 takes its flags from what was judged.
func (p *performer) openat2() Answer {
	const size = 24 // of struct open_how
	b := p.c.Judged(p.a[2])
	if uint64(len(b)) < p.a[3] {
		return failed(unix.EFAULT)
	}
	for _, c := range b[size:p.a[3]] {
		if c != 0 {
			return failed(unix.E2BIG)
		}
	}
	how := unix.OpenHow{Flags: word(b), Mode: word(b[8:]), Resolve: word(b[16:])}
	if how.Resolve != 0 {
		return failed(unix.ENOSYS) // callers fall back to openat
	}
	return p.opened(how)
}

func (p *performer) opened(how unix.OpenHow) Answer {
	if e := howInvalid(&how); e != 0 {
		return failed(e)
	}
	flags := int(how.Flags)
	if flags&unix.O_PATH != 0 {
		return p.openPath(flags)
	}
	// Whoever leads a session must not get a terminal that this process opens.
	how.Flags |= unix.O_CLOEXEC | unix.O_NOCTTY
	fd, err, ok := p.c.Open(0, &how, &p.st)
	if !ok || err == unix.ENXIO {
		if fd, err = p.openSlowly(how); err == nil {
			err = unix.Fstat(fd, &p.st)
		}
	}
	if err == nil {
		err = p.fit(fd)
	}
	switch {
	case err == terminal:
		return Answer{FD: -1, Flags: flags, Terminal: true}
	case err != nil:
		return failed(err)
	}
	return Answer{FD: fd, Flags: flags}
}

// terminal says that /dev/tty was asked for, which is another one for this
// process.
const terminal = unix.Errno(0x7ffd)

// fit looks at what was opened, and closes what must not be given away.
func (p *performer) fit(fd int) error {
	var err error
	if isTTY(&p.st) {
		err = terminal
	}
	if err == nil && unix.Major(uint64(p.st.Dev)) == 0 {
		err = p.c.Checked(fd)
	}
	if err != nil {
		unix.Close(fd)
	}
	return err
}

func isTTY(st *unix.Stat_t) bool {
	return st.Mode&unix.S_IFMT == unix.S_IFCHR && uint64(st.Rdev) == unix.Mkdev(5, 0)
}

// openSlowly resolves the path and opens its last name.
func (p *performer) openSlowly(how unix.OpenHow) (fd int, err error) {
	exclusive := how.Flags&(unix.O_CREAT|unix.O_EXCL) == unix.O_CREAT|unix.O_EXCL
	follow := how.Flags&unix.O_NOFOLLOW == 0 && !exclusive
	if how.Flags&unix.O_CREAT != 0 && p.c.Slash(0) {
		if err := p.at(0, false, noDirectory); err != nil {
			return -1, err
		}
	}
	err = p.at(0, follow, func(at *resolve.Place) error {
		var e error
		fd, e = p.openName(at, how, follow, exclusive)
		return e
	})
	return fd, err
}

// noDirectory refuses to make what a slash says to be a directory.
func noDirectory(at *resolve.Place) error {
	if !at.Slash || at.Whole() {
		return nil
	}
	if at.FD < 0 {
		if err := Searchable(at.Dir); err != nil {
			return err
		}
	}
	return unix.EISDIR
}

func (p *performer) openName(at *resolve.Place, how unix.OpenHow, follow, exclusive bool) (int, error) {
	dir, name := at.Dir, at.Name()
	switch {
	case at.FD >= 0 && at.Slash && !exclusive && how.Flags&unix.O_NOFOLLOW != 0:
		dir, name = at.FD, "." // so that the flag stays
	case at.FD >= 0:
		return reopen(at.FD, how, exclusive)
	case at.Base == "/":
		name = "."
	}
	if !exclusive {
		how.Resolve = unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS
	}
	var fd int
	var err error
	for range 64 {
		if fd, err = unix.Openat2(dir, name, &how); err != unix.EAGAIN || how.Flags&unix.O_NONBLOCK != 0 {
			break
		}
	}
	if err == unix.ELOOP && follow {
		return -1, changed
	}
	if err == unix.ENXIO {
		var st unix.Stat_t
		if unix.Fstatat(dir, name, &st, unix.AT_SYMLINK_NOFOLLOW) == nil && isTTY(&st) {
			return -1, terminal
		}
	}
	return fd, err
}

// reopen opens an object that has no name.
func reopen(object int, how unix.OpenHow, exclusive bool) (int, error) {
	if exclusive {
		return -1, unix.EEXIST
	}
	var st unix.Stat_t
	if how.Flags&unix.O_CREAT != 0 && unix.Fstat(object, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFDIR {
		return -1, unix.EISDIR
	}
	how.Flags &^= unix.O_CREAT | unix.O_NOFOLLOW
	if how.Flags&tmpfile == 0 {
		how.Mode = 0
	}
	return unix.Openat2(unix.AT_FDCWD, procFD(object), &how)
}

// openPath opens a path without opening what it leads to.
func (p *performer) openPath(flags int) Answer {
	a := Answer{FD: -1, Flags: flags, Path: true}
	follow := flags&unix.O_NOFOLLOW == 0
	err := p.at(0, follow, func(at *resolve.Place) error {
		how := unix.OpenHow{Flags: uint64(flags&withPath) | unix.O_CLOEXEC}
		dir, name := at.Dir, at.Name()
		switch {
		case at.FD >= 0 && at.Slash:
			dir, name = at.FD, "."
		case at.FD >= 0:
			dir, name = unix.AT_FDCWD, procFD(at.FD)
			how.Flags &^= unix.O_NOFOLLOW
		case at.Base == "/":
			name = "."
		}
		if follow && at.FD < 0 {
			how.Resolve = unix.RESOLVE_NO_SYMLINKS
		}
		fd, err := unix.Openat2(dir, name, &how)
		if err == unix.ELOOP && follow {
			return changed
		}
		a.FD = fd
		return err
	})
	if err == nil {
		if err = p.c.Checked(a.FD); err != nil {
			unix.Close(a.FD)
		}
	}
	if err != nil {
		return failed(err)
	}
	return a
}
