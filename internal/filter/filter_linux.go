package filter

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
)

// A Verdict is a return value of a seccomp program (seccomp(2)).
type Verdict uint32

// The verdicts in use.
const (
	KillProcess Verdict = unix.SECCOMP_RET_KILL_PROCESS
	Notify      Verdict = unix.SECCOMP_RET_USER_NOTIF
	Trap        Verdict = unix.SECCOMP_RET_TRAP
	Allow       Verdict = unix.SECCOMP_RET_ALLOW
	NoSys       Verdict = unix.SECCOMP_RET_ERRNO | Verdict(unix.ENOSYS)
	Perm        Verdict = unix.SECCOMP_RET_ERRNO | Verdict(unix.EPERM)
)

func (v Verdict) String() string {
	switch v {
	case KillProcess:
		return "kill"
	case Notify:
		return "notify"
	case Trap:
		return "trap"
	case Allow:
		return "allow"
	}
	if v == unix.SECCOMP_RET_ERRNO {
		return "success"
	}
	if v&unix.SECCOMP_RET_ACTION_FULL == unix.SECCOMP_RET_ERRNO {
		return unix.ErrnoName(unix.Errno(v & unix.SECCOMP_RET_DATA))
	}
	return fmt.Sprintf("verdict %#x", uint32(v))
}

// ExecKey is the secret under which the one execve that starts the program
// passes a filter without the promise exec: the values of the three argument
// registers that execve(2) does not use.
type ExecKey [3]uint64

// Options say what to compile.
type Options struct {
	Arch *abi.Arch
	Set  promises.Set // words and situations
	// Violation is the verdict of what no rule admits, Supervised that of calls
	// that a supervisor performs.
	Violation, Supervised Verdict
	Self                  rules.Self
	// Key, if any, admits the starting execve, made through KeyArch.
	Key     *ExecKey
	KeyArch *abi.Arch
}

// A Program is a seccomp program.
type Program struct {
	Code []unix.SockFilter
	// PIDs are the instructions whose operand is the process id.
	PIDs []int
	// keys are the instructions that compare with the halves of the key, if keyed.
	keys  [6]int
	keyed bool
}

// SetKey puts another key in the place of the one that the program was compiled
// with, so that the secret is nowhere but in Code. A program without a key stays
// as it is.
func (p *Program) SetKey(k *ExecKey) {
	if !p.keyed {
		return
	}
	for i := range k {
		p.Code[p.keys[2*i]].K = uint32(k[i])
		p.Code[p.keys[2*i+1]].K = uint32(k[i] >> 32)
	}
}

// Wipe forgets the program, and the key with it.
func (p *Program) Wipe() { clear(p.Code) }

// maxInstructions is BPF_MAXINSNS.
const maxInstructions = 4096

// Compile assembles the program.
func Compile(o Options) (*Program, error) {
	const usual = 768 // instructions; most sets take fewer
	a := assembler{o: o, code: make([]unix.SockFilter, 0, usual), rules: make([]*rules.Rule, 0, usual/3), heads: make([]head, 0, 32)}
	runs := a.leaves()
	list := a.clumps(runs)
	start := a.dispatch(runs, list, 0, len(list)-1)
	start = a.prelude(start)
	p := a.program(start)
	if len(p.Code) > maxInstructions {
		return nil, fmt.Errorf("filter for %q has %d instructions, the kernel takes %d: ask for fewer promises", o.Set, len(p.Code), maxInstructions)
	}
	return p, nil
}

// verdict maps a rule's action to what the program returns.
func (o *Options) verdict(a rules.Action) Verdict {
	switch a {
	case rules.Allow:
		return Allow
	case rules.Violate:
		return o.Violation
	case rules.Notify:
		return o.Supervised
	}
	e, _ := a.Errno()
	return unix.SECCOMP_RET_ERRNO | Verdict(e)
}

// x32 is the bit that marks a system call of the x32 ABI.
const x32 = 0x40000000
