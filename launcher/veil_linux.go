//go:build amd64 || arm64

package launcher

import (
	"errors"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/unveiled"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// A veil is what paths are unveiled, as a supervisor sees it.
type veil struct {
	plan *unveil.Plan // nil: all paths
	// added are the rules that the launcher made of itself: for the program, its
	// libraries, the whitelist.
	added []landlock.PathRule
}

// lacking compares what is needed with what is unveiled or was added for the
// program: "" if that suffices, else the unveil that would, and OpenBSD's errno:
// EACCES where an entry allows less, ENOENT where there is none.
func (v *veil) lacking(real string, need unveil.Perms) (missing string, e unix.Errno) {
	have, known := v.plan.Lookup(real)
	switch {
	case need&^have == 0 || v.admits(real, unveiled.Rights(unveiled.Perms(need))):
		return "", 0
	case known && have != 0:
		e = unix.EACCES
	default:
		e = unix.ENOENT
	}
	return need.String() + ":" + real, e
}

// admits reports whether a rule of the launcher's gives the rights on a path.
func (v *veil) admits(path string, rights uint64) bool {
	const looked = landlock.ReadFile | landlock.WriteFile
	for _, r := range v.added {
		if beneath(path, r.Path) && rights&looked&^r.Access == 0 {
			return true
		}
	}
	return false
}

// leadsToUnveiled reports whether something below the path is unveiled: libc's
// realpath reads every component, which on OpenBSD the kernel does.
func (v *veil) leadsToUnveiled(real string) bool {
	for _, e := range v.plan.Entries() {
		if beneath(e.Path, strings.TrimSuffix(real, "/")) {
			return true
		}
	}
	return false
}

// traceOpen reports an open that the promises admit and Landlock is going to
// refuse. The answer does not depend on the path: the kernel performs the call
// and Landlock decides, whatever the caller's threads write there meanwhile.
func (s *supervisor) traceOpen(c *notify.Call, o *pathCall) (bool, error) {
	action := rules.Judge(rules.Of(c.Name), s.set&^rules.TraceOpens, c.Args, s.program)
	if e, ok := action.Errno(); ok {
		c.Fail(unix.Errno(e))
		return true, nil
	}
	if action != rules.Allow {
		return false, nil
	}
	if err := c.MayWait(); err != nil {
		return false, err
	}
	from, err := placeOf(c, o.dir, o.path)
	if err != nil {
		return failed(c, err)
	}
	defer from.close()
	var missing string
	var e unix.Errno
	if err := s.perform.as(c, func() { missing, e = s.veil.hides(from, o) }); err != nil {
		return failed(c, err)
	}
	if missing != "" && s.launch.spec.TraceUnveil {
		s.hidden(c, &refusal{unveil: missing})
	}
	if missing != "" && s.set&rules.StrictUnveil != 0 {
		c.Fail(e)
		return true, nil
	}
	if o.flags&unix.O_PATH != 0 && s.set&rules.StrictUnveil != 0 {
		// Landlock does not look at O_PATH, so the kernel must not go on by the path;
		// and it takes no such descriptor from us.
		c.Fail(unix.EACCES)
		return true, nil
	}
	c.Continue(byLandlock)
	return true, nil
}

// hidden reports what unveil refuses, which is no violation.
func (s *supervisor) hidden(c *notify.Call, why *refusal) {
	if s.launch.spec.Promises.Has(promises.Error) {
		return
	}
	if e, err := s.describe(c, why); err == nil {
		s.report.add(e)
	}
}

// hides predicts Landlock's verdict on an open.
func (v *veil) hides(from place, o *pathCall) (missing string, e unix.Errno) {
	real, err := from.real(int(o.flags & unix.O_NOFOLLOW))
	create := errors.Is(err, unix.ENOENT) && o.flags&unix.O_CREAT != 0
	if create {
		if real, err = from.parent().real(0); err == nil {
			real = filepath.Join(real, filepath.Base(from.path))
		}
	}
	if err != nil {
		return "", 0
	}
	need := [4]unveil.Perms{unveil.Read, unveil.Write, unveil.Read | unveil.Write, unveil.Read}[o.flags&unix.O_ACCMODE]
	if create {
		need |= unveil.Create
	}
	return v.lacking(real, need)
}

func dirOf(p string) string {
	if i := strings.LastIndexByte(p, '/'); i > 0 {
		return p[:i]
	} else if i == 0 {
		return "/"
	}
	return "."
}

// absolutePath returns the text of the path made absolute by the caller's
// directory, for loaders that search relative directories.
func absolutePath(c *notify.Call, o *pathCall) (string, error) {
	if strings.HasPrefix(o.path, "/") {
		return o.path, nil
	}
	fd, err := c.Directory(o.dir)
	if err != nil {
		return o.path, nil
	}
	defer unix.Close(fd)
	real, err := realPath(fd)
	if err != nil {
		return o.path, nil
	}
	return filepath.Join(real, o.path), nil
}
