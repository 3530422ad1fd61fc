//go:build unix

package inspect

import "golang.org/x/arch/x86/x86asm"

// amd64Calls finds syscall instructions and calls of functions that make one,
// and what EAX was loaded with before on every way that leads there.
func amd64Calls(b []byte, base uint64, entry func(target uint64) bool, note func(at int, nr uint32, ok bool)) {
	targets := map[uint64]bool{}
	each(b, func(at int, ins *x86asm.Inst) {
		if rel, ok := ins.Args[0].(x86asm.Rel); ok && ins.Op != x86asm.CALL {
			targets[base+uint64(at+ins.Len)+uint64(int64(rel))] = true
		}
	})
	var regs registers
	each(b, func(at int, ins *x86asm.Inst) {
		if targets[base+uint64(at)] {
			regs = registers{} // another way leads here
		}
		if ins.Op == x86asm.CALL {
			if rel, ok := ins.Args[0].(x86asm.Rel); ok && entry(base+uint64(at+ins.Len)+uint64(int64(rel))) {
				note(at, regs[0].value, regs[0].known)
			}
		}
		if ins.Op == x86asm.SYSCALL {
			note(at, regs[0].value, regs[0].known)
		}
		regs.after(ins)
	})
}

// registers are the general ones, RAX first: constants, where that is known.
type registers [16]struct {
	value uint32
	known bool
}

// number is which register an operand is, or is a part of.
func number(a x86asm.Arg) (n int, whole, ok bool) {
	r, ok := a.(x86asm.Reg)
	switch {
	case !ok:
	case r >= x86asm.EAX && r <= x86asm.R15L:
		return int(r - x86asm.EAX), true, true
	case r >= x86asm.RAX && r <= x86asm.R15:
		return int(r - x86asm.RAX), true, true
	case r >= x86asm.AX && r <= x86asm.R15W:
		return int(r - x86asm.AX), false, true
	case r >= x86asm.AL && r <= x86asm.BL:
		return int(r - x86asm.AL), false, true
	case r >= x86asm.AH && r <= x86asm.BH:
		return int(r - x86asm.AH), false, true
	}
	return 0, false, false
}

// each decodes instruction after instruction. What cannot be decoded is told as
// an instruction without a name.
func each(b []byte, f func(at int, ins *x86asm.Inst)) {
	for at := 0; at < len(b); {
		ins, err := x86asm.Decode(b[at:min(len(b), at+15)], 64)
		if err != nil || ins.Len == 0 {
			ins = x86asm.Inst{Len: 1}
		}
		f(at, &ins)
		at += ins.Len
	}
}

// clobbers are instructions that write registers without naming them, or go
// elsewhere.
var clobbers = map[x86asm.Op]bool{
	0: true, x86asm.CALL: true, x86asm.SYSCALL: true, x86asm.RET: true, x86asm.JMP: true, x86asm.MUL: true, x86asm.IMUL: true, x86asm.DIV: true, x86asm.IDIV: true,
	x86asm.CPUID: true, x86asm.XCHG: true, x86asm.CMPXCHG: true, x86asm.CBW: true, x86asm.CWDE: true, x86asm.CDQE: true, x86asm.LODSB: true,
	x86asm.LODSD: true, x86asm.LODSQ: true, x86asm.RDTSC: true, x86asm.RDTSCP: true, x86asm.XGETBV: true, x86asm.IN: true, x86asm.LAHF: true, x86asm.XADD: true,
}

// reads are instructions whose first operand is not written.
var reads = map[x86asm.Op]bool{x86asm.CMP: true, x86asm.TEST: true, x86asm.PUSH: true, x86asm.NOP: true, x86asm.BT: true}

// after notes what an instruction does.
func (r *registers) after(ins *x86asm.Inst) {
	if clobbers[ins.Op] {
		*r = registers{}
		return
	}
	to, whole, ok := number(ins.Args[0])
	if !ok || reads[ins.Op] {
		return
	}
	r[to].known = false
	if !whole {
		return
	}
	switch from := ins.Args[1].(type) {
	case x86asm.Imm:
		if ins.Op == x86asm.MOV {
			r[to].value, r[to].known = uint32(from), true
		}
	case x86asm.Reg:
		n, whole, ok := number(from)
		switch {
		case ins.Op == x86asm.XOR && from == ins.Args[0]:
			r[to].value, r[to].known = 0, true
		case ins.Op == x86asm.MOV && ok && whole:
			r[to] = r[n]
		}
	}
}
