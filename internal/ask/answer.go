//go:build unix

package ask

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sys/unix"
)

// Action is what a proposal wants.
type Action string

// Actions.
const (
	Permit Action = "permit"
	Deny   Action = "deny"
	Kill   Action = "kill"
	Defer  Action = "later" // refuse for now, keep the question
	Learn  Action = "learn" // permit for the run, to be reviewed
	Quiet  Action = "quiet" // refuse, without a word
	Wait   Action = "wait"  // no answer yet, and no deadline any more
)

// Scope is how long an answer holds.
type Scope string

// Scopes.
const (
	Once    Scope = "once"
	Process Scope = "process"
	Until   Scope = "until"
	Always  Scope = "always"
)

// A Proposal is an answer that a front end would like.
type Proposal struct {
	Question int           `json:"question"`
	Action   Action        `json:"action"`
	Scope    Scope         `json:"scope"`
	For      time.Duration `json:"for,omitempty"`   // of Until
	Errno    int           `json:"errno,omitempty"` // of a refusal; 0 is EPERM
	// Suggestion is which one is taken, from 1; 0 is the preselected one. Rule,
	// if not nil, is a rule of the author's own.
	Suggestion int    `json:"suggestion,omitempty"`
	Rule       *Grant `json:"-"`
	IfPolicy   string `json:"if_policy,omitempty"` // digest of the policy that was seen
	Author     string `json:"author"`
	Reason     string `json:"reason,omitempty"`
}

// Result is what becomes of a proposal.
type Result struct {
	Result string   `json:"result"` // done, late, conflict, unmatched, invalid
	By     string   `json:"by,omitempty"`
	Diff   []string `json:"diff,omitempty"`
	Why    string   `json:"why,omitempty"`
}

// Results.
const (
	Done      = "done"
	Late      = "late"
	Conflict  = "conflict"
	Unmatched = "unmatched"
	Invalid   = "invalid"
)

// A Rule is an answer that holds for more than one call.
type Rule struct {
	ID      int       `json:"id"`
	Effect  Action    `json:"effect"`
	Grant   Grant     `json:"-"`
	Text    string    `json:"rule"`
	Key     string    `json:"-"`
	Errno   int       `json:"errno,omitempty"`
	PID     int       `json:"pid,omitempty"` // 0 for all
	Expires time.Time `json:"expires,omitzero"`
	Kept    bool      `json:"kept"` // it is part of the policy
	Review  bool      `json:"review,omitempty"`
	Author  string    `json:"author"`
	Reason  string    `json:"reason,omitempty"`
	Why     string    `json:"evidence"`
	Made    time.Time `json:"made"`
	Used    time.Time `json:"used,omitzero"`
	Hits    int       `json:"hits"`
	gone    bool
}

func (r *Rule) holds(pid int, now time.Time) bool {
	return !r.gone && (r.PID == 0 || r.PID == pid) && (r.Expires.IsZero() || now.Before(r.Expires))
}

// policyFor is the policy with the rules that hold for a process; 0 leaves those
// of single processes out. The lock is held.
func (b *Broker) policyFor(pid int) *Policy {
	var grants []Grant
	now := b.o.now()
	for _, r := range b.rules {
		if r.Effect == Permit && r.holds(pid, now) {
			grants = append(grants, r.Grant)
		}
	}
	if grants == nil {
		return b.o.Base
	}
	return b.o.Base.With(grants...)
}

// kept is the policy with what is to stay. The lock is held.
func (b *Broker) kept() *Policy {
	p := b.o.Base
	for _, r := range b.rules {
		if r.Effect == Permit && r.Kept && r.holds(0, b.o.now()) {
			p = p.With(r.Grant)
		}
	}
	return p
}

// Policy is what has been answered for good; it is what a run is enforced by.
func (b *Broker) Policy() *Policy {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.kept()
}

// hit counts a call for the newest rule without which it would lack something.
func (b *Broker) hit(c *Call) {
	for i := len(b.rules) - 1; i >= 0; i-- {
		r := b.rules[i]
		if r.Effect == Permit && r.holds(c.PID, b.o.now()) && b.o.Base.With(r.Grant).Grants(c) {
			r.Hits, r.Used = r.Hits+1, b.o.now()
			return
		}
	}
}

// Grants tells whether the policy permits a call.
func (p *Policy) Grants(c *Call) bool { return c.Judge(p).Permit }

// Propose takes an answer, or says why not. Nothing is changed unless the result
// is Done.
func (b *Broker) Propose(p Proposal) Result {
	b.mu.Lock()
	defer b.mu.Unlock()
	q := b.find(p.Question)
	switch {
	case q == nil:
		return Result{Result: Invalid, Why: fmt.Sprintf("there is no question %d", p.Question)}
	case q.State != Pending && q.State != Later:
		return Result{Result: Late, By: q.By, Why: "it is " + string(q.State) + " already"}
	}
	if p.Action == Wait {
		q.Deadline = time.Time{}
		if q.timer != nil {
			q.timer.Stop()
		}
		b.changed()
		return Result{Result: Done, By: p.Author}
	}
	r, err := b.ruleOf(q, p)
	if err != nil {
		return Result{Result: Invalid, Why: err.Error()}
	}
	now := b.policyFor(0)
	if p.IfPolicy != "" && p.IfPolicy != now.Digest() && r.Kept {
		return Result{Result: Conflict, Diff: b.since(p.IfPolicy, now), Why: "the policy was changed meanwhile"}
	}
	if r.Effect == Permit && !b.matches(q, now.With(r.Grant)) {
		return Result{Result: Unmatched, Why: "the rule does not permit the call: it is not kept"}
	}
	if r.Kept {
		if err := b.keep(r); err != nil {
			return Result{Result: Conflict, Why: err.Error()}
		}
	}
	b.carryOut(q, p, r)
	b.changed()
	return Result{Result: Done, By: p.Author}
}

// matches tells whether a policy permits what a question is about.
func (b *Broker) matches(q *question, p *Policy) bool {
	for _, w := range q.calls {
		if w.call.Judge(p).decides() {
			return true
		}
	}
	return len(q.calls) == 0 && q.last.Judge(p).decides()
}

// since says what was changed since a digest was seen.
func (b *Broker) since(digest string, now *Policy) []string {
	for _, c := range b.changes {
		if c.before.Digest() == digest {
			return Diff(c.before, now)
		}
	}
	return []string{"the policy that was seen is none of this run's"}
}

// ruleOf is the rule that a proposal would make.
func (b *Broker) ruleOf(q *question, p Proposal) (*Rule, error) {
	now := b.o.now()
	r := &Rule{ID: len(b.rules) + 1, Effect: p.Action, Key: q.key, Author: p.Author, Reason: p.Reason, Why: q.Call, Made: now, Errno: p.Errno}
	if r.Errno == 0 {
		r.Errno = int(unix.EPERM)
	}
	if r.Errno < 0 || r.Errno > 4095 {
		return nil, errors.New("no such error number")
	}
	switch p.Action {
	case Permit, Learn:
		g, err := b.grantOf(q, p)
		if err != nil {
			return nil, err
		}
		r.Effect, r.Grant, r.Text, r.Review = Permit, g, Rendered(g), p.Action == Learn
	case Deny, Quiet, Kill, Defer:
		r.Text = string(p.Action) + " " + q.Title
	default:
		return nil, fmt.Errorf("action %q: want permit, deny, kill, later, learn, quiet or wait", p.Action)
	}
	switch p.Scope {
	case Once, "":
	case Process:
		r.PID = q.PID
		if len(q.calls) > 0 {
			r.PID = q.calls[0].call.PID
		}
	case Until:
		if p.For <= 0 {
			return nil, errors.New("until when? a scope of time needs one")
		}
		r.Expires = now.Add(p.For)
	case Always:
		r.Kept = p.Action == Permit
	default:
		return nil, fmt.Errorf("scope %q: want once, process, until or always", p.Scope)
	}
	return r, nil
}

func (b *Broker) grantOf(q *question, p Proposal) (Grant, error) {
	if p.Rule != nil {
		return *p.Rule, nil
	}
	list := b.shown(q).Suggestions
	for i, s := range list {
		if i+1 == p.Suggestion || p.Suggestion == 0 && s.Chosen {
			return s.Grant, nil
		}
	}
	return Grant{}, fmt.Errorf("suggestion %d: there are %d", p.Suggestion, len(list))
}

// carryOut makes the rule and answers who waits. The lock is held.
func (b *Broker) carryOut(q *question, p Proposal, r *Rule) {
	lasting := p.Scope != Once && p.Scope != "" || p.Action == Learn || p.Action == Quiet
	if lasting && p.Action != Kill && p.Action != Defer {
		b.rules = append(b.rules, r)
	}
	switch p.Action {
	case Kill:
		b.settle(q, Outcome{Kill: true, Errno: r.Errno}, Answered, p.Author)
	case Defer:
		b.settle(q, Outcome{Errno: r.Errno}, Later, p.Author)
	case Deny, Quiet:
		b.settle(q, Outcome{Errno: r.Errno}, Answered, p.Author)
	default:
		b.permit(q, p, r)
	}
	if lasting {
		b.resweep()
	}
}

// permit answers those of a question whom the rule permits; what it does not
// permit goes on waiting.
func (b *Broker) permit(q *question, p Proposal, r *Rule) {
	kept := q.calls[:0]
	for _, w := range q.calls {
		if v := w.call.Judge(b.policyFor(w.call.PID).With(r.Grant)); v.decides() && (r.PID == 0 || r.PID == w.call.PID) {
			w.done <- Outcome{Permit: v.Permit, Errno: v.Errno, Question: q.ID, State: Answered}
		} else {
			kept = append(kept, w)
		}
	}
	q.calls = slices.Clone(kept)
	if len(q.calls) == 0 {
		b.end(q, Answered, p.Author)
	}
}
