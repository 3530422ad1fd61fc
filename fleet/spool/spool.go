// Package spool keeps events on a host's disk until the hub has them on its own.
//
//	s, err := spool.Open(spool.Dir(dir), spool.Options{Host: host, Boot: boot, Limit: 64 << 20})
//	err = s.Append(events)   // they have numbers now, and survive a power cut
//	frame, err := s.Next()   // what to send
//	err = s.Done(frame)      // the hub has it
//
// Events are kept by severity, in segments of at most a sixteenth of the limit.
// What was sent is kept as well, for as long as there is room: a hub that lost it
// can have it again. When there is no room, what was sent goes first; then the
// oldest segment of the least severity, and what went unsent is counted exactly,
// in one gap record that is sent before all else.
//
// # What is on the disk
//
// A segment is named by its severity and its number. It is a row of frames, each
// with its length and its sum. The file state says what was sent and dropped; it
// is replaced as a whole, before the segments that it drops are removed. So an
// end at any moment leaves either all of a frame or nothing, and each event is
// kept, sent or counted. A frame that was cut off was never promised to anybody.
package spool

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pledge-linux/pledge/fleet/envelope"
)

// Options say whose events a spool has.
type Options struct {
	Host, Boot string
	Limit      int64 // in bytes; 64 MiB if it is 0
}

// A Spool keeps events. Its methods may be called by several goroutines.
type Spool struct {
	disk  Disk
	o     Options
	mu    sync.Mutex
	seq   uint64
	sizes int64
	class [envelope.Severities]class
	state state
	bad   int
}

// class is the segments of one severity, oldest first.
type class struct {
	segments []*segment
	open     File // the last one's
}

// A segment is a file of frames.
type segment struct {
	number int
	size   int64
	frames []span
	sent   int // frames of it that the hub has
}

// span is where a frame is.
type span struct {
	at, size    int64
	count       int
	first, last uint64
	boot        string
}

// A Frame is some events that are sent together, or the record of a gap.
type Frame struct {
	Events []envelope.Event
	class  int
	number int // of the segment
	from   int // frames of it, up to
	to     int
	gap    bool
}

// Open reads what is there.
func Open(d Disk, o Options) (*Spool, error) {
	if o.Limit == 0 {
		o.Limit = 64 << 20
	}
	s := &Spool{disk: d, o: o}
	if err := s.load(); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	return s, nil
}

// Append gives events their host, boot and number and keeps them. When it
// returns nil they are on the disk. After an error none of their numbers is used
// again, so that a hub that counts sees it.
func (s *Spool) Append(events []envelope.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var by [envelope.Severities][]envelope.Event
	for i := range events {
		e := &events[i]
		s.seq++
		e.V, e.Host, e.Boot, e.Seq = envelope.Version, s.o.Host, s.o.Boot, s.seq
		if err := e.Check(); err != nil {
			return fmt.Errorf("spool: %w", err)
		}
		by[e.Sev] = append(by[e.Sev], *e)
	}
	for sev := envelope.Severities - 1; sev >= 0; sev-- {
		for list := by[sev]; len(list) > 0; {
			n := frameOf(list)
			if err := s.write(sev, list[:n]); err != nil {
				return fmt.Errorf("spool: %w", err)
			}
			list = list[n:]
		}
	}
	return nil
}

// maxBytes is how large a frame may be.
const maxBytes = 128 << 10

// frameOf is how many of the events make a frame.
func frameOf(list []envelope.Event) int {
	size := 0
	for i, e := range list {
		size += len(e.Body) + 300
		if i > 0 && (size > maxBytes || i == envelope.MaxFrame) {
			return i
		}
	}
	return len(list)
}

// write appends a frame to the last segment of a severity.
func (s *Spool) write(sev int, list []envelope.Event) error {
	text, err := envelope.Join(list)
	if err != nil {
		return err
	}
	record := seal(text)
	if err := s.room(int64(len(record))); err != nil {
		return err
	}
	c := &s.class[sev]
	if c.open == nil || c.last().size+int64(len(record)) > s.o.Limit/16 {
		if err := s.begin(sev); err != nil {
			return err
		}
	}
	_, err = c.open.Write(record)
	if err == nil {
		err = c.open.Sync()
	}
	if err != nil { // nobody knows what of it is there: the next frame begins a file
		c.open.Close()
		c.open = nil
		return err
	}
	g := c.last()
	g.frames = append(g.frames, span{g.size, int64(len(record)), len(list), list[0].Seq, list[len(list)-1].Seq, s.o.Boot})
	g.size += int64(len(record))
	s.sizes += int64(len(record))
	return nil
}

func (c *class) last() *segment { return c.segments[len(c.segments)-1] }

// begin starts a new segment.
func (s *Spool) begin(sev int) error {
	c := &s.class[sev]
	if c.open != nil {
		c.open.Close()
		c.open = nil
	}
	number := s.state.Dropped[sev] + 1
	if len(c.segments) > 0 {
		number = c.last().number + 1
	}
	f, err := s.disk.Create(name(sev, number))
	if err != nil {
		return err
	}
	if err := s.disk.Sync(); err != nil {
		f.Close()
		return err
	}
	c.open = f
	c.segments = append(c.segments, &segment{number: number})
	return nil
}

// Next returns what to send next, or nil: the record of a gap, then the oldest
// frame of the greatest severity that has one. It is the same until it is Done.
func (s *Spool) Next() (*Frame, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e, err := s.gapEvent(); e != nil || err != nil {
		return &Frame{Events: []envelope.Event{*e}, gap: true}, err
	}
	for sev := envelope.Severities - 1; sev >= 0; sev-- {
		for _, g := range s.class[sev].segments {
			if g.sent < len(g.frames) {
				return s.some(sev, g)
			}
		}
	}
	return nil, nil
}

// some returns as many frames of a segment as make one.
func (s *Spool) some(sev int, g *segment) (*Frame, error) {
	f := &Frame{class: sev, number: g.number, from: g.sent, to: g.sent}
	count, size := 0, int64(0)
	for _, at := range g.frames[g.sent:] {
		count, size = count+at.count, size+at.size
		if f.to > f.from && (count > envelope.MaxFrame || size > maxBytes) {
			break
		}
		f.to++
	}
	events, err := s.read(sev, g, g.frames[f.from:f.to])
	f.Events = events
	return f, err
}

// ErrChanged is of a frame that is no longer what is to be sent: it was dropped.
var ErrChanged = errors.New("spool: the frame is gone")

// Done says that the hub has a frame on its disk.
func (s *Spool) Done(f *Frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.gap {
		if s.state.Sending == nil || s.state.Sending.Seq != f.Events[0].Seq {
			return ErrChanged
		}
		s.state.Sending = nil
		return s.save()
	}
	for _, g := range s.class[f.class].segments {
		if g.number == f.number && g.sent == f.from {
			g.sent = f.to
			return s.save()
		}
	}
	return ErrChanged
}

// read reads frames from the disk.
func (s *Spool) read(sev int, g *segment, frames []span) (list []envelope.Event, err error) {
	last := frames[len(frames)-1]
	start := frames[0].at
	data, err := s.disk.ReadAt(name(sev, g.number), start, last.at+last.size-start)
	if err != nil {
		return nil, err
	}
	for _, at := range frames {
		text, _, err := unseal(data[at.at-start:])
		if err != nil {
			return nil, err
		}
		events, err := envelope.Split(text)
		if err != nil {
			return nil, err
		}
		list = append(list, events...)
	}
	return list, nil
}

// Status is how full a spool is.
type Status struct {
	Bytes   int64  // on the disk
	Waiting uint64 // events that were not sent
	Seq     uint64 // of the last event
	Lost    uint64 // events that were dropped unsent, in this spool's life
	Damaged int    // frames that could not be read when it was opened
}

// Status tells it.
func (s *Spool) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Status{Bytes: s.sizes, Seq: s.seq, Lost: s.state.Lost, Damaged: s.bad}
	for sev := range s.class {
		for _, g := range s.class[sev].segments {
			for _, f := range g.frames[g.sent:] {
				st.Waiting += uint64(f.count)
			}
		}
	}
	return st
}

// Close closes the files.
func (s *Spool) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for i := range s.class {
		if f := s.class[i].open; f != nil {
			errs = append(errs, f.Close())
			s.class[i].open = nil
		}
	}
	return errors.Join(errs...)
}

// gapEvent is the record of a gap that is still to be sent.
func (s *Spool) gapEvent() (*envelope.Event, error) {
	if s.state.Sending == nil && s.state.Gap.Count > 0 {
		s.seq++
		gap := s.state.Gap
		s.state.Sending = &sending{Seq: s.seq, Boot: s.o.Boot, Time: time.Now(), Gap: gap}
		s.state.Gap = envelope.Gap{}
		if err := s.save(); err != nil {
			return &envelope.Event{}, err
		}
	}
	if s.state.Sending == nil {
		return nil, nil
	}
	g := s.state.Sending
	body, err := json.Marshal(g.Gap)
	return &envelope.Event{V: envelope.Version, Type: "gap", Host: s.o.Host, Boot: g.Boot, Seq: g.Seq,
		Time: g.Time, Sev: envelope.Alert, Body: body}, err
}
