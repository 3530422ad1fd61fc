//go:build unix

package ask

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Change is a recorded change of the policy.
type Change struct {
	ID     int       `json:"id"`
	Time   time.Time `json:"time"`
	Author string    `json:"author"`
	Reason string    `json:"reason,omitempty"`
	Why    string    `json:"evidence"`
	Diff   []string  `json:"diff"`
	Undone bool      `json:"undone,omitempty"`
	rule   *Rule
	before *Policy
	after  *Policy
}

// An Event is something that happened in the run.
type Event struct {
	Time     time.Time `json:"time"`
	What     string    `json:"what"`
	Title    string    `json:"title,omitempty"`
	Program  string    `json:"program"`
	PID      int       `json:"pid,omitempty"`
	Call     string    `json:"call"`
	By       string    `json:"by,omitempty"`
	Question int       `json:"question,omitempty"`
	Rule     int       `json:"rule,omitempty"`
}

// maxHistory bounds what is remembered; the oldest goes first.
const maxHistory = 10000

func (b *Broker) note(e Event) {
	e.Time = b.o.now()
	if len(b.history) >= maxHistory {
		b.history = slices.Clone(b.history[maxHistory/10:])
	}
	b.history = append(b.history, e)
}

func (b *Broker) record(what string, c *Call, by string, n int) {
	e := Event{What: what, Program: c.Program, PID: c.PID, Call: c.Text, By: by}
	if what == "asked" {
		e.Question = n
	} else {
		e.Rule = n
	}
	b.note(e)
}

// keep saves what a rule makes of the policy, and records it. The lock is held.
func (b *Broker) keep(r *Rule) error {
	before := b.kept()
	after := before.With(r.Grant)
	if b.o.Save != nil {
		if err := b.o.Save(before, after); err != nil {
			return err
		}
	}
	b.changes = append(b.changes, Change{ID: len(b.changes) + 1, Time: b.o.now(), Author: r.Author, Reason: r.Reason, Why: r.Why, Diff: Diff(before, after), rule: r, before: before, after: after})
	return nil
}

// Undo takes a change back. What was permitted meanwhile stays done; it is asked
// about again.
func (b *Broker) Undo(id int, author string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id < 1 || id > len(b.changes) {
		return fmt.Errorf("there is no change %d", id)
	}
	c := &b.changes[id-1]
	if c.Undone || c.rule == nil {
		return fmt.Errorf("change %d is undone already", id)
	}
	before := b.kept()
	c.rule.gone = true
	after := b.kept()
	if b.o.Save != nil {
		if err := b.o.Save(before, after); err != nil {
			c.rule.gone = false
			return err
		}
	}
	c.Undone = true
	b.changes = append(b.changes, Change{ID: len(b.changes) + 1, Time: b.o.now(), Author: author, Reason: fmt.Sprintf("undo of %d", id), Diff: Diff(before, after), before: before, after: after})
	b.changed()
	return nil
}

// Keep makes a rule that was learned for the run part of the policy.
func (b *Broker) Keep(id int, author string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id < 1 || id > len(b.rules) {
		return fmt.Errorf("there is no rule %d", id)
	}
	r := b.rules[id-1]
	if r.Kept || r.gone || r.Effect != Permit || r.PID != 0 {
		return errors.New("only a rule that permits, and holds for all, can be kept")
	}
	r.Author = author
	if err := b.keep(r); err != nil {
		return err
	}
	r.Kept, r.Review = true, false
	b.changed()
	return nil
}

// Replay says which calls of the run an edited policy would have refused.
func (b *Broker) Replay(p *Policy) (refused []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.kept()
	for _, c := range b.seen {
		if c.Judge(now).Permit && !c.Judge(p).Permit {
			refused = append(refused, c.Text)
		}
	}
	return refused
}

// Rules, Changes and History are what has been made and what happened.
func (b *Broker) Rules() (list []Rule) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.rules {
		if r.holds(r.PID, b.o.now()) {
			list = append(list, *r)
		}
	}
	return list
}

// Changes are those of the policy, the oldest first.
func (b *Broker) Changes() []Change {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.changes)
}

// History is what happened, the oldest first.
func (b *Broker) History() []Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.history)
}
