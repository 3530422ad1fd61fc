package enforce

import (
	"path"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/calls"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
)

// object is what the i-th path of the call leads to, links followed.
func (c *call) object(i int) (int, unix.Errno) {
	if i >= len(c.places) {
		return -1, unix.ENOENT // an empty path
	}
	p := c.places[i]
	if p.fd < 0 && calls.IsLinux(c.emulation) && p.err == 0 {
		fd, err := c.resolve(unix.AT_FDCWD, p.text, false)
		if err != nil {
			p.err = errno(err)
			return -1, p.err
		}
		p.fd = fd
	}
	if p.fd < 0 {
		return -1, p.err
	}
	if c.planted(p) {
		return -1, unix.EPERM
	}
	return p.fd, 0
}

// entry is the directory and the name of the i-th path.
func (c *call) entry(i int) (dir int, base string, e unix.Errno) {
	if i >= len(c.places) {
		return -1, "", unix.ENOENT
	}
	p := c.places[i]
	if p.dir >= 0 {
		return p.dir, p.base, 0
	}
	if strings.HasPrefix(p.text, translate.NonExistentPrefix) {
		return -1, "", p.err
	}
	parent, base := path.Split(p.text)
	if base == "" {
		return -1, "", unix.EEXIST // the root
	}
	fd, err := c.resolve(unix.AT_FDCWD, parent, false)
	if err != nil {
		return -1, "", errno(err)
	}
	p.dir, p.base = fd, base
	if !calls.IsLinux(c.emulation) {
		// What was judged is the real path: no link may have come since.
		if text, err := c.textOf(fd); err != nil || path.Join(text, base) != p.text {
			return -1, "", unix.ELOOP
		}
	}
	return fd, base, 0
}

// self is the i-th path's own object: a link is not followed.
func (c *call) self(i int) (int, unix.Errno) {
	dir, base, e := c.entry(i)
	if e == unix.EEXIST { // the root, which is no link
		return c.object(i)
	}
	if e != 0 {
		if i < len(c.places) && c.places[i].fd >= 0 {
			return c.places[i].fd, 0
		}
		return -1, e
	}
	fd, err := unix.Openat(dir, base, openPath|unix.O_NOFOLLOW, 0)
	if err != nil {
		return -1, errno(err)
	}
	p := c.places[i]
	if p.fd >= 0 {
		unix.Close(p.fd)
	}
	if fd, err = c.notOurs(fd, p.text); err != nil {
		p.fd = -1
		return -1, errno(err)
	}
	p.fd = fd
	if c.planted(p) {
		return -1, unix.EPERM
	}
	return fd, 0
}
