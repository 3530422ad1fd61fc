package enforce

import (
	"golang.org/x/sys/unix"
)

// inDirectory does something with the name that the call's first path ends in.
func (w *worker) inDirectory(c *call, f func(dir int, base string) error) {
	var e unix.Errno
	err := w.as(c.identity(), func() {
		dir, base, failed := c.entry(0)
		if e = failed; e == 0 {
			e = errno(f(dir, base))
		}
	})
	if err != nil {
		e = errno(err)
	}
	c.fail(e)
}

func (w *worker) mkdir(c *call, mode uint64) {
	w.inDirectory(c, func(dir int, base string) error { return unix.Mkdirat(dir, base, uint32(mode)) })
}

func (w *worker) unlink(c *call, flags int) {
	w.inDirectory(c, func(dir int, base string) error { return unix.Unlinkat(dir, base, flags) })
}

func (w *worker) mknod(c *call, mode, device uint64) {
	w.inDirectory(c, func(dir int, base string) error { return unix.Mknodat(dir, base, uint32(mode), int(device)) })
}

func (w *worker) symlink(c *call, addr uint64) {
	target, ok := c.strings[addr]
	if !ok {
		c.fail(unix.EFAULT)
		return
	}
	w.inDirectory(c, func(dir int, base string) error { return unix.Symlinkat(target, dir, base) })
}

// both does something with the names that the call's two paths end in.
func (w *worker) both(c *call, f func(dir int, base string, dir2 int, base2 string) error) {
	var e unix.Errno
	err := w.as(c.identity(), func() {
		dir, base, failed := c.entry(0)
		if e = failed; e != 0 {
			return
		}
		dir2, base2, failed := c.entry(1)
		if e = failed; e == 0 {
			e = errno(f(dir, base, dir2, base2))
		}
	})
	if err != nil {
		e = errno(err)
	}
	c.fail(e)
}

func (w *worker) rename(c *call, flags uint64) {
	w.both(c, func(dir int, base string, dir2 int, base2 string) error {
		return unix.Renameat2(dir, base, dir2, base2, uint(flags))
	})
}

// link makes a name for what was judged: the link itself, or what it leads to.
func (w *worker) link(c *call, flags int) {
	if len(c.places) == 0 || flags&unix.AT_EMPTY_PATH != 0 {
		c.fail(unix.ENOENT)
		return
	}
	if flags&unix.AT_SYMLINK_FOLLOW != 0 {
		var e unix.Errno
		err := w.as(c.identity(), func() {
			fd, failed := c.object(0)
			if e = failed; e != 0 {
				return
			}
			dir, base, failed := c.entry(1)
			if e = failed; e == 0 {
				e = errno(unix.Linkat(unix.AT_FDCWD, procFD(fd), dir, base, unix.AT_SYMLINK_FOLLOW))
			}
		})
		if err != nil {
			e = errno(err)
		}
		c.fail(e)
		return
	}
	w.both(c, func(dir int, base string, dir2 int, base2 string) error {
		return unix.Linkat(dir, base, dir2, base2, 0)
	})
}
