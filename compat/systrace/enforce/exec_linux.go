//go:build amd64 || arm64

package enforce

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/sys"
)

// image is what an execve was judged to be.
type image struct {
	program string   // the path that its policy goes by
	prefix  []string // what the kernel puts before a script's arguments
	argv    []string // as they were judged; only if hasArgv
	hasArgv bool
	exe     unix.Stat_t // the program, or a script's interpreter
	script  bool
}

// execve lets the kernel execute a program, and looks at it before its first
// instruction runs: if it is another than was judged it is killed.
func (w *worker) execve(c *call, q *policy.Question, v policy.Verdict) {
	img, e := w.imageOf(c, q)
	if e != 0 {
		c.fail(e)
		return
	}
	next, err := w.policyAfter(c, img, v)
	if err != nil {
		c.engine.problem("%s[%d] may not execute %s: %v", c.program, c.process.pid, img.program, err)
		c.fail(unix.EPERM)
		return
	}
	c.engine.leadOn()
	c.engine.traces(c, func(kept bool) { c.watch(img, next, kept) })
}

// watch lets the kernel execute the program, and looks at it.
func (c *call) watch(img *image, next *live, kept bool) {
	if !kept && sys.PtraceSeize(c.tid(), unix.PTRACE_O_TRACEEXEC) != nil {
		c.engine.problem("%s[%d]: ptrace is refused here, so programs cannot be executed", c.program, c.process.pid)
		c.fail(unix.EPERM)
		return
	}
	unix.PtraceInterrupt(c.tid())
	c.carryOn()
	c.seeThrough(img, next, kept)
}

// seeThrough sees the execve through.
func (c *call) seeThrough(img *image, next *live, kept bool) {
	for {
		id, ws, ok := stopsOf(c.tid(), c.process.pid)
		switch {
		case !ok:
			return
		case ws.Exited() || ws.Signaled():
			c.engine.keeper.drop(id)
			c.engine.ended(id, ws)
			return
		case ptraceEvent(ws) == unix.PTRACE_EVENT_EXEC:
			if why := img.differs(c.process.pid); why != "" {
				// It is stopped; when it has gone this process may be gone, too.
				c.engine.problem("killed %s[%d]: it executed something else than %s: %s", c.program, c.process.pid, img.program, why)
				unix.Kill(c.process.pid, unix.SIGKILL)
				// Its parent hears of its end when the tracer has.
				unix.PtraceCont(id, 0)
				continue
			}
			c.engine.executed(c.process, c.domain, img.program, next)
			// The stop that was asked for is taken back by this one: ptrace_stop().
			c.engine.keeper.drop(c.tid())
			c.engine.untrace(id)
			return
		case ptraceEvent(ws) == eventStop: // the execve failed
			c.engine.goOn(id, kept)
			return
		default: // a signal of its own
			unix.PtraceCont(id, int(ws.StopSignal()))
		}
	}
}

// imageOf reads what is about to be executed from the file itself.
func (w *worker) imageOf(c *call, q *policy.Question) (*image, unix.Errno) {
	img := &image{}
	at := 0
	if c.name == "execveat" {
		at = 1
	}
	name, _ := c.knownString(c.Args[at])
	for _, a := range q.Args {
		if a.Name == "argv" {
			img.argv, img.hasArgv = c.arguments(c.Args[at+1]), true
		}
	}
	fd := -1
	var e error
	err := w.as(c.creds, -1, func() {
		if fd, e = c.executable(); e == nil {
			e = unix.Faccessat2(fd, "", unix.X_OK, unix.AT_EMPTY_PATH|unix.AT_EACCESS)
		}
		if e == nil {
			e = img.read(c, fd, c.shownAs(name))
		}
	})
	if fd >= 0 {
		defer unix.Close(fd)
	}
	if err == nil {
		err = e
	}
	if err != nil {
		return nil, errno(err)
	}
	if img.program, err = c.engine.nameOf(fd); err != nil {
		return nil, errno(err)
	}
	return img, 0
}

// executable opens the file that is to be executed (O_PATH).
func (c *call) executable() (int, error) {
	if c.Empty(0) {
		return c.Descriptor(c.Args[0])
	}
	at, err := c.Place(0, true)
	if err != nil {
		return -1, err
	}
	defer at.Close()
	if c.name == "execveat" && c.Args[4]&unix.AT_SYMLINK_NOFOLLOW != 0 {
		if named, err := c.Place(0, false); err == nil {
			same := named.Same(at)
			named.Close()
			if !same {
				return -1, unix.ELOOP
			}
		}
	}
	return at.Object()
}

// shownAs is what the kernel calls the file: a script's interpreter gets that.
func (c *call) shownAs(name string) string {
	dir := int32(c.Args[0])
	switch {
	case c.name != "execveat" || dir == unix.AT_FDCWD || strings.HasPrefix(name, "/"):
		return name
	case name == "":
		return "/dev/fd/" + strconv.Itoa(int(dir))
	}
	return "/dev/fd/" + strconv.Itoa(int(dir)) + "/" + name
}

// goOn lets a thread go on; it stays traced if it is kept.
func (e *engine) goOn(tid int, kept bool) {
	if kept {
		unix.PtraceCont(tid, 0)
		return
	}
	e.untrace(tid)
}

// untrace ends the tracing of a thread that is stopped. One that was killed
// meanwhile cannot be let go: its parent hears of its end when its tracer has, so
// that is waited for.
func (e *engine) untrace(tid int) {
	const long = 10 * time.Second
	for begun := time.Now(); unix.PtraceDetach(tid) != nil && time.Since(begun) < long; time.Sleep(100 * time.Microsecond) {
		var ws unix.WaitStatus
		id, err := unix.Wait4(tid, &ws, unix.WALL|unix.WNOHANG, nil)
		switch {
		case err == unix.ECHILD:
			return
		case err == nil && id == tid && (ws.Exited() || ws.Signaled()):
			e.ended(tid, ws)
			return
		}
	}
}

// policyAfter is the policy that the program will have.
func (w *worker) policyAfter(c *call, img *image, v policy.Verdict) (*live, error) {
	e := c.engine
	keep := e.o.Inherit || v.Rule != nil && (v.Rule.Simple || v.Rule.Flags&syntax.Inherit != 0)
	if keep {
		return c.live, nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if v.Rule != nil && v.Rule.Flags&syntax.Detach != 0 {
		return e.released(), nil
	}
	next, err := e.policyOf(img.program)
	if err == nil && next.loaded == nil && e.o.Mode == Automatic {
		err = fmt.Errorf("there is no policy for it")
	}
	if err == nil && next.section.Detached {
		return e.released(), nil
	}
	return next, err
}

// executed notes that a process runs another program.
func (e *engine) executed(p *process, d *domain, program string, next *live) {
	e.mu.Lock()
	defer e.mu.Unlock()
	// Other threads are gone: whoever they have begun since is known now.
	e.noteChildren(p)
	p.program, p.policy, p.creds, p.volatile, p.other = program, next, nil, false, true
	p.domain, p.domains = d, nil
	// A script's process is found by its interpreter when it is orphaned.
	e.runs(program, next)
	if exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", p.pid)); err == nil {
		e.runs(exe, next)
	}
}

// ended notes the end of a process that the tracer has waited for.
func (e *engine) ended(id int, ws unix.WaitStatus) {
	if id != e.child {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.ends = &ws
}
