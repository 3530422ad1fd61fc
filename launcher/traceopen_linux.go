package launcher

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// traceOpen reports an open that the promises admit and Landlock is going to
// refuse. The answer does not depend on the path: the kernel performs the call
// and Landlock decides, whatever the caller's threads write there meanwhile.
func (s *supervisor) traceOpen(c *call, p string) bool {
	set := s.launch.set &^ promises.TraceOpens
	action := promises.Judge(promises.RulesOf(c.name), set, c.Args, s.self(c))
	if e, ok := action.Errno(); ok {
		return s.answer(c, unix.Errno(e))
	}
	if action != promises.Allow {
		return false
	}
	if missing, e := s.hidden(c, p); missing != "" {
		if s.launch.spec.TraceUnveil {
			s.report.add(s.describe(c, &refusal{unveil: missing}))
		}
		if s.launch.set&promises.StrictUnveil != 0 {
			return s.answer(c, e)
		}
	}
	sys.NotifContinue(s.child.listener, c.ID)
	return true
}

// hidden predicts Landlock's verdict: "" if it will admit the open, else the
// unveil that would, and OpenBSD's errno: EACCES where an entry allows less,
// ENOENT where there is none.
func (s *supervisor) hidden(c *call, p string) (missing string, e unix.Errno) {
	flags := c.arg(c.pathArg().flags)
	real, err := s.resolve(c, p, flags&unix.O_NOFOLLOW != 0)
	create := errors.Is(err, unix.ENOENT) && flags&unix.O_CREAT != 0
	if create {
		var dir string
		if dir, err = s.resolve(c, dirOf(p), false); err == nil {
			real = filepath.Join(dir, filepath.Base(p))
		}
	}
	if err != nil {
		return "", 0
	}
	need := [4]unveil.Perms{unveil.Read, unveil.Write, unveil.Read | unveil.Write, unveil.Read}[flags&unix.O_ACCMODE]
	if create {
		need |= unveil.Create
	}
	return s.lacking(real, need)
}

// lacking compares what is needed with what is unveiled or was added for the
// program.
func (s *supervisor) lacking(real string, need unveil.Perms) (missing string, e unix.Errno) {
	have, known := s.launch.spec.Unveil.Lookup(real)
	switch {
	case need&^have == 0 || s.launch.admits(real, unveil.Rights(need)):
		return "", 0
	case known && have != 0:
		e = unix.EACCES
	default:
		e = unix.ENOENT
	}
	return fmt.Sprintf("%s:%s", need, real), e
}

func dirOf(p string) string {
	if i := strings.LastIndexByte(p, '/'); i > 0 {
		return p[:i]
	} else if i == 0 {
		return "/"
	}
	return "."
}

// resolve finds the real place of the caller's path, links followed unless the
// last one is not to be.
func (s *supervisor) resolve(c *call, p string, nofollow bool) (string, error) {
	fd, err := s.openPath(c, p, nofollow)
	if err != nil {
		return "", err
	}
	defer unix.Close(fd)
	return realPath(fd)
}

// openPath opens a path of the caller's without access to what it names.
func (s *supervisor) openPath(c *call, p string, nofollow bool) (int, error) {
	flags := unix.O_PATH | unix.O_CLOEXEC
	if nofollow {
		flags |= unix.O_NOFOLLOW
	}
	if strings.HasPrefix(p, "/") {
		return unix.Open(s.procSelf(c, p), flags, 0)
	}
	proc := "/proc/" + strconv.Itoa(int(c.PID))
	dir := proc + "/cwd"
	if a := c.pathArg(); a.dir >= 0 && int32(c.Args[a.dir]) != unix.AT_FDCWD {
		dir = proc + "/fd/" + strconv.Itoa(int(int32(c.Args[a.dir])))
	}
	at, err := unix.Open(dir, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	defer unix.Close(at)
	return unix.Openat(at, p, flags, 0)
}
