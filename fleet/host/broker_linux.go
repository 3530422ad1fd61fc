// Package host is a machine's side of the fleet: it takes what supervisors tell,
// keeps it on the disk, and sends it to the hub until the hub has it on its own.
//
// Nobody who tells something waits for the broker, and the broker's spool waits
// for the hub, not for the network.
package host

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/fleet/envelope"
	"github.com/pledge-linux/pledge/fleet/spool"
	"github.com/pledge-linux/pledge/internal/landlock"
)

// A Link brings frames to the hub.
type Link interface {
	// Send returns when the hub has the events on its disk.
	Send(ctx context.Context, events []envelope.Event) error
}

// Options are a broker's. What is zero has a default.
type Options struct {
	Spool  *spool.Spool
	Listen *Listener // nil for none
	Link   Link
	Agent  string
	Beat   time.Duration // between heartbeats; a minute
	Gather time.Duration // how long events are gathered for one write; 250 ms
	Pace   time.Duration // between frames of no urgency; 2 s
	Rate   float64       // events a second that a backlog is sent with; 200
	Herd   time.Duration // after a failure, at most so long is waited; a minute
}

func (o *Options) defaults() {
	for _, d := range []struct {
		at    *time.Duration
		value time.Duration
	}{{&o.Beat, time.Minute}, {&o.Gather, 250 * time.Millisecond}, {&o.Pace, 2 * time.Second}, {&o.Herd, time.Minute}} {
		if *d.at == 0 {
			*d.at = d.value
		}
	}
	if o.Rate == 0 {
		o.Rate = 200
	}
}

// A Broker is what pledged does.
type Broker struct {
	o    Options
	in   chan envelope.Event
	more chan struct{} // there may be something to send
}

// New makes a broker.
func New(o Options) *Broker {
	o.defaults()
	return &Broker{o: o, in: make(chan envelope.Event, 4096), more: make(chan struct{}, 1)}
}

// Tell has an event of the broker's own kept.
func (b *Broker) Tell(kind string, sev int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		text = nil
	}
	b.in <- envelope.Event{Type: kind, Sev: envelope.Severity(kind, sev), Time: time.Now().UTC(), Mono: sinceBoot(), Body: text}
}

// Run works until the context is done. An error is of the spool or the socket:
// without them nothing is watched.
func (b *Broker) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	fail := func(err error) {
		if err != nil && ctx.Err() == nil {
			stop(err)
		}
	}
	kept := make(chan struct{})
	go func() { fail(b.keep(ctx)); close(kept) }()
	if b.o.Listen != nil {
		go func() { fail(b.listen(ctx)) }()
	}
	sent := make(chan struct{})
	go func() { b.send(ctx); close(sent) }()
	<-ctx.Done()
	<-kept
	<-sent
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

func (b *Broker) listen(ctx context.Context) error {
	for {
		e, err := b.o.Listen.Next()
		if err != nil {
			return err
		}
		select {
		case b.in <- e:
		case <-ctx.Done():
			return nil
		}
	}
}

// keep gathers events and appends them to the spool.
func (b *Broker) keep(ctx context.Context) error {
	b.beat("host.hello")
	beat := time.NewTicker(b.o.Beat)
	defer beat.Stop()
	for {
		select {
		case e := <-b.in:
			if err := b.append(b.gather(e)); err != nil {
				return err
			}
		case <-beat.C:
			b.beat("host.beat")
		case <-ctx.Done():
			b.beat("host.bye")
			for len(b.in) > 0 {
				if err := b.append(b.gather(<-b.in)); err != nil {
					return err
				}
			}
			return nil
		}
	}
}

// gather takes what comes within a moment.
func (b *Broker) gather(e envelope.Event) []envelope.Event {
	list := []envelope.Event{e}
	soon := time.After(b.o.Gather)
	for len(list) < envelope.MaxFrame && e.Sev < envelope.Warning {
		select {
		case e = <-b.in:
			list = append(list, e)
		case <-soon:
			return list
		}
	}
	return list
}

func (b *Broker) append(list []envelope.Event) error {
	for i := range list {
		list[i].Agent = b.o.Agent
	}
	if err := b.o.Spool.Append(list); err != nil {
		return err
	}
	select {
	case b.more <- struct{}{}:
	default:
	}
	return nil
}

// beat says how this host is. It never waits for room: a later one says more.
func (b *Broker) beat(kind string) {
	st := b.o.Spool.Status()
	beat := envelope.Beat{Arch: runtime.GOARCH, Landlock: landlock.ABI(), Spooled: st.Bytes, Waiting: st.Waiting, Lost: st.Lost, Last: st.Seq}
	beat.Name, _ = os.Hostname()
	if text, err := os.ReadFile("/proc/sys/kernel/osrelease"); err == nil {
		beat.Kernel = strings.TrimSpace(string(text))
	}
	if b.o.Listen != nil {
		beat.Refused = b.o.Listen.Refused()
	}
	text, _ := json.Marshal(beat)
	select {
	case b.in <- envelope.Event{Type: kind, Sev: envelope.Severity(kind, 0), Time: time.Now().UTC(), Mono: sinceBoot(), Body: text}:
	default:
	}
}

// send brings frames to the hub, for ever.
func (b *Broker) send(ctx context.Context) {
	limit := newBucket(b.o.Rate, b.o.Rate)
	for ctx.Err() == nil {
		f, err := b.o.Spool.Next()
		if err != nil {
			slog.Error("the spool cannot be read", "error", err)
			b.wait(ctx, b.o.Herd, nil)
			continue
		}
		if f == nil {
			b.wait(ctx, time.Hour, b.more)
			continue
		}
		if !b.sendOne(ctx, f) {
			b.wait(ctx, rand.N(b.o.Herd), nil)
			continue
		}
		b.slow(ctx, f, limit)
	}
}

func (b *Broker) sendOne(ctx context.Context, f *spool.Frame) bool {
	if err := b.o.Link.Send(ctx, f.Events); err != nil {
		slog.Debug("not sent yet", "error", err)
		return false
	}
	if err := b.o.Spool.Done(f); err != nil && !errors.Is(err, spool.ErrChanged) {
		slog.Error("the spool cannot say what was sent: it is sent again", "error", err)
		return false
	}
	return true
}

// slow waits after a frame, so that neither many small ones nor a backlog keeps
// the hub from others.
func (b *Broker) slow(ctx context.Context, f *spool.Frame, limit *bucket) {
	limit.fill(time.Now())
	limit.have -= float64(len(f.Events))
	wait := time.Duration(-limit.have / limit.rate * float64(time.Second))
	if f.Events[0].Sev < envelope.Warning && len(f.Events) < envelope.MaxFrame/2 {
		wait = max(wait, b.o.Pace)
	}
	b.wait(ctx, wait, nil)
}

func (b *Broker) wait(ctx context.Context, d time.Duration, sooner <-chan struct{}) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-sooner:
	case <-ctx.Done():
	}
}
