package convert

import (
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// fine makes a policy that together with the promises permits what the
// original did: calls whose rules all mean the same as promises become simple
// rules, the rules of the others stay.
func (c *conversion) fine(losses []Loss) *syntax.Section {
	lossy := map[string]bool{}
	for _, l := range losses {
		if l.Class == Wider {
			lossy[l.Rule.Call] = true
		}
	}
	s := &syntax.Section{Kind: c.section.Kind, Name: c.section.Name, Emulation: c.section.Emulation, Detached: c.section.Detached}
	done := map[string]bool{}
	for _, e := range c.policy.entries {
		if lossy[e.rule.Call] {
			rule := *e.rule
			rule.Lead = nil
			s.Rules = append(s.Rules, &rule)
			continue
		}
		if !done[e.rule.Call] && slices.ContainsFunc(c.policy.byCall[e.rule.Call], (*entry).permits) {
			done[e.rule.Call] = true
			s.Rules = append(s.Rules, permitAll(e.rule))
		}
	}
	return s
}

// permitAll is a rule that permits every call of that name.
func permitAll(like *syntax.Rule) *syntax.Rule {
	r := &syntax.Rule{Emulation: like.Emulation, Call: like.Call, Action: syntax.Permit, Simple: true}
	if strings.HasPrefix(like.Call, "fs") && (like.Call == "fsread" || like.Call == "fswrite") {
		r.Simple, r.Expr = false, syntax.True{}
	}
	return r
}
