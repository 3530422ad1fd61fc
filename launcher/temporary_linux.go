//go:build amd64 || arm64

package launcher

import (
	"path"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
)

// temporary is the name of a file directly in /tmp, what tmppath meant up to
// OpenBSD 7.8, "" for all else.
func temporary(p string) string {
	name, ok := strings.CutPrefix(path.Clean(p), "/tmp/")
	if !ok || strings.Contains(name, "/") {
		return ""
	}
	return name
}

// openTemporary creates a file in /tmp, past unveil. It reports whether the call
// is one that does.
func (s *supervisor) openTemporary(c *notify.Call, o *pathCall) (bool, error) {
	name := temporary(o.path)
	if name == "" || o.flags&unix.O_CREAT == 0 {
		return false, nil
	}
	if s.nested.Load() {
		c.Fail(unix.EACCES) // see restrictSelf
		return true, nil
	}
	if err := c.MayWait(); err != nil {
		return false, err
	}
	st, err := c.Status()
	if err != nil {
		return false, err
	}
	var fd int
	if e := s.perform.inOwnPlace(c, func() { fd, err = createTemporary(name, o, st.Umask()) }); e != nil {
		return failed(c, e)
	}
	if err != nil {
		c.Fail(errno(err))
		return true, nil
	}
	c.Give(fd, o.flags)
	return true, nil
}

// createTemporary creates or opens a file in /tmp on this thread, whose creation
// mask is its own. What is there already may be anybody's: a FIFO is not waited
// for, and nothing but a regular file is given out.
func createTemporary(name string, o *pathCall, umask uint32) (int, error) {
	dir, err := unix.Open("/tmp", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	defer unix.Close(dir)
	how := unix.OpenHow{
		Flags: o.flags&(openFlags|unix.O_CREAT|unix.O_EXCL|unix.O_TRUNC) | unix.O_CLOEXEC | unix.O_NOFOLLOW | unix.O_NONBLOCK | unix.O_NOCTTY,
		Mode:  o.mode & 0o777, Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_XDEV,
	}
	unix.Umask(int(umask))
	fd, err := unix.Openat2(dir, name, &how)
	if err != nil {
		return -1, err
	}
	var st unix.Stat_t
	if err = unix.Fstat(fd, &st); err == nil && st.Mode&unix.S_IFMT != unix.S_IFREG {
		err = unix.EACCES
	}
	if err == nil && o.flags&unix.O_NONBLOCK == 0 {
		var fl int
		if fl, err = unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0); err == nil {
			_, err = unix.FcntlInt(uintptr(fd), unix.F_SETFL, fl&^unix.O_NONBLOCK)
		}
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// unlink removes a file of tmppath.
func (s *supervisor) unlink(c *notify.Call) (bool, error) {
	if s.set&rules.StrictUnveil != 0 && s.set.Has(promises.Cpath) {
		return s.strictNames(c)
	}
	o, err := pathCallOf(c)
	if err != nil {
		return false, err
	}
	name := temporary(o.path)
	if name == "" || !strings.HasPrefix(o.path, "/") || o.flags != 0 || !s.set.Has(promises.Tmppath) {
		return false, nil
	}
	if s.nested.Load() {
		c.Fail(unix.EACCES) // see restrictSelf
		return true, nil
	}
	if err := c.MayWait(); err != nil {
		return false, err
	}
	if e := s.perform.as(c, func() { err = unix.Unlink("/tmp/" + name) }); e != nil {
		return failed(c, e)
	}
	c.Fail(errno(err))
	return true, nil
}
