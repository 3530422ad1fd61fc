//go:build unix

package systrace

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/pledge-linux/pledge/compat/systrace/enforce"
)

const (
	burst  = 20  // equal records that are written in a period
	kinds  = 100 // different ones that are told apart in a period
	period = time.Second
)

// limiter writes all that rules with "log" say, and else a few equal records a period and then how many more there
// were, so that nothing is lost unsaid.
type limiter struct {
	places []place
	stderr io.Writer

	mu    sync.Mutex
	seen  map[string]*flood
	since time.Time
}

// flood is records that are equal, or that are of one program and too many to
// be told apart.
type flood struct {
	last  *enforce.Record
	n     int
	mixed bool
}

func newLimiter(places []place, stderr io.Writer) *limiter {
	return &limiter{places: places, stderr: stderr, seen: map[string]*flood{}}
}

func (l *limiter) write(r *enforce.Record) {
	for i := range l.places {
		l.places[i].put(r, l.stderr)
	}
}

// Record takes one record.
func (l *limiter) Record(r *enforce.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.Time.Sub(l.since) > period {
		l.flush()
		l.since = r.Time
		time.AfterFunc(2*period, l.quiet)
	}
	if r.Rule != "" { // a rule that asks for it, which may permit what matters
		l.write(r)
		return
	}
	f := l.floodOf(r)
	f.last = r
	if f.n++; f.n <= burst && !f.mixed {
		l.write(r)
	}
}

func (l *limiter) floodOf(r *enforce.Record) *flood {
	key := r.Key()
	f := l.seen[key]
	if f == nil && len(l.seen) >= kinds {
		key = r.Program
		f = l.seen[key]
	}
	if f == nil {
		f = &flood{mixed: key == r.Program}
		l.seen[key] = f
	}
	return f
}

// quiet writes what is left when nothing has been logged for a while.
func (l *limiter) quiet() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.since) > period {
		l.flush()
	}
}

// Close writes what is left, and says what could not be written.
func (l *limiter) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flush()
	var all sync.WaitGroup
	for _, p := range l.places {
		if p.outlet == nil {
			continue
		}
		tell := func(lost int) { fmt.Fprint(l.stderr, lossOf(p.name, lost)) }
		all.Go(func() {
			if left := p.outlet.close(tell); left > 0 {
				tell(left)
			}
		})
	}
	all.Wait()
}

func (l *limiter) flush() {
	for _, f := range l.seen {
		rest := *f.last
		switch {
		case f.mixed:
			rest.Count = f.n
			rest.Line = fmt.Sprintf("%d more of %s, the last one: %s", f.n, rest.Program, rest.Line)
			l.write(&rest)
		case f.n > burst:
			rest.Count = f.n - burst
			rest.Line = fmt.Sprintf("%d more like this: %s", rest.Count, rest.Line)
			l.write(&rest)
		}
	}
	clear(l.seen)
}
