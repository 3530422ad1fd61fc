//go:build amd64 || arm64

package launcher

import (
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/unveil"
)

// truncate answers truncate(2) by a path. Where Landlock does not look at it (before
// ABI 3) the kernel must not go on by the path, which another thread may exchange: the
// file that was judged is truncated in the caller's place.
func (s *supervisor) truncate(c *notify.Call) (bool, error) {
	if s.set&rules.Untruncated == 0 {
		return s.strictAnyway(c)
	}
	o, err := pathCallOf(c)
	if err != nil {
		return false, err
	}
	p, err := s.strict(c, o, unveil.Write, false)
	if p == nil {
		return err == nil, err
	}
	defer unix.Close(p.fd)
	length := lengthOf(c)
	if beyondLimit(length) {
		c.Fail(unix.EFBIG)
		return true, nil
	}
	if e := s.perform.as(c, func() { err = unix.Truncate(p.name, length) }); e != nil {
		return failed(c, e)
	}
	if err != nil {
		c.Fail(errno(err))
		return true, nil
	}
	c.Return(0)
	return true, nil
}

// lengthOf is the length that a call names: on i386 a long, or two halves.
func lengthOf(c *notify.Call) int64 {
	switch {
	case c.Arch != abi.I386:
		return int64(c.Args[1])
	case c.Name == "truncate":
		return int64(int32(c.Args[1]))
	}
	return int64(c.Args[2]<<32 | c.Args[1]&0xffffffff)
}

// beyondLimit reports whether a file of that length is beyond RLIMIT_FSIZE, which the
// program has from the launcher: SIGXFSZ would end the launcher. A lower limit that the
// program has given itself is not looked at here.
func beyondLimit(length int64) bool {
	var lim unix.Rlimit
	err := unix.Prlimit(0, unix.RLIMIT_FSIZE, nil, &lim)
	return err != nil || length > 0 && uint64(length) > lim.Cur
}
