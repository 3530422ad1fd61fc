package perform

import (
	"golang.org/x/sys/unix"
)

// changes are the calls that change what a path leads to.
func changes(name string) func(p *performer) Answer {
	switch name {
	case "truncate":
		return (*performer).truncate
	case "chmod":
		return func(p *performer) Answer { return p.chmod(p.a[1], 0) }
	case "fchmodat":
		return func(p *performer) Answer { return p.chmod(p.a[2], 0) }
	case "fchmodat2":
		return func(p *performer) Answer { return p.chmod(p.a[2], int(int32(p.a[3]))) }
	case "chown":
		return func(p *performer) Answer { return p.chown(p.a[1], p.a[2], 0) }
	case "lchown":
		return func(p *performer) Answer { return p.chown(p.a[1], p.a[2], unix.AT_SYMLINK_NOFOLLOW) }
	case "fchownat":
		return func(p *performer) Answer { return p.chown(p.a[2], p.a[3], int(int32(p.a[4]))) }
	}
	return nil
}

func (p *performer) truncate() Answer {
	length := int64(p.a[1])
	a := failed(p.object(0, true, func(fd int) error {
		var st unix.Stat_t
		if err := unix.Fstat(fd, &st); err == nil && st.Mode&unix.S_IFMT == unix.S_IFREG && length > st.Size && uint64(length) > p.c.FileSize() {
			return unix.EFBIG
		}
		return unix.Truncate(procFD(fd), length)
	}))
	if a.Err == unix.EFBIG {
		a.Signal = unix.SIGXFSZ
	}
	return a
}

func (p *performer) chmod(mode uint64, flags int) Answer {
	return failed(p.object(0, flags&unix.AT_SYMLINK_NOFOLLOW == 0, func(fd int) error {
		return unix.Chmod(procFD(fd), uint32(mode)&0o7777)
	}))
}

func (p *performer) chown(uid, gid uint64, flags int) Answer {
	return failed(p.object(0, flags&unix.AT_SYMLINK_NOFOLLOW == 0, func(fd int) error {
		return unix.Fchownat(fd, "", int(int32(uid)), int(int32(gid)), unix.AT_EMPTY_PATH)
	}))
}
