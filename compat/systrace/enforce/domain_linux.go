//go:build amd64 || arm64

package enforce

import (
	"os"
	"runtime"
	"strconv"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// domain is a Landlock domain that a program has put on itself: what is
// performed for it is performed by threads that have put the same on
// themselves.
type domain struct {
	engine   *engine
	rulesets []ruleset    // the first one first
	idle     chan *worker // threads that have nothing to do
	gone     atomic.Bool  // nobody is in it any more
}

// ruleset is what landlock_restrict_self(2) was called with.
type ruleset struct {
	fd    int
	flags uint64
}

// maxDomains is how many domains there may be at a time, and sweepDomains from
// how many on it is looked which are left: their descriptors are kept.
const (
	maxDomains   = 256
	sweepDomains = 16
)

// restricts follows a program into a Landlock domain before the kernel has it
// enter. What the kernel refuses here it refuses there.
func (e *engine) restricts(c *call) unix.Errno {
	fd, err := c.descriptorOf(c.Args[0])
	if err != nil {
		return 0
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	p := c.process
	d := &domain{engine: e, idle: make(chan *worker, maxWaiting)}
	if outer := p.domainOf(c.tid()); outer != nil {
		for _, r := range outer.rulesets {
			if own, err := unix.FcntlInt(uintptr(r.fd), unix.F_DUPFD_CLOEXEC, 0); err == nil {
				d.rulesets = append(d.rulesets, ruleset{own, r.flags})
			}
		}
		if len(d.rulesets) < len(outer.rulesets) {
			d.release()
			unix.Close(fd)
			return unix.E2BIG
		}
	}
	// Threads that everything is in force for at once enter at once.
	d.rulesets = append(d.rulesets, ruleset{fd, c.Args[1] &^ allThreads})
	if e.sweepDomains(); len(e.domains) >= maxDomains {
		d.release()
		return unix.E2BIG
	}
	w, err := d.hire()
	if err != nil {
		d.release()
		return 0
	}
	e.domains = append(e.domains, d)
	d.idle <- w
	e.noteChildren(p) // they are not in it
	p.restrict(c.tid(), d, c.Args[1]&allThreads != 0)
	return 0
}

// sweepDomains drops domains that nobody is in any more. e.mu is held.
func (e *engine) sweepDomains() {
	if len(e.domains) < sweepDomains {
		return
	}
	used := map[*domain]bool{}
	for _, p := range e.processes {
		if !p.alive() {
			continue
		}
		used[p.domain] = true
		for _, d := range p.domains {
			used[d] = true
		}
	}
	left := e.domains[:0]
	for _, d := range e.domains {
		if used[d] {
			left = append(left, d)
			continue
		}
		d.release()
	}
	e.domains = left
}

// release closes what is kept for the domain, and lets its threads end.
func (d *domain) release() {
	d.gone.Store(true)
	for _, r := range d.rulesets {
		unix.Close(r.fd)
	}
	for {
		select {
		case w := <-d.idle:
			close(w.errands)
		default:
			return
		}
	}
}

// allThreads is LANDLOCK_RESTRICT_SELF_TSYNC.
const allThreads = 1 << 3

// restrict notes a thread's domain. Those that it begins from then on have it
// too.
func (p *process) restrict(tid int, d *domain, all bool) {
	tasks, _ := os.ReadDir("/proc/" + strconv.Itoa(p.pid) + "/task")
	if all || len(tasks) < 2 {
		p.domain, p.domains = d, nil
		return
	}
	if p.domains == nil {
		p.domains = map[int]*domain{}
		for _, t := range tasks {
			if n, err := strconv.Atoi(t.Name()); err == nil {
				p.domains[n] = p.domain
			}
		}
	}
	p.domain, p.domains[tid] = d, d
}

// domainOf is a thread's domain, nil if it has none.
func (p *process) domainOf(tid int) *domain {
	if d, ok := p.domains[tid]; ok {
		return d
	}
	return p.domain
}

// hire makes a thread that is in the domain.
func (d *domain) hire() (w *worker, err error) {
	made := make(chan struct{})
	go func() {
		runtime.LockOSThread() // the thread ends with this
		if w, err = newWorker(d.engine); err == nil {
			err = d.enter()
		}
		close(made)
		if err != nil {
			return
		}
		for f := range w.errands {
			f()
			w.finished <- struct{}{}
		}
	}()
	<-made
	return w, err
}

// enter puts the calling thread into the domain.
func (d *domain) enter() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	for _, r := range d.rulesets {
		if e := sys.RestrictThread(r.fd, r.flags); e != 0 {
			return e
		}
	}
	return nil
}

// as performs f in the domain, for another worker.
func (d *domain) as(w *worker, id *credentials, umask int, f func()) (err error) {
	var inside *worker
	select {
	case inside = <-d.idle:
	default:
		if d.gone.Load() {
			return unix.ESRCH
		}
		if inside, err = d.hire(); err != nil {
			return err
		}
	}
	w.inside.Store(int32(inside.tid))
	inside.errands <- func() { err = inside.as(id, umask, f) }
	<-inside.finished
	w.inside.Store(0)
	if d.gone.Load() {
		close(inside.errands)
		return err
	}
	select {
	case d.idle <- inside:
	default:
		close(inside.errands)
	}
	return err
}
