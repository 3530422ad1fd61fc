package perform

import (
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/resolve"
)

// names are the calls that make and remove names.
func names(name string) func(p *performer) Answer {
	switch name {
	case "mkdir":
		return func(p *performer) Answer { return p.mkdir(p.a[1]) }
	case "mkdirat":
		return func(p *performer) Answer { return p.mkdir(p.a[2]) }
	case "rmdir":
		return func(p *performer) Answer { return p.unlink(unix.AT_REMOVEDIR) }
	case "unlink":
		return func(p *performer) Answer { return p.unlink(0) }
	case "unlinkat":
		return func(p *performer) Answer { return p.unlink(int(int32(p.a[2]))) }
	case "mknod":
		return func(p *performer) Answer { return p.mknod(p.a[1], p.a[2]) }
	case "mknodat":
		return func(p *performer) Answer { return p.mknod(p.a[2], p.a[3]) }
	case "rename", "renameat":
		return func(p *performer) Answer { return p.rename(0) }
	case "renameat2":
		return func(p *performer) Answer { return p.rename(uint(uint32(p.a[4]))) }
	case "link":
		return func(p *performer) Answer { return p.link(0) }
	case "linkat":
		return func(p *performer) Answer { return p.link(int(int32(p.a[4]))) }
	case "symlink", "symlinkat":
		return (*performer).symlink
	}
	return nil
}

// inDirectory does something with the name that a path ends in, as it was given.
func (p *performer) inDirectory(i int, f func(dir int, name string) error) error {
	return p.at(i, false, func(at *resolve.Place) error {
		if at.FD >= 0 {
			return unix.EEXIST
		}
		return f(at.Dir, at.Name())
	})
}

// Searchable is an error if names in a directory cannot be looked up.
func Searchable(dir int) error {
	var st unix.Stat_t
	if err := unix.Fstat(dir, &st); err != nil {
		return err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		return unix.ENOTDIR
	}
	return unix.Faccessat2(dir, "", unix.X_OK, unix.AT_EMPTY_PATH|unix.AT_EACCESS)
}

func (p *performer) mkdir(mode uint64) Answer {
	return failed(p.inDirectory(0, func(dir int, name string) error { return unix.Mkdirat(dir, name, uint32(mode)) }))
}

func (p *performer) unlink(flags int) Answer {
	return failed(p.inDirectory(0, func(dir int, name string) error { return unix.Unlinkat(dir, name, flags) }))
}

func (p *performer) mknod(mode, device uint64) Answer {
	return failed(p.inDirectory(0, func(dir int, name string) error {
		return unix.Mknodat(dir, name, uint32(uint16(mode)), int(uint32(device)))
	}))
}

func (p *performer) symlink() Answer {
	target, ok := p.c.Text(p.a[0])
	switch {
	case !ok:
		return failed(unix.EFAULT)
	case target == "":
		return failed(unix.ENOENT)
	}
	return failed(p.inDirectory(0, func(dir int, name string) error { return unix.Symlinkat(target, dir, name) }))
}

func (p *performer) rename(flags uint) Answer {
	return failed(p.inDirectory(0, func(dir int, name string) error {
		if err := Searchable(dir); err != nil { // before the other is looked for
			return err
		}
		return p.inDirectory(1, func(dir2 int, name2 string) error {
			return unix.Renameat2(dir, name, dir2, name2, flags)
		})
	}))
}

// link makes a name for what was judged: the link itself, or what it leads to.
func (p *performer) link(flags int) Answer {
	byObject := func(fd int) error {
		return p.inDirectory(1, func(dir int, name string) error {
			return unix.Linkat(unix.AT_FDCWD, procFD(fd), dir, name, unix.AT_SYMLINK_FOLLOW)
		})
	}
	if p.c.Empty(0) {
		return failed(p.object(0, false, byObject))
	}
	follow := flags&unix.AT_SYMLINK_FOLLOW != 0
	return failed(p.at(0, follow, func(at *resolve.Place) error {
		if at.FD >= 0 || at.Whole() || at.Slash {
			fd, err := at.Object()
			if err != nil {
				return err
			}
			defer unix.Close(fd)
			return byObject(fd)
		}
		var st unix.Stat_t // it is looked for before the new name's directory
		if err := unix.Fstatat(at.Dir, at.Base, &st, unix.AT_SYMLINK_NOFOLLOW); err != nil {
			return err
		}
		return p.inDirectory(1, func(dir int, name string) error {
			return unix.Linkat(at.Dir, at.Base, dir, name, 0)
		})
	}))
}
