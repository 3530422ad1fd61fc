package convert

import (
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/calls"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// example is a call of Linux that a rule permits.
type example struct {
	entry *entry
	call  string
	args  [6]uint64
}

// pathGrant is a path that a rule permits, or takes out.
type pathGrant struct {
	entry   *entry
	path    string
	perms   unveil.Perms
	subtree bool
	text    string // of holes: the path as the policy has it
}

// entry finds what a rule asks for.
func (c *conversion) entry(e *entry) {
	r := e.rule
	switch {
	case e.call == nil:
		e.note(NoCounterpart, "no system call of %s is called %s: the rule never decided", r.Emulation, r.Call)
	case e.dead:
	case len(e.call.Linux) == 0 && e.call.Fidelity != calls.Alias:
		e.note(NoCounterpart, "%s", noCounterpart(e.call))
	case r.Action == syntax.Deny:
		c.deny(e)
	case r.Action == syntax.Ask:
		e.note(Narrower, "nobody is asked: refused")
	default:
		c.permit(e)
	}
	if !e.dead && r.Log {
		e.note(Wider, "not logged")
	}
}

func noCounterpart(call *calls.Call) string {
	if call.Note != "" {
		return "Linux has no " + call.Name + ": " + call.Note
	}
	return "Linux has no " + call.Name
}

func (c *conversion) permit(e *entry) {
	if e.rule.As != nil {
		e.note(Narrower, "promises never give a privilege: the call is made without \"as\"")
	}
	if e.rule.Flags&syntax.Detach != 0 {
		e.note(Narrower, "what is executed stays confined: filters are inherited")
	}
	kind, ok := kinds[kindName(e.call)]
	if !ok {
		c.general(e)
		return
	}
	if kind.note != nil {
		e.note(kind.note.Class, "%s", kind.note.Text)
	}
	for _, t := range e.terms {
		kind.grant(c, e, t)
	}
}

// kindName is the name by which a call's kind is found: the alias, or what
// Linux calls it.
func kindName(call *calls.Call) string {
	if call.Fidelity == calls.Alias {
		return call.Name
	}
	name, _, _ := strings.Cut(call.Linux[0], "(")
	if mkfifo := strings.Contains(call.Name, "mkfifo"); mkfifo {
		return "mkfifo"
	}
	if name == "clone" && slices.Equal(call.Promises, []string{"stdio"}) {
		return "thread"
	}
	return name
}

// general is for calls without a kind: the words that admit the call, its
// conditions are lost.
func (c *conversion) general(e *entry) {
	name := kindName(e.call)
	args, ok := exampleArgs[name]
	if !ok {
		args = [][6]uint64{{}}
	}
	if !c.need(e, name, args...) {
		return
	}
	for _, t := range e.terms {
		for _, l := range t {
			e.note(Wider, "whatever the %s is: not only %s", l.Name, l.text())
		}
	}
	switch {
	case e.call.Fidelity == calls.Nearest || strings.HasPrefix(e.call.Name, "sete"):
		e.note(Exact, "%s", nearest(e.call))
	case e.call.Fidelity == calls.Lossy:
		e.note(NoCounterpart, "%s", nearest(e.call))
	}
}

func nearest(call *calls.Call) string {
	s := "Linux has " + strings.Join(call.Linux, ", ") + " for " + call.Name
	if call.Note != "" {
		s += ": " + call.Note
	}
	return s
}

// self is the process that example calls are made by.
var self = rules.Self{PID: 4242, UID: 1000, GIDs: []uint32{1000}}

// need asks for the words that admit the calls. It returns false if there are
// none, which is said.
func (c *conversion) need(e *entry, call string, args ...[6]uint64) bool {
	ok := true
	for _, a := range args {
		if !admittable(call, a) {
			e.note(Narrower, "no promise admits %s%s", call, argText(e))
			ok = false
			continue
		}
		c.examples = append(c.examples, example{entry: e, call: call, args: a})
	}
	return ok
}

func argText(e *entry) string {
	if e.rule.Simple || e.rule.Expr == nil {
		return ""
	}
	return " (" + syntax.ExprText(e.rule.Expr) + ")"
}

// admitted tells whether promises admit a call; what a supervisor does without
// any promise, such as opening whitelisted files, does not count.
func admitted(call string, args [6]uint64, s promises.Set) bool {
	list := rules.Of(call)
	switch rules.Judge(list, s, args, self) {
	case rules.Allow:
		return true
	case rules.Notify:
		return rules.Judge(list, 0, args, self) != rules.Notify
	}
	return false
}

func admittable(call string, args [6]uint64) bool {
	if admitted(call, args, 0) {
		return true
	}
	_, ok := rules.Needs(call, args, 0, self)
	return ok
}

// words are the promises that the rules need: first those that nothing else
// would do for, then for each example the fewest more.
func (c *conversion) words() promises.Set {
	s := c.definite
	for _, more := range []bool{false, true} {
		for _, x := range c.examples {
			need, ok := rules.Needs(x.call, x.args, s, self)
			if admitted(x.call, x.args, s) || !ok || !more && ambiguous(x) {
				continue
			}
			s |= need
		}
	}
	return s
}

// ambiguous tells whether different words admit a call.
func ambiguous(x example) bool {
	first, _ := rules.Needs(x.call, x.args, 0, self)
	_, other := rules.Needs(x.call, x.args, promises.Everything&^first, self)
	return admitted(x.call, x.args, promises.Everything&^first) || other && first.Words() != first
}

// deny: what is not permitted is refused, so that a rule matters only if the
// promises permit what it refuses.
func (c *conversion) deny(e *entry) {
	if e.always() && len(c.later(e)) == 0 {
		e.note(Exact, "what no rule permits is refused")
		return
	}
	kind, ok := kinds[kindName(e.call)]
	if ok && kind.path {
		for _, t := range e.terms {
			c.denyPath(e, t, kind.perms)
		}
		return
	}
	later := c.later(e)
	if len(later) == 0 {
		e.note(Exact, "what no rule permits is refused")
		return
	}
	e.note(Wider, "permitted: promises have no exceptions from what line %d permits", later[0].rule.Pos.Line)
}

// later returns the rules of the same call that may permit what e refuses.
func (c *conversion) later(e *entry) (list []*entry) {
	same := c.policy.byCall[e.rule.Call]
	for _, other := range same[slices.Index(same, e)+1:] {
		if other.permits() {
			list = append(list, other)
		}
	}
	return list
}

// denyPath takes a path out of what later rules permit.
func (c *conversion) denyPath(e *entry, t term, perms unveil.Perms) {
	if len(t) == 0 {
		e.note(Exact, "what no rule permits is refused")
		return
	}
	for _, l := range t {
		if !strings.EqualFold(l.Name, "filename") {
			continue
		}
		p := c.place(l)
		for _, r := range p.reasons {
			if r.Class == Exact {
				e.reasons = append(e.reasons, r)
				return
			}
		}
		paths, _ := onLinux(p.path)
		if p.path == "" || len(paths) == 0 {
			c.denyUnknown(e, l)
			return
		}
		if len(p.reasons) > 0 && !strings.HasSuffix(l.Operand, "/*") {
			e.note(Narrower, "all of %s is taken out, not only %s", paths[0], l.text())
		}
		c.holes = append(c.holes, pathGrant{entry: e, path: paths[0], perms: perms, subtree: p.subtree, text: p.path})
		return
	}
	c.denyUnknown(e, t[0])
}

func (c *conversion) denyUnknown(e *entry, l literal) {
	if later := c.later(e); len(later) > 0 {
		e.note(Wider, "permitted: unveil cannot take out %s from what line %d permits", l.text(), later[0].rule.Pos.Line)
		return
	}
	e.note(Exact, "what no rule permits is refused")
}
