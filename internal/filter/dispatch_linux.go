package filter

import (
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/promises"
)

// A leaf is what happens to a run of system-call numbers: one verdict, or the
// conditional rules of a single call.
type leaf struct {
	from    uint32
	verdict Verdict
	rules   []*promises.Rule
}

// leaves lists the runs in ascending order, from 0 to the newest number.
func (a *assembler) leaves() []leaf {
	newest := a.o.Arch.Newest()
	calls := make([]leaf, newest+1)
	for nr := range calls {
		calls[nr] = leaf{from: uint32(nr), verdict: NoSys}
	}
	promises.Rules(func(call string, rules []promises.Rule) bool {
		if nr, ok := a.o.Arch.Number(call); ok {
			calls[nr].verdict, calls[nr].rules = a.applying(rules)
		}
		return true
	})
	runs := calls[:0]
	for _, l := range calls {
		if n := len(runs); n > 0 && l.rules == nil && runs[n-1].rules == nil && runs[n-1].verdict == l.verdict {
			continue
		}
		runs = append(runs, l)
	}
	return runs
}

// applying selects the rules that take part. A call that the first of them
// decides whatever its arguments has no conditional rules: the kernel then
// keeps it in the bitmap of calls that cost nothing (since 5.11).
func (a *assembler) applying(rules []promises.Rule) (Verdict, []*promises.Rule) {
	var use []*promises.Rule
	for i := range rules {
		r := &rules[i]
		if !r.Applies(a.o.Set) {
			continue
		}
		if len(r.When) == 0 {
			if use == nil {
				return a.o.verdict(r.Action), nil
			}
			return 0, append(use, r)
		}
		use = append(use, r)
	}
	return a.o.Violation, use
}

// dispatch emits a binary search over the runs; the accumulator holds the
// number.
func (a *assembler) dispatch(runs []leaf) label {
	if len(runs) == 1 {
		if runs[0].rules == nil {
			return a.ret(runs[0].verdict)
		}
		return a.block(runs[0].rules)
	}
	mid := len(runs) / 2
	right := a.dispatch(runs[mid:])
	left := a.dispatch(runs[:mid])
	return a.jump(unix.BPF_JGE, runs[mid].from, right, left)
}
