package spool_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/fleet/envelope"
	"github.com/pledge-linux/pledge/fleet/spool"
)

const boot = "01234567-89ab-cdef-0123-456789abcdef"

func events(n, sev, size int) (list []envelope.Event) {
	for range n {
		list = append(list, envelope.Event{Type: "call.refused", Sev: sev, Body: json.RawMessage(`"` + strings.Repeat("x", size) + `"`)})
	}
	return list
}

func open(t *testing.T, d spool.Disk, limit int64) *spool.Spool {
	t.Helper()
	s, err := spool.Open(d, spool.Options{Host: "web17", Boot: boot, Limit: limit})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func appendTo(t *testing.T, s *spool.Spool, list []envelope.Event) {
	t.Helper()
	if err := s.Append(list); err != nil {
		t.Fatal(err)
	}
}

// drain sends everything and returns what arrived, by number.
func drain(t *testing.T, s *spool.Spool) (got map[uint64]envelope.Event, order []int) {
	t.Helper()
	got = map[uint64]envelope.Event{}
	for {
		f, err := s.Next()
		if err != nil {
			t.Fatal(err)
		}
		if f == nil {
			return got, order
		}
		for _, e := range f.Events {
			if _, twice := got[e.Seq]; twice {
				t.Fatalf("%d is sent twice", e.Seq)
			}
			got[e.Seq] = e
			order = append(order, e.Sev)
		}
		if err := s.Done(f); err != nil {
			t.Fatal(err)
		}
	}
}

func TestKeepsUntilSent(t *testing.T) {
	d := spool.Dir(t.TempDir())
	s := open(t, d, 1<<20)
	appendTo(t, s, events(3, envelope.Notice, 10))
	appendTo(t, s, events(2, envelope.Alert, 10))
	s = open(t, d, 1<<20) // the first one was killed
	got, order := drain(t, s)
	if len(got) != 5 || !slices.Equal(order, []int{4, 4, 2, 2, 2}) {
		t.Fatalf("sent %d, in the order %v", len(got), order)
	}
	if got, _ := drain(t, open(t, d, 1<<20)); len(got) != 0 {
		t.Errorf("%d are sent again", len(got))
	}
	appendTo(t, s, events(1, envelope.Notice, 10))
	if got, _ := drain(t, s); got[6].Seq != 6 {
		t.Errorf("got %v, want number 6", got)
	}
}

func TestFullDropsLeastAndCounts(t *testing.T) {
	d := spool.Dir(t.TempDir())
	s := open(t, d, 256<<10)
	const alerts, refusals = 20, 2000
	appendTo(t, s, events(alerts, envelope.Alert, 100))
	for range refusals / 10 {
		appendTo(t, s, events(10, envelope.Notice, 400))
	}
	if st := s.Status(); st.Bytes > 256<<10 {
		t.Errorf("%d bytes are kept", st.Bytes)
	}
	got, order := drain(t, open(t, d, 256<<10))
	var gap envelope.Gap
	for _, e := range got {
		if e.Type == "gap" {
			if err := json.Unmarshal(e.Body, &gap); err != nil || gap.Count == 0 {
				t.Fatal(gap, err)
			}
		}
	}
	if order[0] != envelope.Alert || len(got)-1+int(gap.Count) != alerts+refusals {
		t.Errorf("%d arrived, and a gap %v; sent were %d", len(got), gap, alerts+refusals)
	}
	for n := uint64(1); n <= alerts; n++ {
		if got[n].Sev != envelope.Alert {
			t.Errorf("alert %d was dropped before refusals", n)
		}
	}
	if gap.From != alerts+1 || gap.Sevs[envelope.Notice] != int(gap.Count) {
		t.Errorf("gap %+v", gap)
	}
}

// Sent events are kept while there is room, and are no loss when they go.
func TestSentGoesFirst(t *testing.T) {
	s := open(t, spool.Dir(t.TempDir()), 128<<10)
	for range 50 {
		appendTo(t, s, events(10, envelope.Alert, 400))
		drain(t, s)
		appendTo(t, s, events(1, envelope.Debug, 10))
	}
	if st := s.Status(); st.Lost != 0 {
		t.Errorf("lost %d", st.Lost)
	}
}

// plug is a disk whose power can be cut: what was not synced is gone, or half
// there.
type plug struct {
	now, kept map[string]*data // names, and names that last
	left      int              // operations until the cut; then all fail
	random    *rand.Rand
}

type data struct{ all, synced []byte }

var errPower = fmt.Errorf("no power")

func (p *plug) step() error {
	p.left--
	if p.left < 0 {
		return errPower
	}
	return nil
}

// cut returns the disk after the power is back.
func (p *plug) cut(next int) *plug {
	q := &plug{now: map[string]*data{}, kept: map[string]*data{}, left: next, random: p.random}
	names := p.kept
	if p.random.IntN(2) == 0 {
		names = p.now // the names were written, as happens
	}
	for n, d := range names {
		whole := slices.Clone(d.synced)
		if more := len(d.all) - len(d.synced); more > 0 {
			whole = slices.Clone(d.all[:len(d.synced)+p.random.IntN(more+1)])
			if len(whole) > len(d.synced) && p.random.IntN(2) == 0 {
				whole[len(whole)-1] ^= 0x40
			}
		}
		f := &data{whole, slices.Clone(whole)}
		q.now[n], q.kept[n] = f, f
	}
	return q
}

func (p *plug) List() ([]string, error) { return slices.Collect(maps.Keys(p.now)), p.step() }
func (p *plug) Sync() error {
	if err := p.step(); err != nil {
		return err
	}
	p.kept = maps.Clone(p.now)
	return nil
}
func (p *plug) Read(name string) ([]byte, error) {
	if f := p.now[name]; f != nil {
		return slices.Clone(f.all), p.step()
	}
	return nil, fs.ErrNotExist
}
func (p *plug) ReadAt(name string, at, size int64) ([]byte, error) {
	data, err := p.Read(name)
	if err != nil {
		return nil, err
	}
	return data[at : at+size], nil
}
func (p *plug) Create(name string) (spool.File, error) {
	f := &data{}
	if err := p.step(); err != nil {
		return nil, err
	}
	p.now[name] = f
	return &handle{p, f}, nil
}
func (p *plug) Rename(a, b string) error {
	if err := p.step(); err != nil {
		return err
	}
	p.now[b] = p.now[a]
	delete(p.now, a)
	return nil
}
func (p *plug) Remove(name string) error {
	if err := p.step(); err != nil {
		return err
	}
	delete(p.now, name)
	return nil
}

type handle struct {
	p *plug
	d *data
}

func (h *handle) Write(b []byte) (int, error) {
	if err := h.p.step(); err != nil {
		h.d.all = append(h.d.all, b[:len(b)/2]...)
		return len(b) / 2, err
	}
	h.d.all = append(h.d.all, b...)
	return len(b), nil
}
func (h *handle) Sync() error {
	if err := h.p.step(); err != nil {
		return err
	}
	h.d.synced = slices.Clone(h.d.all)
	return nil
}
func (h *handle) Close() error { return nil }

// The power is cut at every moment of a life. What Append took is sent or
// counted, all of it; nothing is counted that was sent and said to be.
func TestPowerCut(t *testing.T) {
	for seed := range uint64(80) {
		p := &plug{now: map[string]*data{}, kept: map[string]*data{}, random: rand.New(rand.NewPCG(seed, 1))}
		l := &life{promised: map[uint64]bool{}, got: map[uint64]bool{}, done: map[uint64]bool{}, all: map[uint64]bool{}}
		for range 6 {
			p = p.cut(5 + p.random.IntN(200))
			l.run(p)
		}
		p = p.cut(1 << 30)
		l.finish(t, p)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// life is what a host and its hub know. Numbers are what a host gave.
type life struct {
	promised, got, done, all map[uint64]bool
	gaps                     map[uint64]envelope.Gap
}

func (l *life) run(p *plug) {
	s, err := spool.Open(p, spool.Options{Host: "web17", Boot: boot, Limit: 24 << 10})
	for err == nil {
		list := events(1+p.random.IntN(4), p.random.IntN(5), 200)
		err = s.Append(list)
		for _, e := range list {
			l.all[e.Seq] = true
			if err == nil {
				l.promised[e.Seq] = true
			}
		}
		if err == nil && p.random.IntN(3) == 0 {
			err = l.send(s)
		}
	}
}

func (l *life) send(s *spool.Spool) error {
	f, err := s.Next()
	if f == nil || err != nil {
		return err
	}
	for _, e := range f.Events {
		l.got[e.Seq] = true
		if e.Type == "gap" {
			var g envelope.Gap
			json.Unmarshal(e.Body, &g)
			if l.gaps == nil {
				l.gaps = map[uint64]envelope.Gap{}
			}
			l.gaps[e.Seq] = g
		}
	}
	return s.Done(f)
}

func (l *life) finish(t *testing.T, p *plug) {
	s, err := spool.Open(p, spool.Options{Host: "web17", Boot: boot, Limit: 24 << 10})
	if err != nil {
		t.Fatal(err)
	}
	for {
		f, err := s.Next()
		if err != nil {
			t.Fatal(err)
		}
		if f == nil {
			break
		}
		if err := l.send(s); err != nil {
			t.Fatal(err)
		}
	}
	lost, counted := 0, 0
	for n := range l.promised {
		if !l.got[n] {
			lost++
		}
	}
	for _, g := range l.gaps {
		counted += int(g.Count)
	}
	// A frame that was on the disk whole without being promised may be counted
	// when it is dropped, and one that arrived as the power went.
	if counted < lost {
		t.Errorf("%d promised events are gone, %d are counted", lost, counted)
	}
	if counted > lost+len(l.all)-len(l.promised)+24*7 {
		t.Errorf("%d are counted, %d are gone", counted, lost)
	}
}
