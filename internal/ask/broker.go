//go:build unix

package ask

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/learn"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// Options say how questions are asked.
type Options struct {
	Base *Policy
	// Timeout is how long a question waits; 0 for as long as the caller does. The
	// answer is then to refuse, and it is not kept.
	Timeout time.Duration
	// Save keeps a policy; nil keeps it in memory alone. An error leaves
	// everything as it was.
	Save func(before, after *Policy) error
	// Alone is told once when nobody has come to answer for two seconds.
	Alone func()
	now   func() time.Time
}

// Broker owns all questions of one run.
type Broker struct {
	o Options

	mu      sync.Mutex
	next    int
	asked   []*question // in the order of their numbers
	open    map[string]*question
	rules   []*Rule
	changes []Change
	history []Event
	quieted map[string]*Call // refused without a question, by their texts
	seen    []*Call          // that were asked about, for counts and replays
	fronts  int
	alone   *time.Timer
	watch   map[chan struct{}]bool
	version int
}

// question is one group of calls that lack the same.
type question struct {
	Question
	key   string
	lack  Lack
	calls []*waiter
	last  *Call // that was asked about
	timer *time.Timer
}

type waiter struct {
	call *Call
	done chan Outcome
}

// A Question is what front ends are shown.
type Question struct {
	ID          int          `json:"id"`
	State       State        `json:"state"`
	Title       string       `json:"title"`
	Program     string       `json:"program"`
	PID         int          `json:"pid"`
	Parents     []string     `json:"parents,omitempty"`
	Call        string       `json:"call"` // the first one
	To          string       `json:"to,omitempty"`
	Missing     bool         `json:"missing,omitempty"`
	Waiting     int          `json:"waiting"`
	Count       int          `json:"count"`
	Samples     []string     `json:"samples,omitempty"`
	Created     time.Time    `json:"created"`
	Deadline    time.Time    `json:"deadline,omitzero"`
	Suggestions []Suggestion `json:"suggestions"`
	Policy      string       `json:"policy"` // digest
	By          string       `json:"by,omitempty"`
}

// New returns a broker.
func New(o Options) *Broker {
	if o.now == nil {
		o.now = time.Now
	}
	return &Broker{o: o, open: map[string]*question{}, quieted: map[string]*Call{}, watch: map[chan struct{}]bool{}}
}

// Decide returns what becomes of a call. It waits until a rule, a proposal or the
// deadline decides; gone is closed when the caller waits no more.
func (b *Broker) Decide(c *Call, gone <-chan struct{}) Outcome {
	b.mu.Lock()
	if o, ok := b.known(c); ok {
		b.mu.Unlock()
		return o
	}
	q, w := b.join(c)
	b.mu.Unlock()
	select {
	case o := <-w.done:
		return o
	case <-gone:
		return b.leave(q, w)
	}
}

// maxOpen bounds the questions that wait, and maxAsked all of a run: a program that
// asks for more is refused.
const (
	maxOpen  = 1000
	maxAsked = 20000
)

// known is what the policy and the rules say of a call, if they say anything. The
// lock is held.
func (b *Broker) known(c *Call) (Outcome, bool) {
	v := c.Judge(b.policyFor(c.PID))
	switch {
	case v.Permit:
		b.hit(c)
		return Outcome{Permit: true}, true
	case v.Errno != 0:
		b.quiet(c)
		return Outcome{Errno: v.Errno}, true
	}
	key, _ := b.lacking(c)
	for _, r := range b.rules {
		if r.Effect != Permit && r.holds(c.PID, b.o.now()) && r.Key == key {
			r.Hits, r.Used = r.Hits+1, b.o.now()
			if r.Effect == Deny {
				b.record("refused", c, r.Author, r.ID)
			}
			return Outcome{Errno: r.Errno}, true
		}
	}
	if b.open[key] == nil && (len(b.open) >= maxOpen || len(b.asked) >= maxAsked) {
		b.record("refused: too many questions", c, "", 0)
		return Outcome{Errno: int(unix.EAGAIN)}, true
	}
	if q := b.open[key]; q != nil && q.State == Later {
		q.Count++
		b.record("refused for now", c, "", 0)
		return Outcome{Errno: int(unix.EPERM), Question: q.ID, State: Later}, true
	}
	return Outcome{}, false
}

// lacking is what a call lacks under the policy of all: that is what it is asked
// about, so that an answer for good gives all of it, whatever its process was given
// for itself.
func (b *Broker) lacking(c *Call) (key string, v Verdict) {
	p := b.policyFor(0)
	v = c.Judge(p)
	return keyOf(c, v.Lack, p.Words), v
}

// join makes a call wait at the question about what it lacks, which is made if
// there is none. The lock is held.
func (b *Broker) join(c *Call) (*question, *waiter) {
	p := b.policyFor(0)
	key, v := b.lacking(c)
	w := &waiter{c, make(chan Outcome, 1)}
	q := b.open[key]
	if q == nil {
		b.next++
		q = &question{key: key, lack: v.Lack, Question: Question{ID: b.next, State: Pending, Title: titleOf(c, v.Lack, p.Words), Program: c.Program, PID: c.PID, Parents: c.Parents,
			Call: c.Text, To: v.To, Missing: v.Missing, Created: b.o.now()}}
		b.asked, b.open[key] = append(b.asked, q), q
		if b.o.Timeout > 0 {
			q.Deadline = q.Created.Add(b.o.Timeout)
			q.timer = time.AfterFunc(b.o.Timeout, func() { b.expire(q) })
		}
		b.waitForSomebody()
	} else {
		q.lack = merged(q.lack, v.Lack)
	}
	q.calls, q.last = append(q.calls, w), c
	q.Count++
	const samples = 5
	if len(q.Samples) < samples && !slices.Contains(q.Samples, c.Text) {
		q.Samples = append(q.Samples, c.Text)
	}
	b.remember(c)
	b.record("asked", c, "", q.ID)
	b.changed()
	return q, w
}

// merged is what two calls of a group lack together.
func merged(a, b Lack) Lack {
	g := Grant{Entries: slices.Clone(a.Entries)}
	for _, e := range b.Entries {
		g.Entries = g.adding(e)
	}
	const most = 32 // a question that is about more is about their directory
	if len(g.Entries) <= most {
		a.Entries = g.Entries
	}
	a.Connect, a.Bind = union(a.Connect, b.Connect), union(a.Bind, b.Bind)
	return a
}

// keyOf is equal for calls that are asked about together: what they lack, in what
// directory, at which port, of which program.
func keyOf(c *Call, l Lack, have promises.Set) string {
	key := missingWords(l, have).String() + "|"
	for _, e := range l.Entries {
		key += e.Perms.String() + ":" + classOf(e) + "|"
	}
	key += fmt.Sprint(l.Connect, l.Bind)
	if len(l.Alternatives) == 0 && len(l.Entries)+len(l.Connect)+len(l.Bind) == 0 {
		key += c.Name // no promise admits it
	}
	return key
}

// classOf is the directory that a path is asked about with.
func classOf(e Entry) string {
	if isLocale(e.Path) {
		return locales[1]
	}
	if dir := learn.Whole(e.Path); dir != "" {
		return dir
	}
	if at := learn.Stable(e.Path); at != e.Path {
		return at
	}
	return filepath.Dir(e.Path)
}

func titleOf(c *Call, l Lack, have promises.Set) string {
	what := ""
	for _, w := range missingWords(l, have).Promises() {
		what += w.String() + " "
	}
	switch {
	case len(l.Entries) > 0:
		return what + permsText(l.Entries[0].Perms) + " in " + classOf(l.Entries[0])
	case len(l.Connect) > 0:
		return what + fmt.Sprintf("connect to TCP port %d", l.Connect[0])
	case len(l.Bind) > 0:
		return what + fmt.Sprintf("listen at TCP port %d", l.Bind[0])
	}
	return what + c.Name
}

// leave takes a caller that is gone away from its question.
func (b *Broker) leave(q *question, w *waiter) Outcome {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case o := <-w.done: // decided in the same moment
		return o
	default:
	}
	q.calls = slices.DeleteFunc(q.calls, func(x *waiter) bool { return x == w })
	if len(q.calls) == 0 && q.State == Pending {
		time.AfterFunc(absence, func() { b.withdraw(q) })
	}
	b.changed()
	return Outcome{Errno: int(unix.EPERM), Question: q.ID, State: Withdrawn}
}

// absence is how long a question without a caller stays: one that had a signal to
// handle comes back to it.
const absence = time.Second

func (b *Broker) withdraw(q *question) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(q.calls) == 0 && q.State == Pending {
		b.end(q, Withdrawn, "")
		b.changed()
	}
}

func (b *Broker) expire(q *question) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if q.State != Pending || q.Deadline.IsZero() {
		return
	}
	b.settle(q, Outcome{Errno: int(unix.EPERM)}, Expired, "deadline")
	b.changed()
}

// settle answers all calls of a question. The lock is held.
func (b *Broker) settle(q *question, o Outcome, s State, by string) {
	o.Question, o.State = q.ID, s
	for _, w := range q.calls {
		w.done <- o
	}
	q.calls = nil
	b.end(q, s, by)
}

// end takes a question out of those that are open; one for later stays.
func (b *Broker) end(q *question, s State, by string) {
	q.State, q.By = s, by
	if q.timer != nil {
		q.timer.Stop()
	}
	if s != Later {
		delete(b.open, q.key)
	}
	b.note(Event{What: string(s), Title: q.Title, Program: q.Program, Call: q.Call, By: by, Question: q.ID})
}

// resweep settles what a new rule decides. The lock is held.
func (b *Broker) resweep() {
	for _, q := range b.asked {
		if q.State != Pending && q.State != Later {
			continue
		}
		kept := q.calls[:0]
		for _, w := range q.calls {
			if o, ok := b.known(w.call); ok {
				o.Question, o.State = q.ID, Resolved
				w.done <- o
			} else {
				kept = append(kept, w)
			}
		}
		q.calls = kept
		switch {
		case q.State == Pending && len(kept) == 0:
			b.end(q, Resolved, "")
		case q.State == Later && b.decided(q):
			b.end(q, Resolved, "")
		}
	}
}

// decided tells whether the policy gives what a question for later is about.
func (b *Broker) decided(q *question) bool {
	p := b.policyFor(0)
	for _, e := range q.lack.Entries {
		if !p.Shows(e.Path, e.Perms) {
			return false
		}
	}
	for _, n := range q.lack.Connect {
		if !p.Connects(n) {
			return false
		}
	}
	for _, n := range q.lack.Bind {
		if !p.Binds(n) {
			return false
		}
	}
	return len(q.lack.Alternatives) == 0 && len(q.lack.Entries) > 0 || missingWords(q.lack, p.Words) == 0 && len(q.lack.Alternatives) > 0
}

// changed wakes all that watch. The lock is held.
func (b *Broker) changed() {
	b.version++
	for c := range b.watch {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Watch returns a channel that tells of changes, for a front end that is there
// until stop is called.
func (b *Broker) Watch() (c <-chan struct{}, stop func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	w := make(chan struct{}, 1)
	b.watch[w] = true
	b.fronts++
	if b.alone != nil {
		b.alone.Stop()
		b.alone = nil
	}
	return w, func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.watch[w] {
			delete(b.watch, w)
			b.fronts--
		}
	}
}

// patience is how long a question waits before it is said that nobody is there.
const patience = 2 * time.Second

func (b *Broker) waitForSomebody() {
	if b.fronts > 0 || b.alone != nil || b.o.Alone == nil {
		return
	}
	b.alone = time.AfterFunc(patience, b.o.Alone)
}

// Questions are those that wait or were put off; all tells the ended ones, too.
func (b *Broker) Questions(all bool) (list []Question) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, q := range b.asked {
		if all || q.State == Pending || q.State == Later {
			list = append(list, b.shown(q))
		}
	}
	return list
}

// Question is one of them, with what its suggestions cover on disk.
func (b *Broker) Question(id int) (Question, bool) {
	b.mu.Lock()
	q := b.find(id)
	if q == nil {
		b.mu.Unlock()
		return Question{}, false
	}
	shown := b.shown(q)
	b.mu.Unlock()
	const most = 5000
	for i := range shown.Suggestions {
		s := &shown.Suggestions[i]
		s.Files, s.More = filesBelow(s.Grant, most)
	}
	return shown, true
}

func (b *Broker) find(id int) *question {
	if id < 1 || id > len(b.asked) {
		return nil
	}
	return b.asked[id-1]
}

// refresh looks anew at what the calls of a question lack: a change that was undone
// takes words from those that wait, too.
func (b *Broker) refresh(q *question, p *Policy) {
	if len(q.calls) == 0 {
		return
	}
	lack := q.calls[0].call.Judge(p).Lack
	for _, w := range q.calls[1:] {
		lack = merged(lack, w.call.Judge(p).Lack)
	}
	q.lack = lack
}

// shown is a question as it is now. The lock is held.
func (b *Broker) shown(q *question) Question {
	p := b.policyFor(0)
	b.refresh(q, p)
	s := q.Question
	s.Waiting, s.Policy, s.Samples = len(q.calls), p.Digest(), slices.Clone(q.Samples)
	s.Suggestions = suggest(q.lack, p.Words, func(e Entry) bool { return b.near(p, e) || len(q.lack.Entries) > 1 })
	b.complete(p, s.Suggestions)
	for i := range s.Suggestions {
		x := &s.Suggestions[i]
		with := p.With(x.Grant)
		for _, o := range b.open {
			for _, w := range o.calls {
				if w.call.Judge(with).decides() {
					x.Pending++
				}
			}
		}
		for _, c := range b.seen {
			if c.Judge(with).decides() && !c.Judge(p).decides() {
				x.History++
			}
		}
	}
	return s
}

// near tells whether another file of the same directory is shown already.
func (b *Broker) near(p *Policy, e Entry) bool {
	for _, have := range p.Entries {
		if have.Path != e.Path && filepath.Dir(have.Path) == filepath.Dir(e.Path) {
			return true
		}
	}
	return false
}

// quiet remembers a call that was refused without a question: with another word it
// would not be, and its path would be missed.
func (b *Broker) quiet(c *Call) {
	const most = 100
	if len(b.quieted) < most {
		b.quieted[c.Text] = c
	}
}

// complete adds to what gives a word the paths of calls that were refused quietly
// for want of it, where they are few.
func (b *Broker) complete(p *Policy, list []Suggestion) {
	const most = 16
	for i := range list {
		s := &list[i]
		if s.Grant.Words == 0 || s.Breadth == Everything {
			continue
		}
		with := p.With(s.Grant)
		var more []Entry
		for _, c := range b.quieted {
			if v := c.Judge(with); v.Alternatives == nil && !v.Permit && v.Errno == 0 && !v.Missing {
				more = append(more, completed(v.Entries)...)
			}
		}
		slices.SortFunc(more, func(x, y Entry) int { return strings.Compare(x.Path, y.Path) })
		if more = slices.Compact(more); len(more) > 0 && len(more) <= most {
			s.Grant = s.Grant.clone()
			for _, e := range more {
				s.Grant.Entries = s.Grant.adding(e)
			}
			s.Rule, s.Says = Rendered(s.Grant), says(s.Grant)
		}
	}
}

// completed has the system's directories in the place of their files: who found
// none of them has not looked for the next one.
func completed(list []Entry) (more []Entry) {
	for _, e := range list {
		if e.Perms == unveil.Read && (isLocale(e.Path) || learn.Whole(e.Path) != "") {
			e.Path = treeOf(e.Path)
		}
		more = append(more, withLocales([]Entry{e})...)
	}
	return more
}

// remember keeps calls for counts and replays.
func (b *Broker) remember(c *Call) {
	const most = 2000
	if len(b.seen) < most {
		b.seen = append(b.seen, c)
	}
}

// Known is what becomes of a call about which nobody has to be asked; ok is false
// where somebody has.
func (b *Broker) Known(c *Call) (o Outcome, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.known(c)
}

// Wake has all that watch look again.
func (b *Broker) Wake() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changed()
}
