package perform

import (
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/resolve"
	"github.com/pledge-linux/pledge/internal/sys"
)

// looked does something with the object or the name that a path leads to.
func (p *performer) looked(nofollow bool, object func(fd int) error, name func(dir int, name string) error) error {
	if !nofollow {
		return p.object(0, true, object)
	}
	if p.c.Empty(0) {
		return p.object(0, false, object)
	}
	return p.at(0, false, func(at *resolve.Place) error {
		switch {
		case at.FD >= 0:
			return object(at.FD)
		case at.Base == "/":
			return object(at.Dir)
		case at.Slash:
			fd, err := at.Object()
			if err != nil {
				return err
			}
			defer unix.Close(fd)
			return object(fd)
		}
		return name(at.Dir, at.Base)
	})
}

func (p *performer) stat(addr uint64, flags int) Answer {
	err := p.looked(flags&unix.AT_SYMLINK_NOFOLLOW != 0,
		func(fd int) error {
			if p.known {
				return nil
			}
			return unix.Fstat(fd, &p.st)
		},
		func(dir int, name string) error { return unix.Fstatat(dir, name, &p.st, unix.AT_SYMLINK_NOFOLLOW) })
	if err != nil {
		return failed(err)
	}
	return Answer{FD: -1, Addr: addr, Data: sys.Bytes(&p.st)}
}

func (p *performer) fstatat() Answer {
	return p.stat(p.a[2], int(int32(p.a[3])))
}

// fstat is of a descriptor: it reaches the supervisor as newfstatat's form.
func (p *performer) fstat() Answer {
	fd, err := p.c.Descriptor(p.a[0])
	if err != nil {
		return failed(err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return failed(err)
	}
	return Answer{FD: -1, Addr: p.a[1], Data: sys.Bytes(&st)}
}

func (p *performer) statx() Answer {
	flags, mask := int(int32(p.a[2])), int(uint32(p.a[3]))
	var st unix.Statx_t
	sync := flags & syncType
	err := p.looked(flags&unix.AT_SYMLINK_NOFOLLOW != 0,
		func(fd int) error { return unix.Statx(fd, "", sync|unix.AT_EMPTY_PATH, mask, &st) },
		func(dir int, name string) error {
			return unix.Statx(dir, name, sync|unix.AT_SYMLINK_NOFOLLOW, mask, &st)
		})
	if err != nil {
		return failed(err)
	}
	return Answer{FD: -1, Addr: p.a[4], Data: sys.Bytes(&st)}
}

// access judges by the ids in force: those that the thread has for this call.
func (p *performer) access(mode uint64, flags int) Answer {
	m := uint32(mode)
	return failed(p.looked(flags&unix.AT_SYMLINK_NOFOLLOW != 0,
		func(fd int) error { return unix.Faccessat2(fd, "", m, unix.AT_EMPTY_PATH|unix.AT_EACCESS) },
		func(dir int, name string) error {
			return unix.Faccessat2(dir, name, m, unix.AT_SYMLINK_NOFOLLOW|unix.AT_EACCESS)
		}))
}

func (p *performer) readlink(addr, size uint64) Answer {
	room := int(int32(size))
	buf := make([]byte, max(0, min(room, unix.PathMax)))
	n := 0
	var err error
	if p.c.Empty(0) {
		err = p.object(0, false, func(fd int) (e error) { n, e = unix.Readlinkat(fd, "", buf); return e })
	} else {
		err = p.at(0, false, func(at *resolve.Place) (e error) {
			switch {
			case at.Link != "":
				n = copy(buf, at.Link)
			case at.FD >= 0 || at.Base == "/":
				e = unix.EINVAL
			case at.Slash:
				fd, err := at.Object()
				if err != nil {
					return err
				}
				unix.Close(fd)
				e = unix.EINVAL
			default:
				n, e = unix.Readlinkat(at.Dir, at.Name(), buf)
			}
			return e
		})
	}
	if err != nil {
		return failed(err)
	}
	return Answer{FD: -1, Value: int64(n), Addr: addr, Data: buf[:n]}
}
