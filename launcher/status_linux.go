package launcher

import (
	"bytes"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// status answers stat, access and readlink for the whitelist and the dynamic
// loader, by performing them here and writing the result into the caller.
func (s *supervisor) status(c *call) bool {
	p, err := s.path(c)
	if err != nil {
		return s.answer(c, errno(err))
	}
	if p == "" && c.arg(c.pathArg().flags)&unix.AT_EMPTY_PATH != 0 {
		return false
	}
	if s.launch.set&promises.StrictUnveil != 0 && s.launch.set.Has(promises.Rpath) {
		return s.strictStatus(c, p)
	}
	if s.launch.set.Has(promises.Tmppath) && strings.HasPrefix(c.name, "lstat") && beneath(path.Clean(p), "/tmp") {
		return s.answerStatus(c, p, unix.O_NOFOLLOW)
	}
	if f := promises.Find(promises.Files, s.launch.spec.Promises, p); f != nil && f.Stat {
		return s.answerStatus(c, s.procSelf(c, p), 0)
	}
	if s.loads() && s.loaderStatus(c, p) {
		return true
	}
	return s.politely(c, p)
}

// strictStatus answers by unveil: the real place of the path decides.
func (s *supervisor) strictStatus(c *call, p string) bool {
	flags := c.arg(c.pathArg().flags)
	nofollow := flags&unix.AT_SYMLINK_NOFOLLOW != 0 || strings.HasPrefix(c.name, "lstat") || strings.HasPrefix(c.name, "readlink")
	fd, err := s.openPath(c, p, nofollow)
	if err != nil {
		return s.answer(c, errno(err))
	}
	defer unix.Close(fd)
	real, err := realPath(fd)
	if err != nil {
		return s.answer(c, errno(err))
	}
	need := unveil.Read
	if strings.Contains(c.name, "access") && c.arg(c.pathArg().mode)&unix.W_OK != 0 {
		need |= unveil.Write
	}
	if missing, e := s.lacking(real, need); missing != "" && !(strings.HasPrefix(c.name, "readlink") && s.leadsToUnveiled(real)) {
		return s.answer(c, e)
	}
	return s.statusOf(c, fd)
}

// leadsToUnveiled reports whether something below the path is unveiled: libc's
// realpath reads every component, which on OpenBSD the kernel does.
func (s *supervisor) leadsToUnveiled(real string) bool {
	for _, e := range s.launch.spec.Unveil.Entries() {
		if beneath(e.Path, real) {
			return true
		}
	}
	return false
}

func (s *supervisor) answerStatus(c *call, p string, nofollow int) bool {
	fd, err := unix.Open(p, unix.O_PATH|unix.O_CLOEXEC|nofollow, 0)
	if err != nil {
		return s.answer(c, errno(err))
	}
	defer unix.Close(fd)
	return s.statusOf(c, fd)
}

// statusOf performs the call on an O_PATH descriptor and writes the result into
// the caller.
func (s *supervisor) statusOf(c *call, fd int) bool {
	switch c.name {
	case "readlink", "readlinkat":
		b := make([]byte, unix.PathMax)
		n, err := unix.Readlinkat(fd, "", b)
		if err == unix.ENOENT {
			err = unix.EINVAL // what is no link; the kernel says ENOENT of an empty path
		}
		if err != nil {
			return s.answer(c, errno(err))
		}
		at := c.pathArg().path + 1
		n = min(n, int(int32(c.Args[at+1])))
		if err := sys.WriteMemory(int(c.PID), c.Args[at], b[:max(n, 0)]); err != nil {
			return s.answer(c, errno(err))
		}
		sys.NotifReturn(s.child.listener, c.ID, int64(n), 0)
		return true
	case "access", "faccessat":
		return s.answer(c, errno(unix.Faccessat(unix.AT_FDCWD, "/proc/self/fd/"+strconv.Itoa(fd), uint32(c.arg(c.pathArg().mode)), 0)))
	case "statx":
		var st unix.Statx_t
		if err := unix.Statx(fd, "", unix.AT_EMPTY_PATH, int(c.Args[3]), &st); err != nil {
			return s.answer(c, errno(err))
		}
		return s.write(c, c.Args[4], sys.Bytes(&st))
	case "stat", "lstat", "newfstatat":
		if c.arch == abi.I386 {
			return s.answer(c, unix.ENOENT)
		}
		var st unix.Stat_t
		if err := unix.Fstat(fd, &st); err != nil {
			return s.answer(c, errno(err))
		}
		to := c.Args[1]
		if c.name == "newfstatat" {
			to = c.Args[2]
		}
		return s.write(c, to, sys.Bytes(&st))
	}
	return s.answer(c, unix.ENOENT)
}

// write copies a result into the caller and answers the call.
func (s *supervisor) write(c *call, addr uint64, b []byte) bool {
	if !sys.NotifValid(s.child.listener, c.ID) {
		return true
	}
	return s.answer(c, errno(sys.WriteMemory(int(c.PID), addr, b)))
}

// umaskOf reads a process's creation mask.
func umaskOf(pid int) uint64 {
	b, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if i := bytes.Index(b, []byte("\nUmask:\t")); i >= 0 {
		field, _, _ := bytes.Cut(b[i+8:], []byte("\n"))
		if m, err := strconv.ParseUint(string(field), 8, 32); err == nil {
			return m
		}
	}
	return 0o077
}
