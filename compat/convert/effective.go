package convert

import (
	"github.com/pledge-linux/pledge/compat/systrace/calls"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// entry is a rule with what is known of it.
type entry struct {
	rule    *syntax.Rule
	call    *calls.Call // nil if unknown
	dead    bool        // never decides
	reasons []Reason
	terms   []term // the rule's expression as alternatives of conjunctions
}

// permits tells whether the rule can permit a call.
func (e *entry) permits() bool { return !e.dead && e.rule.Action == syntax.Permit }

// always tells whether the rule decides every call.
func (e *entry) always() bool { return len(e.terms) == 1 && len(e.terms[0]) == 0 }

// policyView is a section as the original would have used it.
type policyView struct {
	entries []*entry
	byCall  map[string][]*entry
}

// effective finds which rules can decide.
func effective(s *syntax.Section, o *Options) *policyView {
	v := &policyView{byCall: map[string][]*entry{}}
	for _, rule := range s.Rules {
		e := &entry{rule: rule}
		e.call, _ = calls.Lookup(rule.Emulation, rule.Call)
		var cut bool
		if e.terms, cut = terms(rule.Expr); cut {
			e.note(Wider, "read as \"true\": the expression has too many alternatives")
		}
		v.entries = append(v.entries, e)
		v.byCall[rule.Call] = append(v.byCall[rule.Call], e)
	}
	for _, list := range v.byCall {
		bury(list, o)
	}
	return v
}

// bury marks the rules of one call that decide nothing: all but the last
// simple one where there is a simple one, those after one that decides
// everything, and those whose predicate is false.
func bury(list []*entry, o *Options) {
	var simple *entry
	for _, e := range list {
		if e.rule.Simple && !policy.IsAlias(e.rule.Call) {
			simple = e
		}
	}
	decided := false
	for _, e := range list {
		switch {
		case simple != nil && e != simple:
			e.dead = true
			e.note(Exact, "never decides: the simple rule of line %d does", simple.rule.Pos.Line)
		case decided:
			e.dead = true
			e.note(Exact, "never decides: a rule above decides every such call")
		case e.rule.If != nil && !holds(e.rule.If, o):
			e.dead = true
			e.note(Narrower, "not for this user: %s; convert for each user (--user)", e.rule.Text())
		}
		if !e.dead && e.always() && e.rule.Action != syntax.Ask {
			decided = true
		}
	}
}

func holds(p *syntax.Predicate, o *Options) bool {
	own := o.UID
	if p.Group {
		own = o.GID
	}
	id, ok := syntax.Number(p.ID)
	if !ok {
		if id, ok = lookupID(p); !ok {
			return false
		}
	}
	switch p.Op {
	case "=":
		return own == id
	case "!=":
		return own != id
	case "<":
		return own < id
	}
	return own > id
}

// literal is a comparison, or its negation.
type literal struct {
	*syntax.Cond
	negated bool
}

// term is a conjunction of literals; empty, it always holds.
type term []literal

// maxTerms bounds how many alternatives an expression is taken apart into.
const maxTerms = 256

// terms takes an expression apart. No terms mean that it never holds; cut is
// set if there were too many, and the one that is returned always holds.
func terms(e syntax.Expr) (list []term, cut bool) {
	if e == nil {
		return []term{{}}, false
	}
	var n normalizer
	list = n.terms(e, false)
	if n.cut {
		return []term{{}}, true
	}
	return list, false
}

type normalizer struct{ cut bool }

func (n *normalizer) terms(e syntax.Expr, negated bool) []term {
	switch x := e.(type) {
	case syntax.True:
		if negated {
			return nil
		}
		return []term{{}}
	case syntax.Not:
		return n.terms(x.X, !negated)
	case syntax.And:
		return n.pair(x.X, x.Y, negated, !negated)
	case syntax.Or:
		return n.pair(x.X, x.Y, negated, negated)
	}
	return []term{{literal{e.(*syntax.Cond), negated}}}
}

// pair joins two expressions: each alternative of one with each of the other if
// both must hold, else as further alternatives.
func (n *normalizer) pair(x, y syntax.Expr, negated, both bool) []term {
	a, b := n.terms(x, negated), n.terms(y, negated)
	if !both {
		return append(a, b...)
	}
	if len(a)*len(b) > maxTerms {
		n.cut = true
		return nil
	}
	var list []term
	for _, p := range a {
		for _, q := range b {
			list = append(list, append(append(term{}, p...), q...))
		}
	}
	return list
}
