package fates

import (
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/filter"
)

// Assemble makes the program: the starting execve passes by its key, calls of
// architectures that have no section die, the rest reaches the supervisor.
func Assemble(list []Section, key *filter.ExecKey) []unix.SockFilter {
	var a program
	a.load(4)
	for i, s := range list {
		body := s.body(key)
		if i > 0 {
			body = s.body(nil)
		}
		// A jump of 32 bits: conditional ones reach 255 instructions.
		a.jump(unix.BPF_JEQ, s.Arch.Audit, 1, 0)
		a.ins = append(a.ins, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JA, K: uint32(len(body))})
		a.ins = append(a.ins, body...)
	}
	a.ret(filter.KillProcess)
	return a.ins
}

// body decides the calls of one architecture. The starting execve is of the
// first one.
func (s *Section) body(key *filter.ExecKey) []unix.SockFilter {
	var a program
	a.load(0)
	if s.Arch == abi.AMD64 {
		a.jump(unix.BPF_JGE, 0x40000000, 0, 1) // x32
		a.ret(filter.KillProcess)
	}
	if number, ok := s.Arch.Number("seccomp"); ok {
		a.noListener(number)
	}
	if number, ok := s.Arch.Number("ioctl"); ok {
		a.noTyping(number)
	}
	for _, f := range s.List {
		if f.Mask == 0 {
			a.jump(unix.BPF_JEQ, f.Number, 0, 1)
			a.ret(f.Verdict)
		}
	}
	if key != nil {
		execve, _ := s.Arch.Number("execve")
		var keyed program
		for i, k := range key {
			keyed.equals(3+i, ^uint64(0), k)
		}
		keyed.ret(filter.Allow)
		a.body(execve, keyed.ins)
	}
	for _, f := range s.List {
		if f.Mask == 0 {
			continue
		}
		var p program
		for _, v := range f.Values {
			var one program
			one.equals(f.Arg, f.Mask, v)
			if f.Reach {
				one.ret(filter.Notify)
			} else {
				one.ret(f.Verdict)
			}
			p.ins = append(p.ins, one.ins...)
		}
		if f.Reach {
			p.ret(f.Verdict)
		}
		a.body(f.Number, p.ins)
	}
	a.ret(filter.Notify)
	// Comparisons that failed and were not the last of their call end here.
	return settle(a.ins)
}

// program is instructions in order. A jump of unresolved, to the next
// alternative, is made whole by settle.
type program struct{ ins []unix.SockFilter }

// next marks a jump to the next alternative, which follows the next return.
const next = 255

func (p *program) load(offset uint32) {
	p.ins = append(p.ins, unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset})
}

func (p *program) jump(op uint16, k uint32, yes, no uint8) {
	p.ins = append(p.ins, unix.SockFilter{Code: unix.BPF_JMP | op | unix.BPF_K, Jt: yes, Jf: no, K: k})
}

func (p *program) ret(v filter.Verdict) {
	p.ins = append(p.ins, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: uint32(v)})
}

// equals compares an argument under a mask, and goes to the next alternative if
// it differs.
func (p *program) equals(arg int, mask, value uint64) {
	for half := range uint32(2) {
		m, v := uint32(mask>>(32*half)), uint32(value>>(32*half))
		if m == 0 {
			continue
		}
		p.load(16 + 8*uint32(arg) + 4*half)
		if m != 0xffffffff {
			p.ins = append(p.ins, unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: m})
		}
		p.jump(unix.BPF_JEQ, v&m, 0, next)
	}
}

// noListener refuses a listener of the program's own, which the kernel refuses
// only for as long as this process lives: it could answer what is asked here.
func (p *program) noListener(seccomp uint32) {
	const instructions = 5
	p.jump(unix.BPF_JEQ, seccomp, 0, instructions)
	p.load(16 + 8) // the flags
	p.ins = append(p.ins, unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: unix.SECCOMP_FILTER_FLAG_NEW_LISTENER})
	p.jump(unix.BPF_JEQ, unix.SECCOMP_FILTER_FLAG_NEW_LISTENER, 0, 1)
	p.ret(unix.SECCOMP_RET_ERRNO | filter.Verdict(unix.EBUSY))
	p.load(0)
}

// typing are the requests by which a program types into its terminal, or becomes the
// console: what it types is a command of the shell that started it, and the answer
// to what it is asked about. Policies know no requests, so that who permits ioctl
// would permit these, too.
var typing = []uint32{unix.TIOCSTI, 0x541c /* TIOCLINUX */, unix.TIOCCONS}

// noTyping refuses them, whatever a policy says. The kernel looks at 32 bits.
func (p *program) noTyping(ioctl uint32) {
	p.jump(unix.BPF_JEQ, ioctl, 0, uint8(len(typing)+4))
	p.load(16 + 8) // the request
	for i, request := range typing {
		p.jump(unix.BPF_JEQ, request, uint8(len(typing)+1-i), 0)
	}
	p.load(0)
	p.ins = append(p.ins, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JA, K: 1})
	p.ret(unix.SECCOMP_RET_ERRNO | filter.Verdict(unix.EPERM))
}

// body is what happens to calls of one number; what it leaves undecided
// reaches the supervisor.
func (p *program) body(number uint32, ins []unix.SockFilter) {
	if len(ins) > 200 {
		ins = nil // too many alternatives for a jump: all reach the supervisor
	}
	p.jump(unix.BPF_JEQ, number, 0, uint8(len(ins)+1))
	p.ins = append(p.ins, ins...)
	p.ret(filter.Notify)
}

// settle turns jumps to the next alternative into jumps past the next return.
func settle(ins []unix.SockFilter) []unix.SockFilter {
	for i := range ins {
		if ins[i].Code == unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K && ins[i].Jf == next {
			j := i + 1
			for ins[j].Code != unix.BPF_RET|unix.BPF_K {
				j++
			}
			ins[i].Jf = uint8(j - i)
		}
	}
	return ins
}
