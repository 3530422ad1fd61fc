package filter

//go:generate go tool numbers

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/rules"
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
	action        rules.Action
	conditional   bool
}

// A leaf is what happens to a run of system-call numbers: one verdict, or the
// conditional rules of a single call.
type leaf struct {
	from    uint32
	verdict Verdict
	rules   span
}

// plain reports whether the verdict needs no argument.
func (a *assembler) plain(l *leaf) bool { return l.rules == span{} && l.from != a.keyed }

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
	column, rule, tables, at := slices.Index(abi.All, a.o.Arch), 0, rules.Tables(), 0
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
	a.keyed = ^uint32(0)
	if a.o.Key != nil && a.o.keyArch() == a.o.Arch {
		a.keyed, _ = a.o.Arch.Number("execve")
	}
	for nr := range calls {
		calls[nr].from = uint32(nr)
	}
	if a.o.Arch.Name == "amd64" {
		calls = append(calls, leaf{from: x32, verdict: KillProcess})
	}
	n := 1
	for i := range calls[1:] {
		c, last := &calls[i+1], &calls[n-1]
		if c.verdict != last.verdict || !a.plain(c) || !a.plain(last) {
			calls[n] = *c
			n++
		}
	}
	return calls[:n]
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
func (a *assembler) applying(list []rules.Rule, kindOf []uint8, parts *[len(kinds)]part) (Verdict, span) {
	from := len(a.rules)
	for i, k := range kindOf {
		switch parts[k] {
		case conditional:
			a.rules = append(a.rules, &list[i])
		case decides:
			if len(a.rules) == from {
				return a.o.verdict(kinds[k].action), span{}
			}
			a.rules = append(a.rules, &list[i])
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
	// first is the run, in turn followed by a single number and the rest of the
	// run: runs in all.
	first, runs uint16
	// before is the weight of all clumps before this one.
	before uint32
}

// clumps collects the runs, and ends with an empty clump. The weight is how many
// numbers there are, because the kernel goes through all of them when it loads
// the program; a number whose arguments are looked at counts more, because
// every call goes that way.
func (a *assembler) clumps(runs []leaf) []clump {
	const asked = 4
	list := make([]clump, 0, len(runs)+1)
	weight := uint32(0)
	for i := 0; i < len(runs); {
		n := 1
		for n < 5 && i+n+1 < len(runs) && a.single(runs[i], runs[i+n:i+n+2]) {
			n += 2
		}
		list = append(list, clump{uint16(i), uint16(n), weight})
		for j := i; j < i+n; j++ {
			if !a.plain(&runs[j]) {
				weight += asked
			}
		}
		if i+n < len(runs) && runs[i+n].from < x32 {
			weight += runs[i+n].from - runs[i].from
		}
		i += n
	}
	return append(list, clump{before: weight})
}

// single reports whether next is a single number and then more of the run.
func (a *assembler) single(run leaf, next []leaf) bool {
	return next[1].verdict == run.verdict && next[1].from == next[0].from+1 && a.plain(&run) && a.plain(&next[1])
}

// dispatch emits a binary search over the clumps from low up to high, the heavy
// ones nearer to its start; the accumulator holds the number.
func (a *assembler) dispatch(runs []leaf, list []clump, low, high int) label {
	if high-low == 1 {
		first := int(list[low].first)
		at := a.decide(&runs[first])
		for i := first + int(list[low].runs) - 2; i > first; i -= 2 {
			at = a.jump(unix.BPF_JEQ, runs[i].from, a.decide(&runs[i]), at)
		}
		return at
	}
	mid := middle(list, low, high)
	right := a.dispatch(runs, list, mid, high)
	left := a.dispatch(runs, list, low, mid)
	return a.jump(unix.BPF_JGE, runs[list[mid].first].from, right, left)
}

// middle is where the weights on both sides are nearest to each other.
func middle(list []clump, low, high int) int {
	half := (list[low].before + list[high].before) / 2
	from, to := low+1, high-1
	for from < to {
		if m := (from + to) / 2; list[m].before < half {
			from = m + 1
		} else {
			to = m
		}
	}
	if from-1 > low && half-list[from-1].before < list[from].before-half {
		return from - 1
	}
	return from
}

// decide emits what happens to the numbers of a run.
func (a *assembler) decide(l *leaf) label {
	var at label
	if l.rules == (span{}) {
		at = a.ret(l.verdict)
	} else {
		at = a.block(a.rules[l.rules.from:l.rules.to])
	}
	if l.from == a.keyed {
		at = a.key(at)
	}
	return at
}
