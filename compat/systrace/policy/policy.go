// Package policy decides system calls by policies of systrace.
//
//	p, err := policy.Compile(section, env)
//	v := p.Decide(&policy.Question{
//		Names: []string{"open"}, Args: []policy.Arg{{"filename", "/etc/hosts"}, {"oflags", "ro"}},
//		Alias: "fsread", AliasArgs: []policy.Arg{{"filename", "/etc/hosts"}},
//	})
//
// A policy is compiled for one user: variables are replaced and predicates
// decided then, since both depend on the process's ids alone. Deciding takes
// the same time for five rules as for five hundred, as far as they compare with
// eq or with a match of a directory.
//
// # Stability
//
// Decisions are those of systrace 1.6g and do not change. Before version 1 fields may
// be added.
package policy

import (
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// An Arg is a translated argument: its name and its text.
type Arg struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// A Question is a system call in systrace's words.
type Question struct {
	// Names are the call's names, the most particular first: an old policy
	// has rules for "open" where the program calls openat.
	Names []string
	Args  []Arg
	// Alias is fsread, fswrite or ""; it is asked if the names leave the call
	// undecided.
	Alias     string
	AliasArgs []Arg
	// Explicit is the text of an argument that a rule has to name, by eq, to
	// permit the call: no other rule was written with it in mind. It is refused
	// then, also if no rule covers it. "" for most calls.
	Explicit string
}

// A Verdict is what a policy says of a call.
type Verdict struct {
	// Covered is false if no rule decides, or a rule says ask.
	Covered bool
	Asked   bool // a rule says ask
	Action  syntax.Action
	Errno   syntax.Errno // of deny
	Name    string       // the name or alias whose rule decided
	Rule    *syntax.Rule // nil if not covered
	As      *Credentials
	// Unnamed says that the call is refused because no rule names its argument.
	Unnamed bool
}

// Credentials are those of "as"; a nil id is one not named.
type Credentials struct{ UID, GID *uint32 }

// Same tells whether both name the same ids; nil names none.
func (c *Credentials) Same(o *Credentials) bool {
	if c == nil || o == nil {
		return c == o
	}
	return sameID(c.UID, o.UID) && sameID(c.GID, o.GID)
}

func sameID(a, b *uint32) bool { return a == b || a != nil && b != nil && *a == *b }

// A Policy is a section compiled for one user.
type Policy struct {
	Name      string
	Emulation string
	Detached  bool
	Len       int // rules, as the request line of a dialogue counts them
	// OnlyPermits says that no rule refuses, asks or elevates.
	OnlyPermits bool
	// Releases says that a rule has permit[detach].
	Releases bool

	calls map[string]*rules
}

// Decide says what the policy says of a call.
func (p *Policy) Decide(q *Question) Verdict {
	v := p.decide(q)
	if q.Explicit == "" || v.Covered && (v.Action == syntax.Deny || names(v.Rule.Expr, q.Explicit)) {
		return v
	}
	errno, _ := syntax.ErrnoByName("EPERM")
	return Verdict{Covered: true, Action: syntax.Deny, Errno: errno, Unnamed: true}
}

// names tells whether an expression compares something with the text.
func names(e syntax.Expr, text string) (found bool) {
	if e == nil {
		return false
	}
	syntax.Walk(e, func(x syntax.Expr) {
		c, ok := x.(*syntax.Cond)
		found = found || ok && c.Op == syntax.Eq && equalFold(c.Operand, text)
	})
	return found
}

func (p *Policy) decide(q *Question) Verdict {
	var v Verdict
	for _, name := range q.Names {
		if r := p.calls[name]; r != nil && r.decide(q.Args, &v) {
			v.Name = name
			return v
		}
	}
	if r := p.calls[q.Alias]; r != nil && r.decide(q.AliasArgs, &v) {
		v.Name = q.Alias
	}
	return v
}

// Has tells whether the policy has rules for the name.
func (p *Policy) Has(name string) bool { return p.calls[name] != nil }

// Simple returns the simple rule for the name, if there is one: it decides
// every such call, whatever its arguments.
func (p *Policy) Simple(name string) *syntax.Rule {
	if r := p.calls[name]; r != nil && r.simple != nil {
		return r.simple.rule
	}
	return nil
}

// rules are those of one name.
type rules struct {
	simple  *filter // decides before all others
	filters []*filter
	index   index
}

// decide returns whether a rule covers the call. A rule that asks is noted in v.
func (r *rules) decide(args []Arg, v *Verdict) bool {
	f := r.simple
	if f == nil {
		f = r.index.first(r.filters, args)
	}
	if f == nil {
		return false
	}
	if f.rule.Action == syntax.Ask {
		v.Asked, v.Rule = true, f.rule
		return false
	}
	*v = Verdict{Covered: true, Asked: v.Asked, Action: f.rule.Action, Errno: f.errno, Rule: f.rule, As: f.as}
	return true
}

// find returns the text of the index-th argument of that name.
func find(args []Arg, name string, index int) (string, bool) {
	for i := range args {
		if !equalFold(args[i].Name, name) {
			continue
		}
		if index == 0 {
			return args[i].Text, true
		}
		index--
	}
	return "", false
}

// Constant returns the verdict that every call of these names gets, whatever
// its arguments; ok is false if it depends on them. A call that nothing covers
// gets a verdict that is not covered.
func (p *Policy) Constant(names []string, alias string) (v Verdict, ok bool) {
	for _, name := range append(names[:len(names):len(names)], alias) {
		r := p.calls[name]
		if r == nil {
			continue
		}
		f := r.simple
		if f == nil && len(r.filters) > 0 {
			f = r.filters[0]
		}
		if f == nil {
			continue
		}
		if _, all := f.cond.(always); !all || f.rule.Action == syntax.Ask {
			return Verdict{}, false
		}
		return Verdict{Covered: true, Action: f.rule.Action, Errno: f.errno, Name: name, Rule: f.rule, As: f.as}, true
	}
	return Verdict{}, true
}
