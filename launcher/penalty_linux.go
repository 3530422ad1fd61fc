//go:build amd64 || arm64

package launcher

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/launcher/event"
	"github.com/pledge-linux/pledge/promises"
)

// A refusal is why a call is refused, where the tables cannot tell.
type refusal struct {
	promise promises.Set
	unveil  string
	option  string // of the launcher
	call    string // the call's text, if more is known than its arguments
}

// violation applies the penalty and reports. The error is [notify.ErrWait], or
// nil.
func (s *supervisor) violation(c *notify.Call, why *refusal) error {
	if s.launch.spec.Promises.Has(promises.Error) {
		c.Fail(unix.ENOSYS)
		return nil
	}
	e, err := s.describe(c, why)
	if err != nil {
		return err
	}
	if !c.Waiting() {
		c.Drop() // it was killed meanwhile, and what was told of it is another's
		return nil
	}
	if s.launch.spec.Penalty != Kill {
		s.report.add(e)
		c.Fail(unix.EPERM)
		return nil
	}
	e.Verdict = "kill"
	if e.PID == s.child.pid {
		s.killed.Store(true)
	}
	s.report.add(e)
	err = c.Kill()
	if err != nil {
		err = s.spare.kill(c)
	}
	if err != nil {
		c.Fail(unix.EPERM) // it is gone, or nobody could end it
	}
	return nil
}

// A spare is a descriptor that is let go where there is no other, so that a
// violator can be ended.
type spare struct {
	mu sync.Mutex
	fd int // -1 for none; guarded by mu
}

// kill ends a caller for which there was no descriptor, for one goroutine at a
// time. As long as it cannot, the caller waits.
func (p *spare) kill(c *notify.Call) (err error) {
	for {
		p.mu.Lock()
		if p.fd >= 0 {
			unix.Close(p.fd)
		}
		err = c.Kill()
		p.fd = spareFD()
		p.mu.Unlock()
		if err == nil || !isShortage(err) || !c.Waiting() {
			return err
		}
		time.Sleep(look)
	}
}

// refuse is violation for who has judged more than numbers.
func (s *supervisor) refuse(c *notify.Call, why *refusal) (bool, error) {
	err := s.violation(c, why)
	return err == nil, err
}

func (s *supervisor) describe(c *notify.Call, why *refusal) (*event.Event, error) {
	text, err := decode(c)
	if err != nil {
		return nil, err
	}
	if why == nil {
		why = &refusal{promise: s.needs(c)}
	}
	if why.call != "" {
		text = why.call
	}
	e := &event.Event{
		PID: c.Process(), Program: c.Comm(), Syscall: c.Nr, Name: c.Name, Call: text,
		Promise: why.promise.String(), Unveil: why.unveil, Option: why.option, Verdict: "deny",
	}
	if c.Arch != nil {
		e.Arch = c.Arch.Name
	}
	e.Never = e.Promise == "" && e.Unveil == "" && e.Option == ""
	return e, nil
}

// needs returns the words that would admit the call: those for its numbers, or
// the word whose whitelist has the device.
func (s *supervisor) needs(c *notify.Call) promises.Set {
	if row := rowOf(c.Name); row.index('o') >= 0 || c.Name == "creat" {
		if p, err := c.String(c.Args[row.index('p')]); err == nil {
			if f := rules.Find(rules.Files, promises.Everything, p); f != nil && f.Write {
				return f.Needs &^ s.set
			}
		}
	}
	need, _ := rules.Needs(c.Name, c.Args, s.set, s.program)
	if need == promises.Unix.Set() && asksCache(c) {
		return promises.Getpw.Set() // with it libc goes on without
	}
	return need
}

// spareFD is a descriptor to let go, -1 for none.
func spareFD() int {
	fd, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return -1
	}
	return fd
}

// watchOver sees to it that the penalty outlives this process: what the program
// leaves behind may have used up the threads, or the memory, that Go's runtime
// cannot do without.
func (s *supervisor) watchOver() (err error) {
	if spec := s.launch.spec; spec.Penalty != Kill || spec.Observe != nil || spec.Promises.Has(promises.Error) {
		return nil
	}
	if s.guard, err = sys.NewGuard(s.listener.FD()); err != nil {
		unix.Kill(s.child.pid, unix.SIGKILL)
		return failf("start the process that keeps --kill in force: %w", err)
	}
	return nil
}

// unguard ends that: the launcher does, having done its work.
func (s *supervisor) unguard() {
	if s.guard != nil {
		s.guard.End()
		s.guard = nil
	}
}
