package filter

//go:generate go run ../gen/numbers

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/promises"
)

// A group is a call that has rules: its number on amd64, arm64 and 386, or -1,
// and how many rules. The groups stand in the order of the tables of package
// promises, and so do the entries of kindOf, one a rule. They are generated.
type group struct {
	number [3]int16
	rules  uint8
}

// A kind is what decides whether a rule takes part, and whether it looks at
// arguments. kindOf indexes the table of kinds.
type kind struct {
	needs, unless promises.Set
	action        promises.Action
	conditional   bool
}

// A leaf is what happens to a run of system-call numbers: one verdict, or the
// conditional rules of a single call.
type leaf struct {
	from    uint32
	verdict Verdict
	rules   span
}

// A span is a part of assembler.rules, empty if the verdict needs no condition.
type span struct{ from, to uint16 }

// leaves lists the runs in ascending order, from 0 to the newest number.
func (a *assembler) leaves() []leaf {
	type decision struct {
		verdict Verdict
		rules   span
	}
	calls := make([]decision, a.o.Arch.Newest()+1)
	for nr := range calls {
		calls[nr].verdict = NoSys
	}
	parts := a.parts()
	column, rule, tables, at := slices.Index(abi.All, a.o.Arch), 0, promises.Tables(), 0
	for _, g := range groups {
		for at == len(tables[0]) {
			tables, at = tables[1:], 0
		}
		if nr := g.number[column]; nr >= 0 {
			n := int(g.rules)
			calls[nr].verdict, calls[nr].rules = a.applying(tables[0][at:at+n], kindOf[rule:rule+n], parts)
		}
		rule, at = rule+int(g.rules), at+int(g.rules)
	}
	runs := make([]leaf, 0, len(calls)/2)
	for nr, c := range calls {
		if n := len(runs); n > 0 && c.rules == runs[n-1].rules && c.rules == (span{}) && runs[n-1].verdict == c.verdict {
			continue
		}
		runs = append(runs, leaf{uint32(nr), c.verdict, c.rules})
	}
	return runs
}

// A part is what a kind of rule does under the set.
type part uint8

const (
	absent part = iota
	conditional
	decides // whatever the arguments
)

func (a *assembler) parts() *[len(kinds)]part {
	var parts [len(kinds)]part
	for i, k := range kinds {
		switch {
		case k.needs&^a.o.Set != 0 || k.unless&a.o.Set != 0:
		case k.conditional:
			parts[i] = conditional
		default:
			parts[i] = decides
		}
	}
	return &parts
}

// applying selects the rules of a call that take part. A call that the first of
// them decides whatever its arguments has no conditional rules: the kernel then
// keeps it in the bitmap of calls that cost nothing (since 5.11).
func (a *assembler) applying(rules []promises.Rule, kindOf []uint8, parts *[len(kinds)]part) (Verdict, span) {
	from := len(a.rules)
	for i, k := range kindOf {
		switch parts[k] {
		case conditional:
			a.rules = append(a.rules, &rules[i])
		case decides:
			if len(a.rules) == from {
				return a.o.verdict(kinds[k].action), span{}
			}
			a.rules = append(a.rules, &rules[i])
			return 0, span{uint16(from), uint16(len(a.rules))}
		}
	}
	if len(a.rules) == from {
		return a.o.Violation, span{}
	}
	return 0, span{uint16(from), uint16(len(a.rules))}
}

// dispatch emits a binary search over the runs; the accumulator holds the
// number.
func (a *assembler) dispatch(runs []leaf) label {
	if len(runs) == 1 {
		if runs[0].rules == (span{}) {
			return a.ret(runs[0].verdict)
		}
		return a.block(a.rules[runs[0].rules.from:runs[0].rules.to])
	}
	mid := len(runs) / 2
	right := a.dispatch(runs[mid:])
	left := a.dispatch(runs[:mid])
	return a.jump(unix.BPF_JGE, runs[mid].from, right, left)
}
