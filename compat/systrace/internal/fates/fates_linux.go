package fates

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/filter"
)

// A Fate is what the filter does with calls of one number.
type Fate struct {
	Call    string
	Number  uint32
	Verdict filter.Verdict
	// When Mask is not 0, Verdict is for arguments with these bits only; the
	// others reach the supervisor.
	Arg    int
	Mask   uint64
	Values []uint64
	// Reach turns that around: calls with one of the values reach the
	// supervisor, and the others get the verdict.
	Reach bool
	Why   string
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
func fates(arch *abi.Arch, policies []*policy.Policy, noAlias, switching, releasing bool) (list []Fate) {
	for _, c := range arch.Calls() {
		if slices.Contains(watched, c.Name) && !(followsPrograms(c.Name) && !switching) {
			continue
		}
		f, ok := agreed(policies, func(p *policy.Policy) (Fate, bool) { return fateOf(arch, p, c.Name, noAlias) })
		if ok && !(releasing && f.Verdict != filter.Allow) {
			f.Call, f.Number = c.Name, c.Number
			list = append(list, f)
		}
	}
	return list
}

// agreed is the fate that all policies have for a call.
func agreed(policies []*policy.Policy, of func(*policy.Policy) (Fate, bool)) (Fate, bool) {
	var f Fate
	for i, p := range policies {
		g, ok := of(p)
		if !ok || i > 0 && (g.Verdict != f.Verdict || g.Arg != f.Arg || g.Mask != f.Mask || g.Reach != f.Reach || !slices.Equal(g.Values, f.Values)) {
			return f, false
		}
		f = g
	}
	return f, len(policies) > 0
}

func fateOf(arch *abi.Arch, p *policy.Policy, call string, noAlias bool) (Fate, bool) {
	readings := translate.Readings(p.Emulation, call)
	first, same := constantOf(p, readings[0], call, noAlias), true
	for _, r := range readings[1:] {
		same = same && constantOf(p, r, call, noAlias) == first
	}
	switch {
	case same && first == filter.Allow && call == "prctl":
		return Fate{Verdict: first, Arg: 0, Mask: 0xffffffff, Reach: true, Values: []uint64{unix.PR_SET_CHILD_SUBREAPER, unix.PR_SET_MM}, Why: "but for who has which children"}, true
	case same && first == filter.Allow && call == "rt_sigaction":
		return Fate{Verdict: first, Arg: 0, Mask: 0xffffffff, Reach: true, Values: Routine, Why: "but for handlers of signals that come in ordinary work"}, true
	case same && first == filter.Allow && call == "ioctl":
		return Fate{Verdict: first, Arg: 1, Mask: 0xffffffff, Reach: true, Values: translate.Requests(true), Why: "but for requests that rules have to name"}, true
	case same && first == filter.Allow && call == "clone":
		return Fate{Verdict: first, Arg: 0, Mask: Namespaces, Values: []uint64{0}, Why: "without new Namespaces"}, true
	case same && first != filter.Notify:
		return Fate{Verdict: first, Why: whyConstant(p, call)}, true
	case call == "mmap" && arch == abi.I386:
		return Fate{}, false // its arguments are in memory
	case call == "mmap" || call == "mmap2" || call == "mprotect":
		return protections(arch, p, call)
	case call == "fcntl":
		return commands(arch, p)
	case call == "ioctl":
		return requests(arch, p)
	case call == "open" || call == "openat":
		return readingOnly(p, call, readings, noAlias)
	}
	return Fate{}, false
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
	qs, err := translate.Questions(p.Emulation, &translate.Call{Arch: arch.Name, Name: call, Args: args}, nil)
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
func protections(arch *abi.Arch, p *policy.Policy, call string) (Fate, bool) {
	f := Fate{Verdict: filter.Allow, Arg: 2, Mask: ^uint64(0), Why: "by protection"}
	for prot := range uint64(8) {
		if permitsNumber(arch, p, call, [6]uint64{2: prot}) {
			f.Values = append(f.Values, prot)
		}
	}
	return f, f.Values != nil
}

// commands tries those of fcntl that programs use.
func commands(arch *abi.Arch, p *policy.Policy) (Fate, bool) {
	f := Fate{Verdict: filter.Allow, Arg: 1, Mask: 0xffffffff, Why: "by command"}
	for cmd := range uint64(1040) {
		if (cmd < 40 || cmd >= 1024) && permitsNumber(arch, p, "fcntl", [6]uint64{1: cmd}) {
			f.Values = append(f.Values, cmd)
		}
	}
	return f, f.Values != nil
}

// requests tries those of ioctl that have names.
func requests(arch *abi.Arch, p *policy.Policy) (Fate, bool) {
	f := Fate{Verdict: filter.Allow, Arg: 1, Mask: 0xffffffff, Why: "by request"}
	for _, n := range translate.Requests(false) {
		if permitsNumber(arch, p, "ioctl", [6]uint64{1: n}) {
			f.Values = append(f.Values, n)
		}
	}
	return f, f.Values != nil
}

// creates are the flags of open that change something.
const creates = 3 | unix.O_CREAT | unix.O_TRUNC | unix.O_TMPFILE&^unix.O_DIRECTORY

// readingOnly: where all reading is permitted and writing is not, the flags
// decide.
func readingOnly(p *policy.Policy, call string, readings []translate.Reading, noAlias bool) (Fate, bool) {
	for _, r := range readings {
		if r.Alias == "fsread" && constantOf(p, r, call, noAlias) != filter.Allow {
			return Fate{}, false
		}
	}
	at := 1
	if call == "openat" {
		at = 2
	}
	return Fate{Verdict: filter.Allow, Arg: at, Mask: creates, Values: []uint64{0}, Why: "for reading"}, true
}

// A Section is what a filter decides of the calls of one architecture.
type Section struct {
	Arch *abi.Arch
	List []Fate
}

// Sections are those of an architecture and of the one that its kernel runs
// besides.
func Sections(arch *abi.Arch, policies []*policy.Policy, noAlias, switching, releasing bool) []Section {
	list := []Section{{arch, fates(arch, policies, noAlias, switching, releasing)}}
	if arch == abi.AMD64 {
		list = append(list, Section{abi.I386, fates(abi.I386, policies, noAlias, switching, releasing)})
	}
	return list
}

// Routine are signals that come in the course of ordinary work: whoever handles
// them without having calls made again is looked after.
var Routine = []uint64{uint64(unix.SIGCHLD), uint64(unix.SIGALRM), uint64(unix.SIGVTALRM), uint64(unix.SIGPROF),
	uint64(unix.SIGUSR1), uint64(unix.SIGUSR2), uint64(unix.SIGWINCH), uint64(unix.SIGIO)}

// Namespaces are the flags of clone and unshare that make new ones.
const Namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWTIME
