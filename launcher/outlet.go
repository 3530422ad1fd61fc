package launcher

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/pledge-linux/pledge/launcher/event"
)

const (
	// maxQueue bounds the events that wait for a sink.
	maxQueue = 1024
	// keepUp is how long a call waits for its own line, so that it stands before
	// what the program says about its failure.
	keepUp = 250 * time.Millisecond
)

// patience is how long a report waits at its end for a sink that takes nothing.
// Tests have less.
var patience = 5 * time.Second

// An outlet brings events to a sink in order. A sink can block, on a pipe that
// the program shares and has filled; only its outlet waits then, never the
// supervisor. What does not fit into the queue is lost, and counted.
type outlet struct {
	sink  event.Sink
	queue chan item
	late  bool         // it did not keep up: nobody waits for its lines
	lost  atomic.Int64 // events that did not fit, or that the sink did not take
	taken atomic.Int64 // events that it took
	err   error        // the first of the sink's; read when the summary was told
}

// item is what goes to a sink: an event, or the summary.
type item struct {
	event   *event.Event
	summary string
	done    chan struct{} // closed when it was told
}

func newOutlet(s event.Sink) *outlet {
	o := &outlet{sink: s, queue: make(chan item, maxQueue)}
	go o.run()
	return o
}

func (o *outlet) run() {
	for i := range o.queue {
		o.tell(i)
		close(i.done)
	}
}

func (o *outlet) tell(i item) {
	var err error
	if i.event != nil {
		err = o.sink.Event(i.event)
	} else {
		err = o.sink.Summary(i.summary + o.losses())
	}
	if err == nil {
		o.taken.Add(1)
		return
	}
	o.lost.Add(1)
	if o.err == nil {
		o.err = err
	}
}

func (o *outlet) losses() string {
	n := o.lost.Load()
	if n == 0 {
		return ""
	}
	return "; " + plural(int(n), "line") + " of this report could not be written"
}

// put queues an event. It returns what is closed when it was told, or nil if
// that is not to be waited for.
func (o *outlet) put(e *event.Event) <-chan struct{} {
	if o.late && len(o.queue) == 0 {
		o.late = false
	}
	i := item{event: e, done: make(chan struct{})}
	select {
	case o.queue <- i:
	default:
		o.lost.Add(1)
		return nil
	}
	if o.late {
		return nil
	}
	return i.done
}

// await waits a moment for lines that were put.
func await(lines []<-chan struct{}, outlets []*outlet) {
	end := time.NewTimer(keepUp)
	defer end.Stop()
	for i, done := range lines {
		if done == nil {
			continue
		}
		select {
		case <-done:
		case <-end.C:
			outlets[i].late = true
			end.Reset(0)
		}
	}
}

// close tells what is left and the summary. It waits as long as the sink takes
// something, and returns the first error.
func (o *outlet) close(summary string) error {
	i := item{summary: summary, done: make(chan struct{})}
	queue := o.queue
	for before := o.taken.Load(); ; {
		select {
		case queue <- i:
			close(o.queue)
			queue = nil
		case <-i.done:
			return o.err
		case <-time.After(patience):
			now := o.taken.Load()
			if now == before {
				return fmt.Errorf("%s could not be written: for %v nobody took them", plural(int(o.lost.Load())+len(o.queue)+1, "line"), patience)
			}
			before = now
		}
	}
}
