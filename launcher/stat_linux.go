//go:build amd64 || arm64

package launcher

import (
	"encoding/binary"
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// stat answers stat, access and readlink for the whitelist and the dynamic
// loader, by performing them here and writing the result into the caller.
func (s *supervisor) stat(c *notify.Call) (bool, error) {
	o, err := pathCallOf(c)
	if err != nil {
		return false, err
	}
	if o.path == "" && o.flags&unix.AT_EMPTY_PATH != 0 {
		return s.statOpened(c, o)
	}
	if s.asksOrigin(c, o) {
		return s.statAt(c, o, ofCaller(c, o.path), unix.O_NOFOLLOW)
	}
	if s.set&rules.StrictUnveil != 0 && s.set.Has(promises.Rpath) {
		return s.strictStat(c, o)
	}
	if s.set.Has(promises.Tmppath) && c.Name[0] == 'l' && temporary(o.path) != "" {
		return s.statAt(c, o, o.path, unix.O_NOFOLLOW)
	}
	if f := s.files.listed(o.path); f != nil && f.Stat {
		return s.statAt(c, o, ofCaller(c, o.path), 0)
	}
	if s.loads() {
		if answered, err := s.loaderStat(c, o); answered || err != nil {
			return answered, err
		}
	}
	return s.politely(c, o.path), nil
}

// statOpened answers fstat, as libc asks for it: newfstatat with an empty path.
func (s *supervisor) statOpened(c *notify.Call, o *pathCall) (bool, error) {
	if s.set&rules.StrictUnveil == 0 {
		return false, nil
	}
	fd, err := c.Directory(o.dir)
	if err != nil {
		return failed(c, err)
	}
	defer unix.Close(fd)
	if o.dir == unix.AT_FDCWD {
		// It is a path like any other: a chdir may have come to it by a race.
		real, err := realPath(fd)
		if err != nil {
			return failed(c, err)
		}
		if _, e := s.veil.lacking(real, unveil.Read); e != 0 {
			c.Fail(e)
			return true, nil
		}
	}
	return s.statHere(c, o, fd)
}

// statAt answers the call for a path.
func (s *supervisor) statAt(c *notify.Call, o *pathCall, p string, nofollow int) (bool, error) {
	fd, err := s.lookUp(c, p, nofollow)
	if err != nil {
		return failed(c, err)
	}
	defer unix.Close(fd)
	return s.statHere(c, o, fd)
}

// lookUp opens a path as O_PATH, with the caller's rights.
func (s *supervisor) lookUp(c *notify.Call, p string, flags int) (fd int, err error) {
	if e := s.perform.as(c, func() { fd, err = unix.Open(p, unix.O_PATH|unix.O_CLOEXEC|flags, 0) }); e != nil {
		return -1, e
	}
	return fd, err
}

// statHere answers the call for what an O_PATH descriptor refers to.
func (s *supervisor) statHere(c *notify.Call, o *pathCall, fd int) (bool, error) {
	var r result
	perform := s.perform.as
	if rowOf(c.Name).index('M') >= 0 {
		perform = s.perform.asReal
	}
	if e := perform(c, func() { r = statOf(c, o, fd) }); e != nil {
		return failed(c, e)
	}
	return deliverResult(c, r)
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
		return result{e: errno(unix.Faccessat(unix.AT_FDCWD, "/proc/self/fd/"+itoa(int32(fd)), uint32(o.mode), unix.AT_EACCESS))}
	case "statx":
		var st unix.Statx_t
		err := unix.Statx(fd, "", unix.AT_EMPTY_PATH, int(c.Args[3]), &st)
		return result{c.Args[4], sys.Bytes(&st), 0, errno(err)}
	case "stat64", "lstat64", "fstatat64":
		var st unix.Stat_t
		err := unix.Fstat(fd, &st)
		return result{c.Args[buffer], stat64(&st), 0, errno(err)}
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

// stat64 lays out struct stat64 of i386.
func stat64(st *unix.Stat_t) []byte {
	le := binary.LittleEndian
	b := le.AppendUint64(nil, st.Dev)
	b = le.AppendUint32(le.AppendUint32(b, 0), uint32(st.Ino))
	for _, v := range []uint32{st.Mode, uint32(st.Nlink), st.Uid, st.Gid} {
		b = le.AppendUint32(b, v)
	}
	b = le.AppendUint32(le.AppendUint64(b, st.Rdev), 0)
	b = le.AppendUint64(b, uint64(st.Size))
	b = le.AppendUint32(b, uint32(st.Blksize))
	b = le.AppendUint64(b, uint64(st.Blocks))
	for _, t := range []unix.Timespec{st.Atim, st.Mtim, st.Ctim} {
		b = le.AppendUint32(le.AppendUint32(b, uint32(t.Sec)), uint32(t.Nsec))
	}
	return le.AppendUint64(b, st.Ino)
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
