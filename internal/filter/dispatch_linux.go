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
	keyed   bool // the starting execve passes by its key
}

// plain reports whether the verdict needs no argument.
func (l *leaf) plain() bool { return l.rules == span{} && !l.keyed }

// A span is a part of assembler.rules, empty if the verdict needs no condition.
type span struct{ from, to uint16 }

// leaves lists the runs in ascending order. What is newer than the tables does
// not exist, and the numbers of x32 die.
func (a *assembler) leaves() []leaf {
	calls := make([]leaf, a.o.Arch.Newest()+2, a.o.Arch.Newest()+3)
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
	if a.o.Key != nil && a.o.keyArch() == a.o.Arch {
		execve, _ := a.o.Arch.Number("execve")
		calls[execve].keyed = true
	}
	for nr := range calls {
		calls[nr].from = uint32(nr)
	}
	if a.o.Arch.Name == "amd64" {
		calls = append(calls, leaf{from: x32, verdict: KillProcess})
	}
	runs := calls[:1]
	for _, c := range calls[1:] {
		if last := &runs[len(runs)-1]; !c.plain() || !last.plain() || last.verdict != c.verdict {
			runs = append(runs, c)
		}
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

// A clump is a run with up to two single numbers in it that are decided in
// another way: each costs a comparison, where runs of their own cost two.
type clump struct {
	runs   []leaf // the run, and in turn a single number and the rest of the run
	weight uint32
}

// clumps collects the runs. The weight is how many numbers there are, because
// the kernel goes through all of them when it loads the program; a number whose
// arguments are looked at counts more, because every call goes that way.
func clumps(runs []leaf) []clump {
	const asked = 4
	list := make([]clump, 0, len(runs))
	for i := 0; i < len(runs); {
		n := 1
		for runs[i].plain() && n < 5 && i+n+1 < len(runs) && runs[i+n+1].from == runs[i+n].from+1 && runs[i+n+1].plain() && runs[i+n+1].verdict == runs[i].verdict {
			n += 2
		}
		c := clump{runs: runs[i : i+n]}
		for _, r := range c.runs {
			if !r.plain() {
				c.weight += asked
			}
		}
		if i+n < len(runs) && runs[i+n].from < x32 {
			c.weight += runs[i+n].from - runs[i].from
		}
		list = append(list, c)
		i += n
	}
	return list
}

// dispatch emits a binary search over the clumps, the heavy ones nearer to its
// start; the accumulator holds the number.
func (a *assembler) dispatch(list []clump) label {
	if len(list) == 1 {
		runs := list[0].runs
		at := a.decide(&runs[0])
		for i := len(runs) - 2; i > 0; i -= 2 {
			at = a.jump(unix.BPF_JEQ, runs[i].from, a.decide(&runs[i]), at)
		}
		return at
	}
	mid := middle(list)
	right := a.dispatch(list[mid:])
	left := a.dispatch(list[:mid])
	return a.jump(unix.BPF_JGE, list[mid].runs[0].from, right, left)
}

// middle is where the weights on both sides are nearest to each other.
func middle(list []clump) int {
	var sum, left uint32
	for i := range list {
		sum += list[i].weight
	}
	for i := range list[:len(list)-1] {
		w := list[i].weight
		if left += w; 2*left >= sum {
			if i > 0 && 2*left-sum > sum-2*(left-w) {
				return i
			}
			return i + 1
		}
	}
	return len(list) - 1
}

// decide emits what happens to the numbers of a run.
func (a *assembler) decide(l *leaf) label {
	var at label
	if l.rules == (span{}) {
		at = a.ret(l.verdict)
	} else {
		at = a.block(a.rules[l.rules.from:l.rules.to])
	}
	if l.keyed {
		at = a.key(at)
	}
	return at
}
