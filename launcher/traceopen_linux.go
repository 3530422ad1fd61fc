package launcher

import (
	"errors"
	"fmt"
	"path/filepath"

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
	if missing := s.hidden(c, p); missing != "" {
		e := s.describe(c, &refusal{unveil: missing})
		s.report.add(e)
	}
	sys.NotifContinue(s.child.listener, c.ID)
	return true
}

// hidden predicts Landlock's verdict: "" if it will admit the open, the unveil
// that would otherwise.
func (s *supervisor) hidden(c *call, p string) string {
	abs := s.absolutePath(c, p)
	real, err := filepath.EvalSymlinks(abs)
	flags := c.arg(pathArgs[c.name].flags)
	if err != nil {
		dir, derr := filepath.EvalSymlinks(filepath.Dir(abs))
		if !errors.Is(err, unix.ENOENT) || derr != nil || flags&unix.O_CREAT == 0 {
			return ""
		}
		real = filepath.Join(dir, filepath.Base(abs))
	}
	var need unveil.Perms
	switch flags & unix.O_ACCMODE {
	case unix.O_RDONLY:
		need = unveil.Read
	case unix.O_WRONLY:
		need = unveil.Write
	case unix.O_RDWR:
		need = unveil.Read | unveil.Write
	}
	if err != nil {
		need |= unveil.Create
	}
	have, _ := s.launch.spec.Unveil.Lookup(real)
	if need&^have == 0 || s.launch.admits(real, unveil.Rights(need)) {
		return ""
	}
	return fmt.Sprintf("%s:%s", need, real)
}
