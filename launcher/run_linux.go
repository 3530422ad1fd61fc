//go:build amd64 || arm64

package launcher

import (
	"errors"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/layers"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// Run starts the program confined, supervises it, and returns its exit status:
// its own, 128+n if signal n ended it, 134 if a violation did under Kill. The
// error is a *Error if nothing was run.
func Run(s *Spec) (status int, err error) {
	l, err := newLaunch(s)
	if err != nil {
		return 0, err
	}
	defer l.close()
	if err := guardSelf(); err != nil {
		return 0, err
	}
	l.leaveNoCore()
	l.files = sys.FileLimit()
	if err := closeInherited(s.KeepFDs); err != nil {
		return 0, err
	}
	sys.CatchSignals(forwarded...)
	sys.ExpectChildren()
	onKin(func(k *kin) { status, err = l.run(k) })
	return status, err
}

// run starts the program and supervises it. It is called on the thread that is to be its
// tracer, and the parent that its death signal watches.
func (l *launch) run(k *kin) (status int, err error) {
	if before, ok := sys.PinHere(); ok {
		l.before = before
		defer l.unpin()
	}
	c, err := l.start(k)
	if err != nil {
		return 0, err
	}
	sys.ForwardSignals(c.pid)
	defer sys.StopForwarding()
	if err := l.dropSelf(); err != nil && c.listener >= 0 {
		unix.Kill(c.pid, unix.SIGKILL)
		return 0, err
	}
	if l.spec.Started != nil {
		l.spec.Started()
	}
	if c.listener < 0 {
		l.unpin()
		return c.wait(), nil
	}
	return newSupervisor(l, c).watch()
}

// unpin lets the calling thread run where the launcher was allowed to.
func (l *launch) unpin() {
	if l.before != nil {
		unix.SchedSetaffinity(0, l.before)
	}
}

// restoreProcessors appends the step that lets the child run there.
func (l *launch) restoreProcessors(sc *sys.Script) {
	if l.before != nil {
		sc.Add("restore the processors", unix.SYS_SCHED_SETAFFINITY, 0, sys.SizeofAffinity, sys.Keep(sc, l.before))
	}
}

// A child is the started program.
type child struct {
	pid      int
	listener int // -1 without a supervisor
	ruleset  int // that it is under; -1 without one
	// kin started it; nil without a supervisor.
	kin *kin
	// traced is set while ptrace waits for the entry point, and held how it began then.
	traced     bool
	held       sys.Held
	supervisor *supervisor
}

// start tries the launch as designed, and again without what an outer sandbox
// refuses; what stays then is in the report.
func (l *launch) start(k *kin) (*child, error) {
	if why := l.unseen(); why != "" {
		return l.blind(why)
	}
	if err := l.adopt(); err != nil {
		return nil, failf("adopt the program's orphans: PR_SET_CHILD_SUBREAPER: %w", err)
	}
	for {
		c, err := l.supervised(k)
		var step *sys.StepError
		if err == nil || !errors.As(err, &step) {
			return c, err
		}
		switch {
		case step.Step == stepPtrace && !l.untraced:
			l.untraced = true
			l.spec.Report.Note("ptrace is refused here (%v): the dynamic loader's rights stay after start-up: reading libraries, mapping files executable", step.Errno)
		case step.Step == stepSeccomp && step.Errno == unix.EINVAL && !l.interruptible:
			l.interruptible = true // SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV is of Linux 5.19
		case step.Step == stepSeccomp && l.otherListener(step.Errno) && l.spec.Observe != nil:
			return nil, failf("the program cannot be watched here: an outer sandbox has a supervisor or refuses one (%v); run this outside of it", step.Errno)
		case step.Step == stepSeccomp && l.otherListener(step.Errno):
			l.unsupervised = true
			l.spec.Report.Note("no supervisor: an outer sandbox has one or refuses one (%v): refusals are not reported, and the dynamic loader's rights stay after start-up", step.Errno)
			return l.unsupervisedChild()
		default:
			return nil, l.explainFailure(err)
		}
	}
}

// otherListener reports whether a refused filter is one that would be taken
// without a listener.
func (l *launch) otherListener(e unix.Errno) bool {
	return e == unix.EBUSY || e == unix.EPERM || e == unix.ENOSYS || e == unix.EINVAL
}

// supervised builds and runs the script of a child with a listener.
func (l *launch) supervised(k *kin) (*child, error) {
	plan, err := l.situate(false)
	if err != nil {
		return nil, err
	}
	seen := plan.Set
	if l.spec.Observe != nil {
		seen = l.observedSet()
	}
	p, err := l.compile(seen, l.supervisedViolation(), filter.Notify)
	if err != nil {
		return nil, err
	}
	ruleset, err := openRuleset(&plan.Ruleset)
	if err != nil {
		return nil, err
	}
	l.closeLibraries()
	traced := l.needsTrace()
	sc := sys.NewScript()
	l.environment(sc)
	sc.Add("die with the launcher", unix.SYS_PRCTL, unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0)
	if traced {
		sc.Add(stepPtrace, unix.SYS_PTRACE, unix.PTRACE_TRACEME, 0, 0, 0)
	} else {
		l.restoreProcessors(sc)
	}
	var listener uint32
	var flags uintptr = unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
	if l.interruptible {
		flags = 0
	}
	if err := l.confine(sc, ruleset, p, flags, &listener); err != nil {
		return nil, err
	}
	around := layers.Around(l.spec.Promises, landlock.ABI())
	outer, err := openRuleset(&around)
	if err != nil {
		return nil, err
	}
	err = k.enter(outer)
	var h sys.Held
	if err == nil {
		h, err = k.start(sc, traced)
	}
	forget(sc, p)
	if outer >= 0 {
		unix.Close(outer)
	}
	if err != nil {
		if ruleset >= 0 {
			unix.Close(ruleset)
		}
		return nil, err
	}
	return &child{pid: h.PID, listener: int(listener), ruleset: ruleset, traced: traced, held: h, kin: k}, l.keptProgram(h.PID, traced)
}

// supervisedViolation: with the promise error the kernel itself answers what no
// whitelist can admit.
func (l *launch) supervisedViolation() filter.Verdict {
	if l.spec.Promises.Has(promises.Error) && l.spec.Observe == nil && !l.needsTrace() {
		return filter.NoSys
	}
	return filter.Notify
}

// needsTrace reports whether the loader has needs that end at the entry point.
func (l *launch) needsTrace() bool {
	if !l.image.dynamic || l.untraced {
		return false
	}
	if l.spec.Observe != nil {
		return true // what the loader does is not the program's
	}
	const loader = 1<<promises.ProtExec | 1<<promises.Rpath | 1<<promises.Stdio
	return !l.spec.Promises.Has(promises.Exec) && l.spec.Promises&loader != loader
}

// unsupervisedChild starts the program under the merged filter, without
// anybody to answer for it.
func (l *launch) unsupervisedChild() (*child, error) {
	sc, p, err := l.inPlaceScript(false)
	if err != nil {
		return nil, err
	}
	pid, err := sc.Start()
	forget(sc, p)
	if err != nil {
		return nil, l.explainFailure(err)
	}
	return &child{pid: pid, listener: -1, ruleset: -1}, l.keptProgram(pid, false)
}
