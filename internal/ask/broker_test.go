//go:build unix

package ask

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// reading is a call that needs rpath and a path.
func reading(pid int, path string) *Call {
	return &Call{PID: pid, Program: "prog", Name: "open", Text: "open " + path, Judge: func(p *Policy) (v Verdict) {
		if !p.Words.Has(promises.Rpath) {
			v.Alternatives = []promises.Set{promises.Rpath.Set()}
		}
		if !p.Shows(path, unveil.Read) {
			v.Entries = []Entry{{path, unveil.Read}}
		}
		v.Permit = v.Alternatives == nil && v.Entries == nil
		return v
	}}
}

func broker(t interface{ Fatal(...any) }, o Options) *Broker {
	if o.Base == nil {
		p, err := NewPolicy(Grant{Words: promises.Stdio.Set()})
		if err != nil {
			t.Fatal(err)
		}
		o.Base = p
	}
	return New(o)
}

// begin has a call decided; its outcome comes by the channel.
func begin(b *Broker, c *Call, gone <-chan struct{}) <-chan Outcome {
	out := make(chan Outcome, 1)
	go func() { out <- b.Decide(c, gone) }()
	return out
}

func waiting(t *testing.T, b *Broker, n int) []Question {
	t.Helper()
	for range 10000 {
		sum := 0
		list := b.Questions(false)
		for _, q := range list {
			sum += q.Waiting
		}
		if sum == n {
			return list
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatalf("%d calls never waited: %+v", n, b.Questions(true))
	return nil
}

func TestGroupsAndResolves(t *testing.T) {
	b := broker(t, Options{})
	one, two := begin(b, reading(1, "/data/a/x"), nil), begin(b, reading(1, "/data/a/y"), nil)
	other := begin(b, reading(2, "/data/b/sub/z"), nil)
	list := waiting(t, b, 3)
	if len(list) != 2 {
		t.Fatalf("%d questions, want 2: %+v", len(list), list)
	}
	of := slices.IndexFunc(list, func(q Question) bool { return strings.Contains(q.Title, "/data/a") })
	// The tree above both settles the other question, too.
	tree := slices.IndexFunc(list[of].Suggestions, func(s Suggestion) bool { return s.Breadth == Everything })
	if list[of].Suggestions[tree].Pending != 3 || list[of].Suggestions[tree].Chosen {
		t.Errorf("everything: %+v", list[of].Suggestions[tree])
	}
	r := b.Propose(Proposal{Question: list[of].ID, Action: Permit, Scope: Always, Suggestion: tree + 1, Author: "me", IfPolicy: list[of].Policy})
	if r.Result != Done {
		t.Fatal(r)
	}
	for _, c := range []<-chan Outcome{one, two, other} {
		if o := <-c; !o.Permit {
			t.Errorf("%+v", o)
		}
	}
	if q := b.Questions(true); q[2-1-of].State != Resolved || q[of].State != Answered {
		t.Errorf("states %v %v", q[0].State, q[1].State)
	}
	if r := b.Propose(Proposal{Question: list[of].ID, Action: Deny, Author: "you"}); r.Result != Late || r.By != "me" {
		t.Errorf("%+v", r)
	}
}

func TestConflictUnmatchedAndUndo(t *testing.T) {
	var saved []string
	b := broker(t, Options{Save: func(_, after *Policy) error { saved = append(saved, strings.Join(after.Lines(), "\n")); return nil }})
	before := b.Policy()
	begin(b, reading(1, "/data/a/x"), nil)
	begin(b, reading(1, "/data/b/y"), nil)
	list := waiting(t, b, 2)
	seen := list[0].Policy
	wrong := Grant{Words: promises.Rpath.Set(), Entries: []Entry{{"/elsewhere", unveil.Read}}}
	if r := b.Propose(Proposal{Question: list[0].ID, Action: Permit, Scope: Always, Rule: &wrong, Author: "me"}); r.Result != Unmatched {
		t.Errorf("%+v", r)
	}
	if len(b.Changes()) != 0 || len(saved) != 0 {
		t.Error("a rule that does not match was kept")
	}
	if r := b.Propose(Proposal{Question: list[0].ID, Action: Permit, Scope: Always, Author: "me", IfPolicy: seen}); r.Result != Done {
		t.Fatalf("%+v", r)
	}
	r := b.Propose(Proposal{Question: list[1].ID, Action: Permit, Scope: Always, Author: "you", IfPolicy: seen})
	if r.Result != Conflict || len(r.Diff) == 0 {
		t.Errorf("%+v", r)
	}
	if err := b.Undo(1, "me"); err != nil {
		t.Fatal(err)
	}
	if b.Policy().Digest() != before.Digest() {
		t.Errorf("undo left %v", b.Policy().Lines())
	}
	if c := b.Changes(); len(c) != 2 || !c[0].Undone || c[0].Author != "me" || c[0].Why == "" {
		t.Errorf("%+v", c)
	}
}

func TestDeadlineRefusesAndKeepsNothing(t *testing.T) {
	alone := make(chan bool, 1)
	b := broker(t, Options{Timeout: 2500 * time.Millisecond, Alone: func() { alone <- true }})
	o := b.Decide(reading(1, "/data/a/x"), nil)
	if o.Permit || o.Errno != int(unix.EPERM) || o.State != Expired || len(b.Rules())+len(b.Changes()) != 0 {
		t.Errorf("%+v %v", o, b.Rules())
	}
	select {
	case <-alone:
	default:
		t.Error("nobody was told that nobody answers")
	}
}

func TestScopes(t *testing.T) {
	now := time.Unix(1000, 0)
	var mu sync.Mutex
	b := broker(t, Options{now: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }})
	answer := func(pid int, p Proposal) Outcome {
		c := begin(b, reading(pid, "/data/a/x"), nil)
		list := waiting(t, b, 1)
		p.Question, p.Author = list[len(list)-1].ID, "me"
		if r := b.Propose(p); r.Result != Done {
			t.Fatalf("%+v: %+v", p, r)
		}
		return <-c
	}
	if o := answer(1, Proposal{Action: Permit, Scope: Once}); !o.Permit || len(b.Rules()) != 0 {
		t.Error("once", o, b.Rules())
	}
	if o := answer(1, Proposal{Action: Permit, Scope: Process}); !o.Permit {
		t.Error("process", o)
	}
	if o := b.Decide(reading(1, "/data/a/x"), nil); !o.Permit {
		t.Error("the same process is asked about again", o)
	}
	if o := answer(2, Proposal{Action: Permit, Scope: Until, For: time.Minute}); !o.Permit {
		t.Error("until", o)
	}
	if o := b.Decide(reading(3, "/data/a/x"), nil); !o.Permit {
		t.Error("another process within the time", o)
	}
	mu.Lock()
	now = now.Add(2 * time.Minute)
	mu.Unlock()
	if o := answer(3, Proposal{Action: Defer}); o.Permit || o.State != Later {
		t.Error("later", o)
	}
	if o := b.Decide(reading(3, "/data/a/x"), nil); o.Permit || o.State != Later {
		t.Error("a question for later is asked again", o)
	}
	if list := b.Questions(false); len(list) != 1 || list[0].State != Later || list[0].Count != 2 {
		t.Fatalf("%+v", list)
	}
	wrong := Grant{Entries: []Entry{{"/elsewhere", unveil.Read}}}
	if r := b.Propose(Proposal{Question: b.Questions(false)[0].ID, Action: Permit, Scope: Always, Rule: &wrong, Author: "me"}); r.Result != Unmatched {
		t.Errorf("%+v", r)
	}
	if r := b.Propose(Proposal{Question: b.Questions(false)[0].ID, Action: Permit, Scope: Always, Author: "me"}); r.Result != Done {
		t.Errorf("%+v", r)
	}
	if o := b.Decide(reading(9, "/data/a/x"), nil); !o.Permit {
		t.Error("what was answered later", o)
	}
	if o := answerFor(t, b, "/data/q/x", Proposal{Action: Quiet, Errno: int(unix.ENOENT)}); o.Errno != int(unix.ENOENT) {
		t.Error("quiet", o)
	}
	if o := b.Decide(reading(1, "/data/q/x"), nil); o.Errno != int(unix.ENOENT) {
		t.Error("quiet again", o)
	}
	if o := answerFor(t, b, "/data/k/x", Proposal{Action: Kill}); !o.Kill {
		t.Error("kill", o)
	}
	if o := answerFor(t, b, "/data/l/x", Proposal{Action: Learn}); !o.Permit {
		t.Error("learn", o)
	}
	if b.Policy().Shows("/data/l/x", unveil.Read) {
		t.Error("what was learned is kept before anybody has looked at it")
	}
}

func answerFor(t *testing.T, b *Broker, path string, p Proposal) Outcome {
	c := begin(b, reading(1, path), nil)
	list := waiting(t, b, 1)
	p.Question, p.Author = list[len(list)-1].ID, "me"
	if r := b.Propose(p); r.Result != Done {
		t.Fatalf("%+v: %+v", p, r)
	}
	return <-c
}

func TestWithdrawn(t *testing.T) {
	b := broker(t, Options{})
	gone := make(chan struct{})
	c := begin(b, reading(1, "/data/a/x"), gone)
	waiting(t, b, 1)
	close(gone)
	if o := <-c; o.Permit || o.State != Withdrawn {
		t.Errorf("%+v", o)
	}
	// Who had a signal to handle comes back to the same question.
	gone = make(chan struct{})
	c = begin(b, reading(1, "/data/a/x"), gone)
	if q := waiting(t, b, 1); len(q) != 1 || q[0].ID != 1 || q[0].Count != 2 {
		t.Errorf("%+v", q)
	}
	close(gone)
	<-c
	for i := 0; i < 1000 && len(b.Questions(false)) > 0; i++ {
		time.Sleep(10 * time.Millisecond)
	}
	if len(b.Questions(false)) != 0 {
		t.Error("a question is left of a process that is gone")
	}
}

// TestCrowd: 50 processes with 10 questions each, three front ends that answer at
// random and come and go: every call gets one answer, every question one winner.
func TestCrowd(t *testing.T) {
	b := broker(t, Options{Timeout: time.Minute})
	const processes, each, fronts = 50, 10, 3
	var calls, ends sync.WaitGroup
	var mu sync.Mutex
	decided := 0
	winners := map[int]int{}
	done := make(chan struct{})
	for pid := 1; pid <= processes; pid++ {
		calls.Add(1)
		go func() {
			defer calls.Done()
			for i := range each {
				o := b.Decide(reading(pid, fmt.Sprintf("/data/d%d/sub/f%d-%d", i, pid, i)), nil)
				if o.State == Expired {
					t.Error("a question was lost")
				}
				mu.Lock()
				decided++
				mu.Unlock()
			}
		}()
	}
	for n := range fronts {
		ends.Add(1)
		go func() {
			defer ends.Done()
			r := rand.New(rand.NewSource(int64(n)))
			for {
				select {
				case <-done:
					return
				default:
				}
				_, stop := b.Watch()
				for _, q := range b.Questions(false) {
					p := Proposal{Question: q.ID, Author: fmt.Sprint("front ", n), Action: []Action{Permit, Deny, Quiet, Permit}[r.Intn(4)], Scope: []Scope{Once, Process, Always}[r.Intn(3)]}
					if res := b.Propose(p); res.Result == Done {
						mu.Lock()
						winners[q.ID]++
						mu.Unlock()
					}
				}
				stop()
			}
		}()
	}
	calls.Wait()
	close(done)
	ends.Wait()
	if decided != processes*each {
		t.Errorf("%d of %d calls were decided", decided, processes*each)
	}
	for _, q := range b.Questions(true) {
		if q.State == Pending || q.Waiting != 0 {
			t.Errorf("left over: %+v", q)
		}
	}
	// One that is permitted for a process may leave the calls of others, which
	// are another answer's: all others have one winner.
	if len(b.Questions(true)) == 0 {
		t.Error("nothing was asked")
	}
}

func TestOneWinner(t *testing.T) {
	for range 50 {
		b := broker(t, Options{})
		c := begin(b, reading(1, "/data/a/x"), nil)
		q := waiting(t, b, 1)[0]
		results := make(chan Result, 8)
		for i := range 8 {
			go func() {
				results <- b.Propose(Proposal{Question: q.ID, Action: []Action{Permit, Deny}[i%2], Scope: Always, Author: fmt.Sprint(i)})
			}()
		}
		won, late := 0, 0
		for range 8 {
			switch r := <-results; r.Result {
			case Done:
				won++
			case Late:
				late++
			default:
				t.Errorf("%+v", r)
			}
		}
		if won != 1 || late != 7 {
			t.Fatalf("%d won, %d were late", won, late)
		}
		<-c
	}
}

// TestProperties: whatever is answered, in whatever order, the policy never gives
// what nobody permitted for good, no preselected suggestion is the widest, and
// undoing everything gives the first policy back.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := broker(t, Options{})
		first := b.Policy().Digest()
		paths := rapid.SliceOfN(rapid.SampledFrom([]string{"/data/a/1", "/data/a/2", "/data/b/c/3", "/usr/lib/x/y", "/usr/share/z", "/etc/passwd", "/proc/12/stat", "/home/u/.ssh/id"}), 1, 8).Draw(t, "paths")
		for _, path := range paths {
			c := reading(1, path)
			before := b.Policy()
			out := make(chan Outcome, 1)
			gone := make(chan struct{})
			go func() { out <- b.Decide(c, gone) }()
			var q Question
			for {
				if list := b.Questions(false); len(list) > 0 && list[len(list)-1].Waiting > 0 {
					q = list[len(list)-1]
					break
				}
				if len(out) > 0 {
					break
				}
				time.Sleep(20 * time.Microsecond)
			}
			if q.ID == 0 {
				<-out
				continue
			}
			for i, s := range q.Suggestions {
				if s.Chosen && i == len(q.Suggestions)-1 {
					t.Fatalf("the widest of %d is preselected: %+v", len(q.Suggestions), s)
				}
				if i > 0 && s.Breadth < q.Suggestions[i-1].Breadth {
					t.Fatalf("not graded: %+v", q.Suggestions)
				}
			}
			p := Proposal{Question: q.ID, Author: "me", Action: rapid.SampledFrom([]Action{Permit, Deny, Defer, Learn, Quiet, Kill}).Draw(t, "action"),
				Scope: rapid.SampledFrom([]Scope{Once, Process, Always}).Draw(t, "scope"), Suggestion: rapid.IntRange(0, len(q.Suggestions)).Draw(t, "suggestion")}
			r := b.Propose(p)
			if r.Result != Done {
				close(gone)
				t.Fatalf("%+v: %+v", p, r)
			}
			o := <-out
			if o.Permit != (p.Action == Permit || p.Action == Learn) {
				t.Fatalf("%+v: %+v", p, o)
			}
			if kept := p.Action == Permit && p.Scope == Always; !kept && b.Policy().Digest() != before.Digest() {
				t.Fatalf("%+v changed the policy: %v", p, Diff(before, b.Policy()))
			}
		}
		for _, c := range b.Changes() {
			if err := b.Undo(c.ID, "me"); err != nil {
				t.Fatal(err)
			}
		}
		if b.Policy().Digest() != first {
			t.Fatalf("left: %v", b.Policy().Lines())
		}
	})
}

func TestTooMany(t *testing.T) {
	b := broker(t, Options{})
	gone := make(chan struct{})
	defer close(gone)
	for i := range maxOpen {
		go b.Decide(reading(i, fmt.Sprintf("/data/d%d/x", i)), gone)
	}
	for range 10000 {
		b.mu.Lock()
		n := len(b.open)
		b.mu.Unlock()
		if n == maxOpen {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if o := b.Decide(reading(1, "/more/x"), nil); o.Permit || o.Errno != int(unix.EAGAIN) {
		t.Errorf("%+v", o)
	}
}

// TestUndoWhilePending: what waits lacks again what an undone change gave.
func TestUndoWhilePending(t *testing.T) {
	b := broker(t, Options{})
	begin(b, reading(1, "/data/a/x"), nil)
	waiting(t, b, 1)
	b.Propose(Proposal{Question: 1, Action: Permit, Scope: Always, Author: "me"})
	c := begin(b, reading(1, "/data/b/y"), nil)
	waiting(t, b, 1)
	if err := b.Undo(1, "me"); err != nil {
		t.Fatal(err)
	}
	if r := b.Propose(Proposal{Question: 2, Action: Permit, Scope: Always, Author: "me"}); r.Result != Done {
		t.Fatalf("%+v", r)
	}
	if o := <-c; !o.Permit {
		t.Errorf("%+v", o)
	}
}

func TestWait(t *testing.T) {
	b := broker(t, Options{Timeout: 300 * time.Millisecond})
	c := begin(b, reading(1, "/data/a/x"), nil)
	waiting(t, b, 1)
	if r := b.Propose(Proposal{Question: 1, Action: Wait, Author: "me"}); r.Result != Done {
		t.Fatalf("%+v", r)
	}
	time.Sleep(time.Second)
	if list := b.Questions(false); len(list) != 1 || list[0].Waiting != 1 || !list[0].Deadline.IsZero() {
		t.Fatalf("%+v", list)
	}
	b.Propose(Proposal{Question: 1, Action: Permit, Author: "me"})
	if o := <-c; !o.Permit {
		t.Errorf("%+v", o)
	}
}
