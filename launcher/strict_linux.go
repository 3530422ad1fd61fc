//go:build amd64 || arm64

package launcher

import (
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/unveil"
)

// With --strict-unveil a hidden path does not exist for the calls, either, that
// Landlock does not look at.

// A shown path is one that unveil shows, opened as O_PATH.
type shown struct {
	fd   int
	name string // in /proc, which leads there
}

// strict looks where a call's path leads. It returns nil if the call was
// answered: because the path is hidden, or cannot be followed.
func (s *supervisor) strict(c *notify.Call, o *pathCall, need unveil.Perms, nofollow bool) (*shown, error) {
	if err := c.MayWait(); err != nil {
		return nil, err
	}
	from, err := placeOf(c, o.dir, o.path)
	if err != nil {
		_, err = failed(c, err)
		return nil, err
	}
	defer from.close()
	flags := 0
	if nofollow {
		flags = unix.O_NOFOLLOW
	}
	var fd int
	if e := s.perform.as(c, func() { fd, err = from.lookUp(flags) }); e != nil {
		_, err = failed(c, e)
		return nil, err
	}
	if err != nil {
		c.Fail(errno(err))
		return nil, nil
	}
	real, err := realPath(fd)
	e := errno(err)
	if err == nil {
		var missing string
		if missing, e = s.veil.lacking(real, need); missing != "" && strings.HasPrefix(c.Name, "readlink") && s.veil.leadsToUnveiled(real) {
			e = 0
		}
	}
	if e != 0 {
		unix.Close(fd)
		if s.set&rules.StrictUnveil == 0 && err == nil {
			e = unix.EACCES // as Landlock answers
		}
		c.Fail(e)
		return nil, nil
	}
	return &shown{fd, "/proc/self/fd/" + itoa(int32(fd))}, nil
}

// strictStat answers stat, access and readlink.
func (s *supervisor) strictStat(c *notify.Call, o *pathCall) (bool, error) {
	need := unveil.Read
	if rowOf(c.Name).index('M') >= 0 && o.mode&unix.W_OK != 0 {
		need |= unveil.Write
	}
	nofollow := o.flags&unix.AT_SYMLINK_NOFOLLOW != 0 || c.Name[0] == 'l' || strings.HasPrefix(c.Name, "readlink")
	p, err := s.strict(c, o, need, nofollow)
	if p == nil {
		return err == nil, err
	}
	defer unix.Close(p.fd)
	return s.statHere(c, o, p.fd)
}

// strictAnyway answers calls on hidden paths; others are made by the kernel,
// which asks Landlock where it is about contents. Where a thread exchanges the
// path meanwhile, chdir tells whether a hidden directory exists, and nothing
// more: what is relative to it is judged by where it is.
func (s *supervisor) strictAnyway(c *notify.Call) (bool, error) {
	o, err := pathCallOf(c)
	if err != nil {
		return false, err
	}
	need := unveil.Read
	switch c.Name {
	case "truncate", "truncate64":
		need = unveil.Write
	case "execve":
		need = unveil.Exec
	}
	p, err := s.strict(c, o, need, false)
	if p == nil {
		return err == nil, err
	}
	unix.Close(p.fd)
	c.Continue(byLandlock)
	return true, nil
}

// strictNames answers calls that make, move or remove a hidden name; others are made
// by the kernel, by what the rules and Landlock say. A name on the way to
// something that is unveiled is known to be there.
func (s *supervisor) strictNames(c *notify.Call) (bool, error) {
	if rules.Judge(rules.Of(c.Name), s.set&^rules.StrictUnveil, c.Args, s.program) != rules.Allow {
		return false, nil
	}
	if err := c.MayWait(); err != nil {
		return false, err
	}
	for _, a := range rowOf(c.Name).paths() {
		if a.use != 'c' {
			continue
		}
		dir := int32(unix.AT_FDCWD)
		if a.dir >= 0 {
			dir = int32(c.Args[a.dir])
		}
		path, err := c.String(c.Args[a.path])
		if err != nil {
			return failed(c, err)
		}
		e, err := s.hiddenName(c, dir, path)
		if err != nil {
			return failed(c, err)
		}
		if e != 0 {
			c.Fail(e)
			return true, nil
		}
	}
	c.Continue(byLandlock)
	return true, nil
}

// hiddenName is ENOENT if a path names what unveil hides, another error if nothing can
// be there.
func (s *supervisor) hiddenName(c *notify.Call, dir int32, path string) (e unix.Errno, err error) {
	if short := strings.TrimRight(path, "/"); short != "" {
		path = short
	}
	from, err := placeOf(c, dir, path)
	if err != nil {
		return 0, err
	}
	defer from.close()
	var real string
	var missing error
	if err := s.perform.as(c, func() { real, missing = from.parent().real(0) }); err != nil {
		return 0, err
	}
	if missing != nil {
		return errno(missing), nil
	}
	real = filepath.Join(real, filepath.Base(path))
	if _, e := s.veil.lacking(real, unveil.Create); e == unix.ENOENT && !s.veil.leadsToUnveiled(real) {
		return e, nil
	}
	return 0, nil
}

// strictStatfs answers statfs.
func (s *supervisor) strictStatfs(c *notify.Call) (bool, error) {
	o, err := pathCallOf(c)
	if err != nil {
		return false, err
	}
	p, err := s.strict(c, o, unveil.Read, false)
	if p == nil {
		return err == nil, err
	}
	defer unix.Close(p.fd)
	if c.Arch == abi.I386 {
		c.Fail(unix.ENOSYS)
		return true, nil
	}
	var st unix.Statfs_t
	if err := unix.Fstatfs(p.fd, &st); err != nil {
		return failed(c, err)
	}
	return deliverResult(c, result{addr: c.Args[1], b: sys.Bytes(&st)})
}

// strictXattr answers getxattr and listxattr, and their forms for links.
func (s *supervisor) strictXattr(c *notify.Call) (bool, error) {
	o, err := pathCallOf(c)
	if err != nil {
		return false, err
	}
	lists := strings.HasSuffix(c.Name, "listxattr")
	name, buffer := "", 1
	if !lists {
		if name, err = c.String(c.Args[1]); err != nil {
			return false, err
		}
		buffer = 2
	}
	p, err := s.strict(c, o, unveil.Read, c.Name[0] == 'l' && c.Name != "listxattr")
	if p == nil {
		return err == nil, err
	}
	defer unix.Close(p.fd)
	const most = 65536 // XATTR_SIZE_MAX, XATTR_LIST_MAX
	b := make([]byte, min(c.Args[buffer+1], most))
	var n int
	if e := s.perform.as(c, func() {
		if lists {
			n, err = unix.Listxattr(p.name, b)
		} else {
			n, err = unix.Getxattr(p.name, name, b)
		}
	}); e != nil {
		return failed(c, e)
	}
	if err != nil {
		c.Fail(errno(err))
		return true, nil
	}
	return deliverResult(c, result{addr: c.Args[buffer], b: b[:min(n, len(b))], v: int64(n)})
}

// strictWatch adds a watch to the caller's inotify descriptor, in its place.
func (s *supervisor) strictWatch(c *notify.Call) (bool, error) {
	o, err := pathCallOf(c)
	if err != nil {
		return false, err
	}
	mask := uint32(c.Args[2])
	p, err := s.strict(c, o, unveil.Read, mask&unix.IN_DONT_FOLLOW != 0)
	if p == nil {
		return err == nil, err
	}
	defer unix.Close(p.fd)
	fd, err := c.Dup(c.Args[0])
	if err != nil {
		return failed(c, err)
	}
	defer unix.Close(fd)
	var watch int
	if e := s.perform.as(c, func() { watch, err = unix.InotifyAddWatch(fd, p.name, mask&^unix.IN_DONT_FOLLOW) }); e != nil {
		return failed(c, e)
	}
	if err != nil {
		c.Fail(errno(err))
		return true, nil
	}
	c.Return(int64(watch))
	return true, nil
}

// deliver writes a call's result into the caller and answers.
func deliverResult(c *notify.Call, r result) (bool, error) {
	if r.e != 0 {
		c.Fail(r.e)
		return true, nil
	}
	if err := c.Write(r.addr, r.b); err != nil {
		return false, err
	}
	c.Return(r.v)
	return true, nil
}
