package filter

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
)

// machine runs a program in golang.org/x/net/bpf's virtual machine. That one
// loads big-endian words, so seccomp_data is laid out big-endian, the halves of
// an argument in the order of a little-endian machine.
func machine(t testing.TB, code []unix.SockFilter) *bpf.VM {
	t.Helper()
	raw := make([]bpf.RawInstruction, len(code))
	for i, c := range code {
		raw[i] = bpf.RawInstruction{Op: c.Code, Jt: c.Jt, Jf: c.Jf, K: c.K}
	}
	ins, ok := bpf.Disassemble(raw)
	if !ok {
		t.Fatal("program does not disassemble")
	}
	vm, err := bpf.NewVM(ins)
	if err != nil {
		t.Fatal(err)
	}
	return vm
}

func run(t testing.TB, vm *bpf.VM, audit, nr uint32, args [6]uint64) Verdict {
	t.Helper()
	var d [64]byte
	binary.BigEndian.PutUint32(d[offNr:], nr)
	binary.BigEndian.PutUint32(d[offArch:], audit)
	for i, a := range args {
		binary.BigEndian.PutUint32(d[offArgs+8*i:], uint32(a))
		binary.BigEndian.PutUint32(d[offArgs+8*i+4:], uint32(a>>32))
	}
	out, err := vm.Run(d[:])
	if err != nil {
		t.Fatal(err)
	}
	return Verdict(out)
}

// compilers are the ways to make a program; the libseccomp build adds its own.
var compilers = map[string]func(Options) (*Program, error){"assembler": Compile}

var self = rules.Self{PID: 4711, UID: 1000, GIDs: []uint32{1000, 27}}

func options(arch *abi.Arch, set promises.Set) Options {
	return Options{Arch: arch, Set: set, Violation: Perm, Supervised: Notify, Self: self,
		Key: &ExecKey{0x1122334455667788, 0x99aabbccddeeff00, 0x0123456789abcdef}}
}

// interesting returns values of one argument of a call that lie on and beside
// every value that a rule compares it with.
func interesting(list []rules.Rule, arg uint8) []uint64 {
	vs := []uint64{0, 1, ^uint64(0), 1 << 32, uint64(self.PID), uint64(self.UID), 0x300000000000}
	for _, r := range list {
		for _, c := range r.When {
			if c.Arg != arg {
				continue
			}
			for _, x := range c.Resolve(self) {
				vs = append(vs, x, x+1, x^0x80000000, x|1<<32, x|c.Mask)
			}
		}
	}
	slices.Sort(vs)
	return slices.Compact(vs)
}

// compared reports whether a rule looks at the argument.
func compared(list []rules.Rule, arg uint8) bool {
	for _, r := range list {
		for _, c := range r.When {
			if c.Arg == arg {
				return true
			}
		}
	}
	return false
}

func sets() []promises.Set {
	list := []promises.Set{0, promises.Everything, promises.Everything | rules.Loads}
	for _, p := range promises.All() {
		list = append(list, p.Set(), p.Set()|promises.Stdio.Set())
	}
	for _, words := range []string{"stdio rpath wpath cpath", "stdio rpath wpath cpath fattr chown flock tty proc exec",
		"stdio inet dns rpath", "stdio unix sendfd recvfd", "stdio rpath wpath tty proc", "stdio inet mcast unix route"} {
		s, err := promises.Parse(words)
		if err != nil {
			panic(err)
		}
		for _, extra := range []promises.Set{0, rules.Loads, rules.Loads | rules.Unsupervised, rules.SignalScope,
			rules.ConnectLimited | rules.NoBind, rules.NetAdmin | rules.UnixInherited, rules.CreateOnly,
			rules.AnyInherited, rules.UnixUnpaired, rules.InetInherited | rules.Penalized, rules.AnyInherited | rules.Unsupervised,
			rules.Unsupervised | rules.Library | rules.Whitelisted | rules.WritesListed | rules.ExecRefused | rules.Trapped} {
			list = append(list, s|extra)
		}
	}
	return list
}

// Every system call number of every architecture, with every argument value
// that a rule looks at, gives what the plain reading gives.
func TestProgramsEqualReference(t *testing.T) {
	for name, compile := range compilers {
		for _, arch := range abi.All {
			t.Run(name+"/"+arch.Name, func(t *testing.T) {
				t.Parallel()
				for _, set := range sets() {
					compare(t, compile, options(arch, set))
				}
			})
		}
	}
}

// values are the interesting ones of every call and argument, which are the
// same for every set.
var values = map[string]*[6][]uint64{}

func valuesOf(call string) *[6][]uint64 {
	valuesLock.Lock()
	defer valuesLock.Unlock()
	v := values[call]
	if v == nil {
		v = &[6][]uint64{}
		for arg := range v {
			v[arg] = interesting(rulesOf()[call], uint8(arg))
		}
		values[call] = v
	}
	return v
}

var valuesLock sync.Mutex

func compare(t *testing.T, compile func(Options) (*Program, error), o Options) {
	t.Helper()
	p, err := compile(o)
	if err != nil {
		t.Fatalf("%q: %v", o.Set, err)
	}
	vm := machine(t, p.Code)
	check := func(audit, nr uint32, args [6]uint64) {
		t.Helper()
		if got, want := run(t, vm, audit, nr, args), o.Judge(audit, nr, args); got != want {
			t.Fatalf("%s %q (%#x): %s(%#x) [%d]: %v, want %v", o.Arch.Name, o.Set, uint64(o.Set), o.Arch.CallName(nr), args, nr, got, want)
		}
	}
	for nr := uint32(0); nr < o.Arch.Newest()+50; nr++ {
		list, values := rulesOf()[o.Arch.CallName(nr)], valuesOf(o.Arch.CallName(nr))
		check(o.Arch.Audit, nr, [6]uint64{})
		for arg := range uint8(6) {
			for _, v := range values[arg] {
				args := [6]uint64{}
				args[arg] = v
				check(o.Arch.Audit, nr, args)
				for next := arg + 1; next < 6; next++ {
					if !compared(list, next) {
						continue
					}
					for _, w := range values[next] {
						args[next] = w
						check(o.Arch.Audit, nr, args)
					}
					args[next] = 0
				}
			}
		}
	}
	for _, other := range abi.All {
		if other != o.Arch {
			check(other.Audit, 1, [6]uint64{})
			check(other.Audit, 11, [6]uint64{})
		}
	}
	check(o.Arch.Audit, x32|1, [6]uint64{})
	check(o.Arch.Audit, 0xffffffff, [6]uint64{})
	execve, _ := o.Arch.Number("execve")
	check(o.Arch.Audit, execve, [6]uint64{1, 2, 3, o.Key[0], o.Key[1], o.Key[2]})
	check(o.Arch.Audit, execve, [6]uint64{1, 2, 3, o.Key[0], o.Key[1], o.Key[2] + 1})
	check(o.Arch.Audit, execve, [6]uint64{1, 2, 3, o.Key[0] ^ 1<<40, o.Key[1], o.Key[2]})
}

func TestRandomSets(t *testing.T) {
	for name, compile := range compilers {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				arch := rapid.SampledFrom(abi.All).Draw(r, "arch")
				set := promises.Set(rapid.Uint64().Draw(r, "set"))
				o := options(arch, set)
				p, err := compile(o)
				if err != nil {
					r.Fatal(err)
				}
				vm := machine(t, p.Code)
				for range 200 {
					call := rapid.SampledFrom(arch.Calls()).Draw(r, "call")
					list := rules.Of(call.Name)
					var args [6]uint64
					for i := range args {
						args[i] = rapid.OneOf(rapid.SampledFrom(interesting(list, uint8(i))), rapid.Uint64()).Draw(r, fmt.Sprint("arg", i))
					}
					if got, want := run(t, vm, arch.Audit, call.Number, args), o.Judge(arch.Audit, call.Number, args); got != want {
						r.Fatalf("%s %q: %s(%#x): %v, want %v", arch.Name, set, call.Name, args, got, want)
					}
				}
			})
		})
	}
}

// A program for an i386 image is entered by one execve of the launcher's own
// architecture and by nothing else of that architecture.
func TestKeyFromOtherArchitecture(t *testing.T) {
	o := options(abi.I386, promises.Stdio.Set())
	o.KeyArch = abi.AMD64
	p, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	vm := machine(t, p.Code)
	good := [6]uint64{1, 2, 3, o.Key[0], o.Key[1], o.Key[2]}
	bad := good
	bad[4]++
	for _, c := range []struct {
		audit, nr uint32
		args      [6]uint64
	}{
		{abi.AMD64.Audit, 59, good}, {abi.AMD64.Audit, 59, bad}, {abi.AMD64.Audit, 0, good},
		{abi.I386.Audit, 11, good}, {abi.I386.Audit, 3, good}, {abi.I386.Audit, 4, bad},
	} {
		if got, want := run(t, vm, c.audit, c.nr, c.args), o.Judge(c.audit, c.nr, c.args); got != want {
			t.Errorf("%#x/%d %#x: %v, want %v", c.audit, c.nr, c.args, got, want)
		}
	}
}

// The operands listed in PIDs are those that hold the process id.
func TestProcessIDPlaces(t *testing.T) {
	o := options(abi.AMD64, promises.Stdio.Set())
	p, err := Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range p.PIDs {
		if p.Code[i].K != self.PID {
			t.Errorf("instruction %d compares with %d", i, p.Code[i].K)
		}
		p.Code[i].K = 99
	}
	o.Self.PID = 99
	vm := machine(t, p.Code)
	kill, _ := abi.AMD64.Number("kill")
	tgkill, _ := abi.AMD64.Number("tgkill")
	for _, nr := range []uint32{kill, tgkill} {
		for _, pid := range []uint64{99, 4711, 0} {
			args := [6]uint64{pid, 99}
			if got, want := run(t, vm, o.Arch.Audit, nr, args), o.Judge(o.Arch.Audit, nr, args); got != want {
				t.Errorf("call %d pid %d: %v, want %v", nr, pid, got, want)
			}
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	o := options(abi.AMD64, promises.Stdio.Set()|promises.Rpath.Set())
	n := 0
	for b.Loop() {
		p, err := Compile(o)
		if err != nil {
			b.Fatal(err)
		}
		n = len(p.Code)
	}
	b.ReportMetric(float64(n), "instructions")
}

// What is generated is what the tables say.
func TestGenerated(t *testing.T) {
	const advice = "run go generate ./internal/filter"
	at, rule := 0, 0
	rules.All(func(call string, list []rules.Rule) bool {
		g := groups[at]
		at++
		for i, a := range abi.All {
			nr, ok := a.Number(call)
			if ok && g.number[i] != int16(nr) || !ok && g.number[i] != -1 {
				t.Errorf("%s on %s: %d; want %d, %v: %s", call, a.Name, g.number[i], nr, ok, advice)
			}
		}
		if int(g.rules) != len(list) {
			t.Fatalf("%s: %d rules, want %d: %s", call, g.rules, len(list), advice)
		}
		for _, r := range list {
			if k := kinds[kindOf[rule]]; k != (kind{r.Needs, r.Unless, r.Action, len(r.When) > 0}) {
				t.Errorf("%s: %+v, want %+v: %s", call, k, r, advice)
			}
			rule++
		}
		return true
	})
	if at != len(groups) || rule != len(kindOf) {
		t.Errorf("%d groups and %d rules, want %d and %d: %s", len(groups), len(kindOf), at, rule, advice)
	}
}
