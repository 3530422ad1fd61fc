package filter

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/promises"
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
	rules []*promises.Rule
	rets  []ret
	pids  []label
	// keys are the comparisons with the halves of the key, the low one first.
	keys [6]label
	// compare is the first comparison that word emitted last.
	compare label
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
		return a.emit(in.Code, in.K, 0, 0)
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

// block emits the rules of one call, the last first.
func (a *assembler) block(rules []*promises.Rule) label {
	next := a.ret(a.o.Violation)
	for i := len(rules) - 1; i >= 0; i-- {
		r := rules[i]
		yes := a.ret(a.o.verdict(r.Action))
		for j := len(r.When) - 1; j >= 0; j-- {
			yes = a.cond(&r.When[j], yes, next)
		}
		next = yes
	}
	return next
}

// cond emits the comparison of one argument.
func (a *assembler) cond(c *promises.Cond, yes, no label) label {
	if c.Op == promises.NotIn {
		yes, no = no, yes
	}
	pid := c.Op == promises.Own && c.Values[0] == promises.OwnPID
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
	at := no
	for i := len(values) - 1; i >= 0; i-- {
		at = a.jump(unix.BPF_JEQ, uint32(values[i])&mask, yes, at)
		a.compare = at
	}
	if mask != 0xffffffff {
		a.emit(unix.BPF_ALU|unix.BPF_AND|unix.BPF_K, mask, 0, 0)
	}
	return a.load(offArgs + off)
}

// prelude emits what comes first: a foreign architecture dies, a number newer
// than the tables does not exist, and the starting execve passes by its key.
func (a *assembler) prelude(body label) label {
	kill := a.ret(KillProcess)
	at := a.jump(unix.BPF_JGT, a.o.Arch.Newest(), a.ret(NoSys), body)
	if a.o.Arch.Name == "amd64" {
		at = a.jump(unix.BPF_JGE, x32, a.ret(KillProcess), at)
	}
	other := kill
	execve, _ := a.o.keyArch().Number("execve")
	if a.o.Key != nil && a.o.keyArch() == a.o.Arch {
		keyed := a.key(a.reload(at))
		a.jump(unix.BPF_JEQ, execve, keyed, at)
	}
	at = a.load(offNr)
	if a.o.Key != nil && a.o.keyArch() != a.o.Arch {
		keyed := a.key(a.ret(KillProcess))
		a.jump(unix.BPF_JEQ, execve, keyed, a.ret(KillProcess))
		other = a.load(offNr)
		other = a.jump(unix.BPF_JEQ, a.o.keyArch().Audit, other, a.ret(KillProcess))
	}
	a.jump(unix.BPF_JEQ, a.o.Arch.Audit, at, other)
	return a.load(offArch)
}

// reload emits the load that the dispatch at body expects in the accumulator.
func (a *assembler) reload(body label) label {
	a.emit(unix.BPF_JMP|unix.BPF_JA, uint32(a.skip(body)), 0, 0)
	return a.load(offNr)
}

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

// program turns the emitted code around.
func (a *assembler) program(start label) *Program {
	p := &Program{Code: a.code[:start+1]}
	slices.Reverse(p.Code)
	for _, at := range a.pids {
		p.PIDs = append(p.PIDs, int(start-at))
	}
	for i, at := range a.keys {
		p.keys[i] = int(start - at)
	}
	p.keyed = a.o.Key != nil
	return p
}
