//go:build amd64 || arm64

package enforce

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// pool are the workers. One leads: it receives a call, answers it, and receives
// the next. All would be woken by every call if more than one waited for them.
// Where the leader has to wait for something in a caller's stead, another one
// leads on.
type pool struct {
	leader atomic.Pointer[worker]
	// quiet is set when no call has come for a while: nobody looks after the
	// leader then. stirred takes a word when one comes.
	quiet   atomic.Bool
	stirred chan struct{}

	crowd sync.Mutex
	hired atomic.Int32
	all   []*worker // guarded by crowd
	idle  []*worker // guarded by crowd
	done  bool      // guarded by crowd
}

const (
	// maxWorkers is how many calls may wait at a time. Beyond it calls are
	// refused with EAGAIN.
	maxWorkers = 192
	// maxWaiting is how many calls of one process may wait at a time.
	maxWaiting = 48
	// tick is how often it is looked whether the leader waits, and whether
	// callers have signals to handle.
	tick = 2 * time.Millisecond
	// interruption is sent to threads of this process that wait in a caller's
	// stead. Its handler does not have calls made again.
	interruption = unix.Signal(40)
)

// employ starts the first worker and whoever looks after it; without them the
// child is killed.
func (e *engine) employ() error {
	e.stirred = make(chan struct{}, 1)
	signal.Notify(make(chan os.Signal, 1), interruption)
	err := sys.Interrupting(int(interruption))
	if err == nil {
		var first *worker
		if first, err = e.hire(); err == nil {
			e.leader.Store(first)
			first.lead <- struct{}{}
		}
	}
	if err != nil {
		unix.Kill(e.child, unix.SIGKILL)
		return fmt.Errorf("start a thread with a umask of its own: %w", err)
	}
	go e.lookAfter()
	return nil
}

var errCrowded = errors.New("too many calls wait")

// hire makes a worker, which waits to lead.
func (e *engine) hire() (*worker, error) {
	e.crowd.Lock()
	full := len(e.all) >= maxWorkers
	e.crowd.Unlock()
	if full {
		return nil, errCrowded
	}
	made := make(chan *worker)
	var err error
	go func() {
		w, failed := newWorker(e)
		if err = failed; err == nil {
			e.crowd.Lock()
			e.all = append(e.all, w)
			e.hired.Add(1)
			w.inert = len(e.all) == maxWorkers // the last one only refuses
			e.crowd.Unlock()
		}
		made <- w
		if failed == nil {
			<-w.lead
			w.work()
			e.over()
		}
	}()
	w := <-made
	return w, err
}

// over lets all workers go when nobody is confined any more.
func (e *engine) over() {
	e.crowd.Lock()
	defer e.crowd.Unlock()
	e.done = true
	for _, w := range e.idle {
		e.leader.Store(w)
		w.lead <- struct{}{}
	}
	e.idle = nil
}

// park notes that a worker has nothing to do.
func (e *engine) park(w *worker) bool {
	e.crowd.Lock()
	defer e.crowd.Unlock()
	if e.done {
		return false
	}
	e.idle = append(e.idle, w)
	return true
}

// stir has somebody look after the leader.
func (e *engine) stir() {
	if e.quiet.Swap(false) {
		select {
		case e.stirred <- struct{}{}:
		default:
		}
	}
}

// lookAfter has another worker lead when the leader waits, and gives up what
// callers no longer wait for.
func (e *engine) lookAfter() {
	var seen uint64
	var was *worker
	for {
		if e.quiet.Load() && !e.anyWaits() {
			<-e.stirred
		}
		time.Sleep(tick)
		w := e.leader.Load()
		now := w.began.Load()
		if w == was && now == seen && now%2 == 1 || w.inert && e.anyIdle() {
			e.succeed(w)
		}
		was, seen = w, now
		e.giveUp()
	}
}

// leadOn has another worker lead while the leader, which calls it, waits.
func (e *engine) leadOn() { e.succeed(e.leader.Load()) }

// succeed has another worker lead.
func (e *engine) succeed(w *worker) {
	e.crowd.Lock()
	var next *worker
	if n := len(e.idle); n > 0 {
		next, e.idle = e.idle[n-1], e.idle[:n-1]
	}
	e.crowd.Unlock()
	if next == nil {
		var err error
		if next, err = e.hire(); err != nil {
			return
		}
	}
	e.leader.Store(next)
	next.lead <- struct{}{}
}

// waiting are the workers that are about a call and do not lead.
func (e *engine) waiting() (list []*worker) {
	e.crowd.Lock()
	defer e.crowd.Unlock()
	leader := e.leader.Load()
	for _, w := range e.all {
		if w != leader && w.current.Load() != nil {
			list = append(list, w)
		}
	}
	return list
}

func (e *engine) anyIdle() bool {
	e.crowd.Lock()
	defer e.crowd.Unlock()
	return len(e.idle) > 0
}

func (e *engine) anyWaits() bool { return len(e.waiting()) > 0 }

// giveUp interrupts workers whose callers are gone or have a signal to handle.
func (e *engine) giveUp() {
	for _, w := range e.waiting() {
		c := w.current.Load()
		if c == nil {
			continue
		}
		gone, signalled := c.interrupted()
		if !gone && !signalled {
			continue
		}
		c.signalled.Store(true)
		if w.current.Load() == c {
			w.interrupt()
		}
	}
}

// crowded tells whether a process has too many calls that wait.
func (e *engine) crowded(p *process) bool {
	n := 0
	for _, w := range e.waiting() {
		if c := w.current.Load(); c != nil && c.process == p {
			n++
		}
	}
	return n >= maxWaiting
}
