//go:build amd64 || arm64

package launcher

import (
	"path"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/promises"
)

// spareModule reports whether a file is a module of the name service that libc goes
// on without.
func spareModule(real string) bool {
	return program.SpareModule(path.Base(real)) && optionalModule(real)
}

// mapsCode reports whether a call maps a file's code, and the file's real path.
func mapsCode(c *notify.Call) (real string, ok bool) {
	if c.Name != "mmap" && c.Name != "mmap2" || c.Args[2]&unix.PROT_EXEC == 0 || c.Args[3]&unix.MAP_ANONYMOUS != 0 {
		return "", false
	}
	fd, err := c.Open("fd/" + itoa(int32(c.Args[4])))
	if err != nil {
		return "", false
	}
	defer unix.Close(fd)
	real, err = realPath(fd)
	return real, err == nil
}

// without refuses, without a word and without the penalty, what programs that may
// look up names go on without.
func (s *supervisor) without(c *notify.Call) bool {
	if s.set&(promises.Getpw.Set()|promises.DNS.Set()) == 0 {
		return false
	}
	real, ok := mapsCode(c)
	if !ok || !spareModule(real) {
		return false
	}
	c.Fail(unix.EPERM)
	return true
}
