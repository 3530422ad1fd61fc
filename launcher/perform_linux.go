//go:build amd64 || arm64

package launcher

import (
	"runtime"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/identity"
	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
)

// performers are threads that perform calls for the program, none of them
// stronger than it: with the caller's present ids and capabilities, and, for
// what Landlock looks at, under the program's own ruleset.
type performers struct {
	// changing is set where the program may change its ids (promise id): what is
	// done for it is done as whom the caller is then. Else the whole launcher has
	// the program's ids and capabilities from the start.
	changing bool
	plain    workers
	confined workers
}

// workers are threads that wait for work.
type workers struct {
	tasks chan task
	count atomic.Int32
	// ruleset is enforced on each of them, -1 for none. Whitelisted files are
	// served past unveil, so not every worker is confined.
	ruleset int
}

// maxPerformers bounds the threads of each kind. A program that keeps them all
// waiting waits.
const maxPerformers = 128

type task struct {
	as   *procfs.Identity // nil: as the launcher is
	do   func()
	done chan error
}

func (p *performers) init(l *launch, ruleset int) {
	p.changing = l.holds().changing(l.spec.Promises)
	p.plain.tasks, p.confined.tasks = make(chan task), make(chan task)
	p.plain.ruleset, p.confined.ruleset = -1, ruleset
}

// as does something that Landlock does not look at with the caller's rights, and
// returns when it is done. Where the program may change its ids the call is to
// be one that may wait. The error is about getting there; then nothing was done.
//
// Only what is performed is done so: a thread with the caller's rights may not
// look at the caller.
func (p *performers) as(c *notify.Call, do func()) error {
	if !p.changing {
		do()
		return nil
	}
	return p.plain.run(p, c, do)
}

// asReal is as with the caller's real ids in the place of its effective ones:
// access(2) asks for those.
func (p *performers) asReal(c *notify.Call, do func()) error {
	if !p.changing {
		do()
		return nil
	}
	st, err := c.Status()
	if err != nil {
		return err
	}
	id, ok := st.Identity()
	if !ok {
		return unix.EPERM
	}
	const real, effective, fs = 0, 1, 3
	id.UIDs[effective], id.UIDs[fs] = id.UIDs[real], id.UIDs[real]
	id.GIDs[effective], id.GIDs[fs] = id.GIDs[real], id.GIDs[real]
	if id.UIDs[real] != 0 {
		id.Effective = 0
	}
	return p.plain.give(c, task{as: &id, do: do})
}

// inOwnPlace does something on a thread with a directory and a creation mask of
// its own, likewise.
func (p *performers) inOwnPlace(c *notify.Call, do func()) error { return p.plain.run(p, c, do) }

// inDomain does something that Landlock looks at, likewise.
func (p *performers) inDomain(c *notify.Call, do func()) error {
	if p.confined.ruleset < 0 {
		return p.inOwnPlace(c, do)
	}
	return p.confined.run(p, c, do)
}

// run has a worker do it, a new one if none waits.
func (w *workers) run(p *performers, c *notify.Call, do func()) error {
	if err := c.MayWait(); err != nil {
		return err
	}
	t := task{do: do}
	if p.changing {
		st, err := c.Status()
		if err != nil {
			return err
		}
		id, ok := st.Identity()
		if !ok {
			return unix.EPERM
		}
		t.as = &id
	}
	return w.give(c, t)
}

// give has a worker do a task, a new one if none waits, or the first that is
// free again where there are enough.
func (w *workers) give(c *notify.Call, t task) error {
	if err := c.MayWait(); err != nil {
		return err
	}
	t.done = make(chan error, 1)
	select {
	case w.tasks <- t:
		return <-t.done
	default:
	}
	if w.count.Add(1) <= maxPerformers {
		go w.work(t)
		return <-t.done
	}
	w.count.Add(-1)
	w.tasks <- t
	return <-t.done
}

// work is a worker's life. Its thread is never given back to Go's runtime: it
// ends with the goroutine.
func (w *workers) work(t task) {
	runtime.LockOSThread()
	defer w.count.Add(-1)
	if err := w.settle(); err != nil {
		t.done <- err
		return
	}
	var own identity.Thread
	for {
		if t.as != nil {
			err := own.Become(t.as)
			if err == nil {
				err = guardSelf() // a change of user undoes that where fs.suid_dumpable is 1
			}
			if err != nil {
				t.done <- err
				return
			}
		}
		t.do()
		t.done <- nil
		if t.as != nil && own.Back() != nil {
			return
		}
		t = <-w.tasks
	}
}

// settle gives the calling thread a directory and a creation mask of its own,
// and confines it.
func (w *workers) settle() error {
	if err := unix.Unshare(unix.CLONE_FS); err != nil {
		return err
	}
	if w.ruleset < 0 {
		return nil
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if e := sys.RestrictThread(w.ruleset, 0); e != 0 {
		return e
	}
	return nil
}
