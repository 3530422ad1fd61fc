//go:build unix

package systrace

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pledge-linux/pledge/internal/quote"
)

const (
	// maxQueue bounds what waits to be written.
	maxQueue = 1024
	// keepUp is how long a line is waited for, so that it stands before what the
	// program says about its failure.
	keepUp = 250 * time.Millisecond
)

// patience is how long is waited at the end for a place that takes nothing.
// Tests have less.
var patience = 5 * time.Second

// An outlet writes to one place, in order. The place can block: the program may
// have stopped the terminal, and the log daemon may be stopped. Only the outlet
// waits then, never who answers calls. What does not fit into the queue is lost,
// and counted.
type outlet struct {
	queue chan item
	lost  atomic.Int64
	taken atomic.Int64

	mu   sync.Mutex // guards what follows, and the order of the queue
	late bool       // it did not keep up: nobody waits for its lines
	shut bool
}

type item struct {
	write func()
	done  chan struct{} // closed when it was written
}

func newOutlet() *outlet {
	o := &outlet{queue: make(chan item, maxQueue)}
	go o.run()
	return o
}

func (o *outlet) run() {
	for i := range o.queue {
		i.write()
		o.taken.Add(1)
		close(i.done)
	}
}

// put has something written, and waits a moment for it.
func (o *outlet) put(write func()) {
	i := item{write, make(chan struct{})}
	if !o.enqueue(i) {
		return
	}
	select {
	case <-i.done:
	case <-time.After(keepUp):
		o.mu.Lock()
		o.late = true
		o.mu.Unlock()
	}
}

// enqueue tells whether it is to be waited for.
func (o *outlet) enqueue(i item) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.late && len(o.queue) == 0 {
		o.late = false
	}
	if o.shut {
		return false
	}
	select {
	case o.queue <- i:
		return !o.late
	default:
		o.lost.Add(1)
		return false
	}
}

// close waits until everything is written and says last how much was lost, but
// not for a place that takes nothing: then it returns how much was not written.
// Nothing is written after it.
func (o *outlet) close(last func(lost int)) (left int) {
	o.mu.Lock()
	shut := o.shut
	o.shut = true
	o.mu.Unlock()
	if shut {
		return 0
	}
	end := item{func() {
		if n := int(o.lost.Load()); n > 0 {
			last(n)
		}
	}, make(chan struct{})}
	queue := o.queue
	for before := o.taken.Load(); ; {
		select {
		case queue <- end:
			close(o.queue)
			queue = nil
		case <-end.done:
			return 0
		case <-time.After(patience):
			now := o.taken.Load()
			if now == before {
				return int(o.lost.Load()) + max(len(o.queue), 1)
			}
			before = now
		}
	}
}

// said is a writer of messages that does not block.
type said struct {
	outlet *outlet
	w      io.Writer
}

// Write implements io.Writer.
func (s said) Write(p []byte) (int, error) {
	text := append([]byte(nil), p...)
	s.outlet.put(func() {
		if _, err := s.w.Write(text); err != nil {
			s.outlet.lost.Add(1)
		}
	})
	return len(p), nil
}

// Close writes what is left. Where that is not taken nobody can be told.
func (s said) Close() error {
	s.outlet.close(func(lost int) { fmt.Fprint(s.w, lossOf("standard error", lost)) })
	return nil
}

// lossOf is the line about what was lost.
func lossOf(place string, n int) string {
	return fmt.Sprintf("systrace: %s: messages that could not be written: %d\n", quote.Word(place), n)
}
