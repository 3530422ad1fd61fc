package filter

import (
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/rules"
)

// Offsets in struct seccomp_data of a little-endian machine.
const (
	offNr   = 0
	offArch = 4
	offArgs = 16
)

// A label is the place of an instruction, counted from the end of the program.
type label int

// An assembler emits a program back to front: jumps only go forward, so every
// target stands already when a jump to it is emitted and its distance is known.
type assembler struct {
	o    Options
	code []unix.SockFilter
	// rules are the conditional rules that take part, those of a call together.
	rules []*rules.Rule
	rets  []ret
	pids  []label
	// keys are the comparisons with the halves of the key, the low one first.
	keys [6]label
	// compare is the first comparison that word emitted last.
	compare label
	heads   []head // of block, to be used again
	keyed   uint32 // the number whose leaf looks at the key
}

// ret is the nearest return of a verdict.
type ret struct {
	verdict Verdict
	at      label
}

func (a *assembler) emit(op uint16, k uint32, jt, jf uint8) label {
	a.code = append(a.code, unix.SockFilter{Code: op, Jt: jt, Jf: jf, K: k})
	return label(len(a.code) - 1)
}

// skip is how many instructions lie between the next emitted one and to.
func (a *assembler) skip(to label) int { return len(a.code) - int(to) - 1 }

// near returns a label within reach of a conditional jump that may be emitted
// up to two instructions from now.
func (a *assembler) near(to label) label {
	if a.skip(to) <= 250 {
		return to
	}
	if in := a.code[to]; in.Code == unix.BPF_RET|unix.BPF_K {
		return a.ret(Verdict(in.K))
	}
	return a.emit(unix.BPF_JMP|unix.BPF_JA, uint32(a.skip(to)), 0, 0)
}

// ret returns the label of an instruction that returns v.
func (a *assembler) ret(v Verdict) label {
	for i := range a.rets {
		if a.rets[i].verdict == v {
			if a.skip(a.rets[i].at) > 200 {
				a.rets[i].at = a.emit(unix.BPF_RET|unix.BPF_K, uint32(v), 0, 0)
			}
			return a.rets[i].at
		}
	}
	at := a.emit(unix.BPF_RET|unix.BPF_K, uint32(v), 0, 0)
	a.rets = append(a.rets, ret{v, at})
	return at
}

// jump emits a conditional jump.
func (a *assembler) jump(op uint16, k uint32, yes, no label) label {
	yes, no = a.near(yes), a.near(no)
	return a.emit(unix.BPF_JMP|op|unix.BPF_K, k, uint8(a.skip(yes)), uint8(a.skip(no)))
}

func (a *assembler) load(off uint32) label {
	return a.emit(unix.BPF_LD|unix.BPF_W|unix.BPF_ABS, off, 0, 0)
}

// A head is where the code of a rule starts, and where it goes on once its first
// condition holds.
type head struct {
	cond          *rules.Cond // nil if there is none
	start, second label
}

// block emits the rules of one call, the last first.
func (a *assembler) block(list []*rules.Rule) label {
	end := a.ret(a.o.Violation)
	later := a.heads[:0] // the next rule stands last
	next := end
	for i := len(list) - 1; i >= 0; i-- {
		r := list[i]
		h := head{second: a.ret(a.o.verdict(r.Action))}
		h.start = h.second
		for j := len(r.When) - 1; j >= 0; j-- {
			no := next
			if j == 0 {
				h.cond, h.second = &r.When[0], h.start
				no = differing(h.cond, later, end)
			} else {
				no = agreeing(&r.When[0], later, end)
			}
			h.start = a.cond(&r.When[j], h.start, no)
		}
		next = h.start
		later = append(later, h)
	}
	a.heads = later
	return next
}

// agreeing is where to go on when c holds, but its rule does not: not to rules
// that want another value of the argument, and not to ask again.
func agreeing(c *rules.Cond, later []head, end label) label {
	for i := len(later) - 1; i >= 0; i-- {
		h := &later[i]
		if !exact(c) || len(c.Values) != 1 || h.cond == nil || !exact(h.cond) || h.cond.Arg != c.Arg {
			return h.start
		}
		for _, v := range h.cond.Values {
			if uint32(v) == uint32(c.Values[0]) {
				return h.second
			}
		}
	}
	return end
}

// differing is where to go on when c does not hold: not to rules that want the
// same of the argument.
func differing(c *rules.Cond, later []head, end label) label {
	for i := len(later) - 1; i >= 0; i-- {
		h := &later[i]
		if !exact(c) || len(c.Values) != 1 || h.cond == nil || !exact(h.cond) || h.cond.Arg != c.Arg ||
			len(h.cond.Values) != 1 || uint32(h.cond.Values[0]) != uint32(c.Values[0]) {
			return h.start
		}
	}
	return end
}

// exact reports whether c compares the whole low word with constants.
func exact(c *rules.Cond) bool { return c.Op == rules.In && c.Mask == 0xffffffff }

// cond emits the comparison of one argument.
func (a *assembler) cond(c *rules.Cond, yes, no label) label {
	if c.Op == rules.NotIn {
		yes, no = no, yes
	}
	pid := c.Op == rules.Own && c.Values[0] == rules.OwnPID
	values := c.Resolve(a.o.Self)
	lo, hi := uint32(c.Mask), uint32(c.Mask>>32)
	if hi == 0 {
		at := a.word(uint32(c.Arg)*8, lo, values, yes, no)
		if pid {
			a.pids = append(a.pids, a.compare)
		}
		return at
	}
	// Both halves: one value at a time, the high word first.
	at := no
	for i := len(values) - 1; i >= 0; i-- {
		v := values[i] & c.Mask
		low := a.word(uint32(c.Arg)*8, lo, []uint64{v}, yes, at)
		at = a.word(uint32(c.Arg)*8+4, hi, []uint64{v >> 32}, low, at)
	}
	return at
}

// word compares one 32-bit word of the arguments with any of the values.
func (a *assembler) word(off, mask uint32, values []uint64, yes, no label) label {
	yes, no = a.loaded(yes, off, mask), a.loaded(no, off, mask)
	a.compare = a.anyOf(mask, values, yes, no)
	if mask != 0xffffffff {
		a.emit(unix.BPF_ALU|unix.BPF_AND|unix.BPF_K, mask, 0, 0)
	}
	return a.load(offArgs + off)
}

// loaded skips loading what the accumulator holds already.
func (a *assembler) loaded(to label, off, mask uint32) label {
	if in := a.code[to]; in.Code != unix.BPF_LD|unix.BPF_W|unix.BPF_ABS || in.K != offArgs+off {
		return to
	}
	next := a.code[to-1]
	masked := next.Code == unix.BPF_ALU|unix.BPF_AND|unix.BPF_K
	switch {
	case mask == 0xffffffff:
		return to - 1
	case masked && next.K == mask:
		return to - 2
	}
	return to
}

// stretch is how many values of a long list are compared one after the other.
const stretch = 8

// anyOf emits comparisons of the accumulator. A long list in ascending order is
// cut in stretches, of which only one is looked through.
func (a *assembler) anyOf(mask uint32, values []uint64, yes, no label) label {
	if len(values) <= 2*stretch || !ascending(mask, values) {
		return a.chain(mask, values, yes, no)
	}
	from := (len(values) - 1) / stretch * stretch
	at := a.chain(mask, values[from:], yes, no)
	for ; from > 0; from -= stretch {
		here := a.chain(mask, values[from-stretch:from], yes, no)
		at = a.jump(unix.BPF_JGE, uint32(values[from])&mask, at, here)
	}
	return at
}

func ascending(mask uint32, values []uint64) bool {
	for i := 1; i < len(values); i++ {
		if uint32(values[i])&mask <= uint32(values[i-1])&mask {
			return false
		}
	}
	return true
}

// chain compares with one value after the other; three or more that follow each
// other are a range.
func (a *assembler) chain(mask uint32, values []uint64, yes, no label) label {
	at := no
	for i := len(values) - 1; i >= 0; i-- {
		j := i
		for j > 0 && uint32(values[j-1])&mask+1 == uint32(values[j])&mask {
			j--
		}
		if i-j < 2 {
			at = a.jump(unix.BPF_JEQ, uint32(values[i])&mask, yes, at)
			continue
		}
		in := a.jump(unix.BPF_JGT, uint32(values[i])&mask, at, yes)
		at = a.jump(unix.BPF_JGE, uint32(values[j])&mask, in, at)
		i = j
	}
	return at
}

// prelude emits what comes first: a foreign architecture dies, but for the
// starting execve, which passes by its key.
func (a *assembler) prelude(body label) label {
	if a.skip(body) > 0 {
		a.emit(unix.BPF_JMP|unix.BPF_JA, uint32(a.skip(body)), 0, 0)
	}
	at := a.load(offNr)
	other := a.ret(KillProcess)
	if a.o.Key != nil && a.o.keyArch() != a.o.Arch {
		execve, _ := a.o.keyArch().Number("execve")
		keyed := a.key(other)
		a.jump(unix.BPF_JEQ, execve, keyed, other)
		other = a.jump(unix.BPF_JEQ, a.o.keyArch().Audit, a.load(offNr), a.ret(KillProcess))
	}
	a.jump(unix.BPF_JEQ, a.o.Arch.Audit, at, other)
	return a.load(offArch)
}

// key emits the comparison with the starting execve's key.
func (a *assembler) key(no label) label {
	at := a.ret(Allow)
	for i := 2; i >= 0; i-- {
		v := a.o.Key[i]
		at = a.word(uint32(3+i)*8, 0xffffffff, []uint64{v & 0xffffffff}, at, no)
		a.keys[2*i] = a.compare
		at = a.word(uint32(3+i)*8+4, 0xffffffff, []uint64{v >> 32}, at, no)
		a.keys[2*i+1] = a.compare
	}
	return at
}

// program turns the emitted code around and leaves out what is never reached.
func (a *assembler) program(start label) *Program {
	to, n := a.places(start)
	p := &Program{Code: make([]unix.SockFilter, n), keyed: a.o.Key != nil}
	for at := start; at >= 0; at-- {
		i := to[at]
		if i < 0 {
			continue
		}
		in := a.code[at]
		switch {
		case in.Code == unix.BPF_JMP|unix.BPF_JA:
			in.K = uint32(to[at-1-label(in.K)] - i - 1)
		case in.Code&7 == unix.BPF_JMP:
			in.Jt, in.Jf = uint8(to[at-1-label(in.Jt)]-i-1), uint8(to[at-1-label(in.Jf)]-i-1)
		}
		p.Code[i] = in
	}
	for _, at := range a.pids {
		if to[at] >= 0 {
			p.PIDs = append(p.PIDs, int(to[at]))
		}
	}
	for i, at := range a.keys {
		p.keys[i] = int(to[at])
	}
	return p
}

// places says for each label where its instruction will stand, -1 for what no
// path reaches, and how many there will be. Jumps only go forward, so one pass
// finds them all.
func (a *assembler) places(start label) (to []int16, n int16) {
	const reached = 1
	to = make([]int16, len(a.code))
	to[start] = reached
	for at := start; at >= 0; at-- {
		if to[at] != reached {
			to[at] = -1
			continue
		}
		switch in := &a.code[at]; {
		case in.Code == unix.BPF_RET|unix.BPF_K:
		case in.Code == unix.BPF_JMP|unix.BPF_JA:
			to[at-1-label(in.K)] = reached
		case in.Code&7 == unix.BPF_JMP:
			to[at-1-label(in.Jt)], to[at-1-label(in.Jf)] = reached, reached
		default:
			to[at-1] = reached
		}
		to[at] = n
		n++
	}
	return to, n
}
