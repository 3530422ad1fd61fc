//go:build linux && (amd64 || arm64)

package launcher

import (
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
)

// latecomers are calls that somebody is at work for. A signal ends what a caller
// waits for, also where its work cannot be ended: a connect that has begun goes
// on, as in the kernel. Without that a signal with a handler would keep later
// ones, SIGTERM among them, from the caller as long as it waits.
type latecomers struct {
	mu      sync.Mutex
	since   map[*notify.Call]time.Time
	watched bool
}

func (l *latecomers) add(c *notify.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.since == nil {
		l.since = map[*notify.Call]time.Time{}
	}
	l.since[c] = time.Now()
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

// watch looks at calls that take longer than any that does not wait.
func (l *latecomers) watch() {
	for idle := 0; ; {
		time.Sleep(look)
		calls, some := l.old()
		var told processes
		for _, c := range calls {
			switch c.Interrupted() {
			case notify.Signal:
				c.Interrupt(unix.EINTR)
			case notify.Shared:
				if told.first(c) {
					c.Interrupt(unix.EINTR)
				}
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

// old are the calls that take long; some is set if there are any at all.
func (l *latecomers) old() (calls []*notify.Call, some bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for c, since := range l.since {
		if time.Since(since) >= look {
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
