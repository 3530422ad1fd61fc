//go:build linux && (amd64 || arm64)

package launcher

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/sys"
)

// places bounds how many calls are at work at once.
type places chan struct{}

// take waits for a place. It gives up where none is given back for long: the
// calls that hold them all wait for somebody who does not come.
func (p places) take() bool {
	select {
	case p <- struct{}{}:
		return true
	default:
	}
	const long = 10 * time.Second
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case p <- struct{}{}:
		return true
	case <-t.C:
		return false
	}
}

// give gives a place back.
func (p places) give() { <-p }

// latecomers are callers whose connect waits for the other side. A signal ends
// their wait as the kernel would, and so does their death: nobody's connects may
// hold the threads that others need. Without that a signal with a
// handler would keep later ones, SIGTERM among them, from the caller. What is read,
// judged, sent or received is never ended so: a signal is no way past a penalty,
// and loses no message.
type latecomers struct {
	mu      sync.Mutex
	since   map[*notify.Call]wait
	watched bool
	ready   sync.Once
}

// A wait is a thread that makes the call in a caller's stead.
type wait struct {
	since time.Time
	tid   int
}

// interruption ends a system call that such a thread is in. Go's runtime has a
// handler for it, which does nothing.
const interruption = unix.Signal(40)

// add takes note of the calling thread, until remove.
func (l *latecomers) add(c *notify.Call) {
	l.ready.Do(func() { sys.Interrupting(int(interruption)) })
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.since == nil {
		l.since = map[*notify.Call]wait{}
	}
	l.since[c] = wait{time.Now(), unix.Gettid()}
	if !l.watched {
		l.watched = true
		go l.watch()
	}
}

func (l *latecomers) remove(c *notify.Call) {
	l.mu.Lock()
	delete(l.since, c)
	l.mu.Unlock()
}

// watch looks at connects that take longer than one that does not wait.
func (l *latecomers) watch() {
	for idle := 0; ; {
		time.Sleep(look)
		calls, some := l.old()
		var told processes
		for _, c := range calls {
			why := c.Interrupted()
			if !c.Waiting() || why == notify.Signal || why == notify.Shared && told.first(c) {
				l.interrupt(c)
			}
		}
		if idle++; some {
			idle = 0
		}
		if idle > 20 && l.rest() {
			return
		}
	}
}

// interrupt ends a wait that still lasts.
func (l *latecomers) interrupt(c *notify.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if w, waits := l.since[c]; waits {
		c.Interrupt(unix.EINTR)
		unix.Tgkill(unix.Getpid(), w.tid, interruption)
	}
}

// old are the calls that take long; some is set if there are any at all.
func (l *latecomers) old() (calls []*notify.Call, some bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c, w := range l.since {
		if time.Since(w.since) >= look {
			calls = append(calls, c)
		}
	}
	return calls, len(l.since) > 0
}

// rest ends the watch if there is nothing to look at.
func (l *latecomers) rest() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watched = len(l.since) > 0
	return !l.watched
}
