package launcher

import (
	"runtime"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/identity"
	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
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
// waiting gets EAGAIN.
const maxPerformers = 128

type task struct {
	call *notify.Call
	as   *procfs.Identity // nil: as the launcher is
	do   func()
}

func (p *performers) init(l *launch, ruleset int) {
	p.changing = l.mayChangeUser()
	p.plain.tasks, p.confined.tasks = make(chan task), make(chan task)
	p.plain.ruleset, p.confined.ruleset = -1, ruleset
}

// direct does something for a call that Landlock does not look at. Unless it may
// take long, the calling thread does it, if that is no stronger than the caller.
func (p *performers) direct(c *notify.Call, long bool, do func()) {
	if !long && !p.changing {
		do()
		return
	}
	p.start(c, &p.plain, do)
}

// inDomain does something for a call that Landlock looks at: an address is used.
func (p *performers) inDomain(c *notify.Call, do func()) { p.start(c, &p.confined, do) }

// start has a worker do it, a new one if none waits.
func (p *performers) start(c *notify.Call, w *workers, do func()) {
	t := task{call: c, do: do}
	if p.changing {
		st, err := c.Status()
		id, ok := procfs.Identity{}, false
		if err == nil {
			id, ok = st.Identity()
		}
		if !ok {
			c.Fail(unix.EPERM)
			return
		}
		t.as = &id
	}
	select {
	case w.tasks <- t:
		return
	default:
	}
	if w.count.Add(1) > maxPerformers {
		w.count.Add(-1)
		c.Fail(unix.EAGAIN)
		return
	}
	go w.work(t)
}

// work is a worker's life. Its thread is never given back to Go's runtime: it
// ends with the goroutine.
func (w *workers) work(t task) {
	runtime.LockOSThread()
	defer w.count.Add(-1)
	if err := w.settle(); err != nil {
		t.call.Fail(unix.EPERM)
		return
	}
	var own identity.Thread
	for {
		if t.as != nil {
			if err := own.Become(t.as); err != nil {
				t.call.Fail(unix.EPERM)
				return
			}
		}
		t.do()
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
	if e := sys.RestrictThread(w.ruleset); e != 0 {
		return e
	}
	return nil
}

// mayChangeUser reports whether the program may change its ids.
func (l *launch) mayChangeUser() bool {
	return l.spec.Promises.Has(promises.ID) && unix.Geteuid() == 0 && (l.spec.User == nil || l.spec.User.UID == 0)
}
