package launcher

import (
	"path"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// stat answers stat, access and readlink for the whitelist and the dynamic
// loader, by performing them here and writing the result into the caller.
func (s *supervisor) stat(c *notify.Call) (bool, error) {
	o, err := pathCallOf(c)
	if err != nil {
		return false, err
	}
	if o.path == "" && o.flags&unix.AT_EMPTY_PATH != 0 {
		return false, nil
	}
	if s.set&promises.StrictUnveil != 0 && s.set.Has(promises.Rpath) {
		return s.strictStat(c, o)
	}
	if s.set.Has(promises.Tmppath) && c.Name[0] == 'l' && temporary(o.path) != "" {
		return s.statAt(c, o, o.path, unix.O_NOFOLLOW, nil)
	}
	if f := s.files.listed(o.path); f != nil && f.Stat {
		return s.statAt(c, o, ofCaller(c, o.path), 0, nil)
	}
	if s.loads() {
		if answered, err := s.statForLoader(c, o); answered || err != nil {
			return answered, err
		}
	}
	return s.politely(c, o.path), nil
}

// statForLoader answers what dynamic loaders look for.
func (s *supervisor) statForLoader(c *notify.Call, o *pathCall) (bool, error) {
	abs, err := absolutePath(c, o)
	if err != nil {
		return false, err
	}
	if isLoaderFile(abs) {
		return s.statAt(c, o, abs, 0, nil)
	}
	if s.loaderDir(abs) && abs == path.Clean(abs) {
		// Links may lead out of the loader's directories: then nobody looks.
		return s.statAt(c, o, abs, 0, s.loaderDir)
	}
	if strings.HasPrefix(c.Name, "readlink") && o.path == "/proc/self/exe" {
		c.Fail(unix.ENOENT) // libc goes on with argv[0]
		return true, nil
	}
	return false, nil
}

// isLoaderFile reports whether a path is one of the loader's own, as it stands:
// without dots and links in it.
func isLoaderFile(p string) bool {
	name, ok := strings.CutPrefix(p, "/etc/ld.so.")
	return ok && !strings.Contains(name, "/")
}

// statAt answers the call for a path. Where the path really leads has to be
// inside, unless that is nil.
func (s *supervisor) statAt(c *notify.Call, o *pathCall, p string, nofollow int, inside func(string) bool) (bool, error) {
	var fd int
	var err error
	if e := s.perform.as(c, func() { fd, err = unix.Open(p, unix.O_PATH|unix.O_CLOEXEC|nofollow, 0) }); e != nil {
		return failed(c, e)
	}
	if err != nil {
		c.Fail(errno(err))
		return true, nil
	}
	defer unix.Close(fd)
	if inside != nil {
		if real, err := realPath(fd); err != nil || !inside(real) {
			return false, nil
		}
	}
	return s.statHere(c, o, fd)
}

// statHere answers the call for what an O_PATH descriptor refers to.
func (s *supervisor) statHere(c *notify.Call, o *pathCall, fd int) (bool, error) {
	var r result
	if e := s.perform.as(c, func() { r = statOf(c, o, fd) }); e != nil {
		return failed(c, e)
	}
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

// A result is what a call leaves: memory, and a value or an error.
type result struct {
	addr uint64
	b    []byte
	v    int64
	e    unix.Errno
}

// statOf performs the call on an O_PATH descriptor.
func statOf(c *notify.Call, o *pathCall, fd int) result {
	buffer := rowOf(c.Name).index('p') + 1
	switch c.Name {
	case "readlink", "readlinkat":
		return readLink(fd, c.Args[buffer], int(int32(c.Args[buffer+1])))
	case "access", "faccessat":
		return result{e: errno(unix.Faccessat(unix.AT_FDCWD, "/proc/self/fd/"+itoa(int32(fd)), uint32(o.mode), 0))}
	case "statx":
		var st unix.Statx_t
		err := unix.Statx(fd, "", unix.AT_EMPTY_PATH, int(c.Args[3]), &st)
		return result{c.Args[4], sys.Bytes(&st), 0, errno(err)}
	case "stat", "lstat", "newfstatat":
		if c.Arch == abi.I386 {
			break
		}
		var st unix.Stat_t
		err := unix.Fstat(fd, &st)
		return result{c.Args[buffer], sys.Bytes(&st), 0, errno(err)}
	}
	return result{e: unix.ENOENT}
}

func readLink(fd int, addr uint64, size int) result {
	b := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(fd, "", b)
	if err == unix.ENOENT {
		err = unix.EINVAL // what is no link; the kernel says ENOENT of an empty path
	}
	if err == nil && size <= 0 {
		err = unix.EINVAL
	}
	if err != nil {
		return result{e: errno(err)}
	}
	n = min(n, size)
	return result{addr, b[:n], int64(n), 0}
}
