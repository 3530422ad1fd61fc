package enforce

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/filter"
)

// fate is what the filter does with calls of one number.
type fate struct {
	call    string
	number  uint32
	verdict filter.Verdict
	// When mask is not 0, verdict is for arguments with these bits only; the
	// others reach the supervisor.
	arg    int
	mask   uint64
	values []uint64
	// reach turns that around: calls with one of the values reach the
	// supervisor, and the others get the verdict.
	reach bool
	why   string
}

// watched are calls that always reach the supervisor: they change what it has
// to know to perform others, or begin a process or a program.
var watched = []string{
	"execve", "execveat", "clone", "clone3", "fork", "vfork",
	"setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capset",
	"setuid32", "setgid32", "setreuid32", "setregid32", "setresuid32", "setresgid32", "setfsuid32", "setfsgid32", "setgroups32", // i386
	"chroot", "pivot_root", "unshare", "setns", "landlock_restrict_self",
	"exit_group", // its children are noted before it is gone
}

// followsPrograms tells whether a call has to be seen only because policies
// change with programs.
func followsPrograms(call string) bool {
	return slices.Contains([]string{"clone", "fork", "vfork", "exit_group"}, call)
}

// fates decides what the filter does, so that every one of the policies would
// have it so. switching says that programs of other policies may be executed,
// releasing that processes may be released, which a filter must not refuse
// anything.
func fates(arch *abi.Arch, policies []*policy.Policy, noAlias, switching, releasing bool) (list []fate) {
	for _, c := range arch.Calls() {
		if slices.Contains(watched, c.Name) && !(followsPrograms(c.Name) && !switching) {
			continue
		}
		f, ok := agreed(policies, func(p *policy.Policy) (fate, bool) { return fateOf(arch, p, c.Name, noAlias) })
		if ok && !(releasing && f.verdict != filter.Allow) {
			f.call, f.number = c.Name, c.Number
			list = append(list, f)
		}
	}
	return list
}

// agreed is the fate that all policies have for a call.
func agreed(policies []*policy.Policy, of func(*policy.Policy) (fate, bool)) (fate, bool) {
	var f fate
	for i, p := range policies {
		g, ok := of(p)
		if !ok || i > 0 && (g.verdict != f.verdict || g.arg != f.arg || g.mask != f.mask || g.reach != f.reach || !slices.Equal(g.values, f.values)) {
			return f, false
		}
		f = g
	}
	return f, len(policies) > 0
}

func fateOf(arch *abi.Arch, p *policy.Policy, call string, noAlias bool) (fate, bool) {
	readings := translate.Readings(p.Emulation, call)
	first, same := constantOf(p, readings[0], call, noAlias), true
	for _, r := range readings[1:] {
		same = same && constantOf(p, r, call, noAlias) == first
	}
	switch {
	case same && first == filter.Allow && call == "prctl":
		return fate{verdict: first, arg: 0, mask: 0xffffffff, reach: true, values: []uint64{unix.PR_SET_CHILD_SUBREAPER, unix.PR_SET_MM}, why: "but for who has which children"}, true
	case same && first == filter.Allow && call == "clone":
		return fate{verdict: first, arg: 0, mask: namespaces, values: []uint64{0}, why: "without new namespaces"}, true
	case same && first != filter.Notify:
		return fate{verdict: first, why: whyConstant(p, call)}, true
	case call == "mmap" && arch == abi.I386:
		return fate{}, false // its arguments are in memory
	case call == "mmap" || call == "mmap2" || call == "mprotect":
		return protections(arch, p, call)
	case call == "fcntl":
		return commands(arch, p)
	case call == "open" || call == "openat":
		return readingOnly(p, call, readings, noAlias)
	}
	return fate{}, false
}

func whyConstant(p *policy.Policy, call string) string {
	if !p.Has(call) && runtimeCalls[call] != "" {
		return runtimeCalls[call]
	}
	return "decided whatever the arguments"
}

// constantOf is the verdict that one reading of a call always gets; Notify if
// it depends on arguments, has to be logged, or is made with other credentials.
func constantOf(p *policy.Policy, r translate.Reading, call string, noAlias bool) filter.Verdict {
	alias := r.Alias
	if noAlias {
		alias = ""
	}
	v, ok := p.Constant(r.Names, alias)
	switch {
	case ok && !v.Covered && runtimeCalls[call] != "":
		return filter.Allow
	case !ok || !v.Covered || v.Rule.Log || v.As != nil:
		return filter.Notify
	case v.Action == syntax.Permit:
		return filter.Allow
	case v.Rule.Simple:
		return unix.SECCOMP_RET_ERRNO | filter.Verdict(v.Errno.Linux)
	}
	return filter.Notify
}

// permitsNumber asks a policy about a call whose arguments are numbers.
func permitsNumber(arch *abi.Arch, p *policy.Policy, call string, args [6]uint64) bool {
	qs, err := translate.Questions(p.Emulation, &translate.Call{Arch: arch, Name: call, Args: args}, nil)
	if err != nil {
		return false
	}
	for i := range qs {
		v := p.Decide(&qs[i])
		if !v.Covered || v.Action != syntax.Permit || v.Rule.Log || v.As != nil || v.Asked {
			return false
		}
	}
	return true
}

// protections tries all of mmap's and mprotect's that are made of reading,
// writing and executing.
func protections(arch *abi.Arch, p *policy.Policy, call string) (fate, bool) {
	f := fate{verdict: filter.Allow, arg: 2, mask: ^uint64(0), why: "by protection"}
	for prot := range uint64(8) {
		if permitsNumber(arch, p, call, [6]uint64{2: prot}) {
			f.values = append(f.values, prot)
		}
	}
	return f, f.values != nil
}

// commands tries those of fcntl that programs use.
func commands(arch *abi.Arch, p *policy.Policy) (fate, bool) {
	f := fate{verdict: filter.Allow, arg: 1, mask: 0xffffffff, why: "by command"}
	for cmd := range uint64(1040) {
		if (cmd < 40 || cmd >= 1024) && permitsNumber(arch, p, "fcntl", [6]uint64{1: cmd}) {
			f.values = append(f.values, cmd)
		}
	}
	return f, f.values != nil
}

// creates are the flags of open that change something.
const creates = 3 | unix.O_CREAT | unix.O_TRUNC | unix.O_TMPFILE&^unix.O_DIRECTORY

// readingOnly: where all reading is permitted and writing is not, the flags
// decide.
func readingOnly(p *policy.Policy, call string, readings []translate.Reading, noAlias bool) (fate, bool) {
	for _, r := range readings {
		if r.Alias == "fsread" && constantOf(p, r, call, noAlias) != filter.Allow {
			return fate{}, false
		}
	}
	at := 1
	if call == "openat" {
		at = 2
	}
	return fate{verdict: filter.Allow, arg: at, mask: creates, values: []uint64{0}, why: "for reading"}, true
}

// section is what a filter decides of the calls of one architecture.
type section struct {
	arch *abi.Arch
	list []fate
}

// sections are those of an architecture and of the one that its kernel runs
// besides.
func sections(arch *abi.Arch, policies []*policy.Policy, noAlias, switching, releasing bool) []section {
	list := []section{{arch, fates(arch, policies, noAlias, switching, releasing)}}
	if arch == abi.AMD64 {
		list = append(list, section{abi.I386, fates(abi.I386, policies, noAlias, switching, releasing)})
	}
	return list
}

// assemble makes the program: the starting execve passes by its key, calls of
// architectures that have no section die, the rest reaches the supervisor.
func assemble(list []section, key *filter.ExecKey) []unix.SockFilter {
	var a program
	a.load(4)
	for i, s := range list {
		body := s.body(key)
		if i > 0 {
			body = s.body(nil)
		}
		// A jump of 32 bits: conditional ones reach 255 instructions.
		a.jump(unix.BPF_JEQ, s.arch.Audit, 1, 0)
		a.ins = append(a.ins, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JA, K: uint32(len(body))})
		a.ins = append(a.ins, body...)
	}
	a.ret(filter.KillProcess)
	return a.ins
}

// body decides the calls of one architecture. The starting execve is of the
// first one.
func (s *section) body(key *filter.ExecKey) []unix.SockFilter {
	var a program
	a.load(0)
	if s.arch == abi.AMD64 {
		a.jump(unix.BPF_JGE, 0x40000000, 0, 1) // x32
		a.ret(filter.KillProcess)
	}
	if number, ok := s.arch.Number("seccomp"); ok {
		a.noListener(number)
	}
	if number, ok := s.arch.Number("ioctl"); ok {
		a.noTyping(number)
	}
	for _, f := range s.list {
		if f.mask == 0 {
			a.jump(unix.BPF_JEQ, f.number, 0, 1)
			a.ret(f.verdict)
		}
	}
	if key != nil {
		execve, _ := s.arch.Number("execve")
		var keyed program
		for i, k := range key {
			keyed.equals(3+i, ^uint64(0), k)
		}
		keyed.ret(filter.Allow)
		a.body(execve, keyed.ins)
	}
	for _, f := range s.list {
		if f.mask == 0 {
			continue
		}
		var p program
		for _, v := range f.values {
			var one program
			one.equals(f.arg, f.mask, v)
			if f.reach {
				one.ret(filter.Notify)
			} else {
				one.ret(f.verdict)
			}
			p.ins = append(p.ins, one.ins...)
		}
		if f.reach {
			p.ret(f.verdict)
		}
		a.body(f.number, p.ins)
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
