package fates

import (
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/filter"
)

// simulate runs a filter on one call.
func simulate(t interface{ Fatal(...any) }, code []unix.SockFilter, arch, nr uint32, args [6]uint64) filter.Verdict {
	raw := make([]bpf.RawInstruction, len(code))
	for i, c := range code {
		raw[i] = bpf.RawInstruction{Op: c.Code, Jt: c.Jt, Jf: c.Jf, K: c.K}
	}
	ins, ok := bpf.Disassemble(raw)
	if !ok {
		t.Fatal("instructions that are none")
	}
	vm, err := bpf.NewVM(ins)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, 64) // the VM reads words as big-endian
	binary.BigEndian.PutUint32(data[0:], nr)
	binary.BigEndian.PutUint32(data[4:], arch)
	for i, a := range args {
		binary.BigEndian.PutUint32(data[16+8*i:], uint32(a))
		binary.BigEndian.PutUint32(data[20+8*i:], uint32(a>>32))
	}
	v, err := vm.Run(data)
	if err != nil {
		t.Fatal(err)
	}
	return filter.Verdict(v)
}

func parsed(t interface{ Fatal(...any) }, text string) *policy.Policy {
	f, err := syntax.Parse("p", []byte(text), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Compile(f.Sections[0], &policy.Env{Root: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// anywhere is a caller whose memory holds some path, which none of the tested
// policies permits by itself: what a filter lets pass must not depend on it.
type anywhere struct{ path string }

func (a anywhere) String(uint64) (string, error)         { return a.path, nil }
func (a anywhere) Bytes(_ uint64, n int) ([]byte, error) { return make([]byte, n), nil }
func (a anywhere) Path(_ int32, name string, _ translate.Links) (string, error) {
	return name, nil
}
func (a anywhere) Program(int32) (string, bool)   { return "", false }
func (a anywhere) UserName(uint32) (string, bool) { return "", false }

// permits asks a policy the slow way, for some contents of memory.
func permits(arch *abi.Arch, p *policy.Policy, call string, args [6]uint64, path string) (permitted, sure bool) {
	qs, err := translate.Questions(p.Emulation, &translate.Call{Arch: arch.Name, Name: call, Args: args}, anywhere{path})
	if err != nil {
		return false, false
	}
	for i := range qs {
		v := p.Decide(&qs[i])
		if !v.Covered && runtimeCalls[call] != "" {
			continue
		}
		if !v.Covered || v.Action != syntax.Permit || v.Rule.Log || v.As != nil {
			return false, true
		}
	}
	return true, true
}

var key = &filter.ExecKey{0x1111222233334444, 2, 3}

// TestFilter: whatever the filter lets pass, the policy permits, for every call
// of the table and for arguments around those that filters compare with.
func TestFilter(t *testing.T) {
	lines := []string{"read: permit", "read: deny[eio]", "open: permit", "open: filename eq \"/a\" then permit", "openat: oflags eq \"ro\" then permit",
		"fsread: true then permit", "fsread: filename eq \"/a\" then permit", "fswrite: true then permit", "fswrite: filename match \"/a\" then deny",
		"stat: permit", "fstat: permit", "newfstatat: permit", "mmap: prot eq \"PROT_READ\" then permit", "mmap: permit", "mmap: true then permit log",
		"mprotect: prot nsub \"PROT_EXEC\" then permit", "fcntl: cmd eq \"F_SETFD\" then permit", "fcntl: permit", "ioctl: permit", "ioctl: true then permit",
		"ioctl: cmd eq \"TCGETS\" then permit", "ioctl: cmd eq \"TIOCSETD\" then permit", "ioctl: cmd neq \"TIOCSTI\" then permit", "clone: permit", "fork: permit",
		"execve: permit", "execve: true then permit", "socket: sockdom eq \"AF_UNIX\" then permit", "connect: permit", "umask: permit", "setuid: permit",
		"chmod: true then permit as 0", "unlink: true then permit", "futex: deny[enosys]", "write: true then deny[eio]", "kill: true then ask", "kill: permit", "creat: permit"}
	rapid.Check(t, func(r *rapid.T) {
		emulation := rapid.SampledFrom([]string{"linux64", "native", "linux"}).Draw(r, "emulation")
		var texts []string
		for range rapid.IntRange(1, 2).Draw(r, "policies") {
			text := "Policy: /x, Emulation: " + emulation + "\n"
			for _, l := range rapid.SliceOfN(rapid.SampledFrom(lines), 0, 12).Draw(r, "rules") {
				text += "\t" + emulation + "-" + l + "\n"
			}
			texts = append(texts, text)
		}
		var policies []*policy.Policy
		for _, text := range texts {
			policies = append(policies, parsed(r, text))
		}
		noAlias, switching := rapid.Bool().Draw(r, "-u"), len(policies) > 1
		arch := rapid.SampledFrom([]*abi.Arch{abi.AMD64, abi.ARM64, abi.I386}).Draw(r, "architecture")
		of := Sections(arch, policies, noAlias, switching, false)
		if arch == abi.I386 {
			of = Sections(abi.AMD64, policies, noAlias, switching, false)
		}
		code := Assemble(of, key)
		for _, c := range arch.Calls() {
			for range 6 {
				args := someArgs(r)
				v := simulate(r, code, arch.Audit, c.Number, args)
				if v == filter.Notify {
					continue
				}
				for i, p := range policies {
					checkPassed(r, arch, p, c.Name, args, v, noAlias, texts[i])
				}
			}
		}
	})
}

func someArgs(r *rapid.T) (args [6]uint64) {
	for i := range args {
		args[i] = rapid.OneOf(rapid.Uint64Range(0, 16), rapid.SampledFrom([]uint64{0x40, 0x241, 0x410000, 0x20000, 0x1000, 0x10000000, 17, 0x3d0f00, 1030, 1 << 32, 1<<32 | 1, 0x5401, 0x5412, 1<<32 | 0x5423, 0x5423, 0x4b49}), rapid.Uint64()).Draw(r, "arg")
	}
	return args
}

// checkPassed: a call that the filter decides is decided so by the policy,
// whatever is in memory.
func checkPassed(r *rapid.T, arch *abi.Arch, p *policy.Policy, call string, args [6]uint64, v filter.Verdict, noAlias bool, text string) {
	if strings.HasPrefix(call, "exec") && v == filter.Allow && [3]uint64(args[3:]) == [3]uint64(*key) {
		return
	}
	for _, path := range []string{"/a", "/b", ""} {
		permitted, sure := permits(arch, p, call, args, path)
		if noAlias || !sure {
			continue // the slow way asks aliases
		}
		if v == filter.Allow && call == "clone" && args[0]&Namespaces != 0 {
			r.Fatalf("clone %#x makes namespaces unseen:\n%s", args, text)
		}
		if v == filter.Allow && !permitted {
			r.Fatalf("%s %#x of %q passes the filter; the policy refuses it:\n%s", call, args, path, text)
		}
		if v != filter.Allow && permitted {
			r.Fatalf("%s %#x of %q: %s by the filter; the policy permits it:\n%s", call, args, path, v, text)
		}
	}
}

// TestForeign: other architectures and x32 die; the starting execve needs all
// of its key.
func TestForeign(t *testing.T) {
	p := parsed(t, "Policy: /x, Emulation: linux64\n\tlinux64-read: permit\n")
	code := Assemble(Sections(abi.AMD64, []*policy.Policy{p}, false, false, false), key)
	for _, c := range []struct {
		arch, nr uint32
		args     [6]uint64
		want     filter.Verdict
	}{
		{abi.AMD64.Audit, 0, [6]uint64{}, filter.Allow},
		{abi.I386.Audit, 3, [6]uint64{}, filter.Allow},
		{abi.I386.Audit, 5, [6]uint64{}, filter.Notify},
		{abi.I386.Audit, 11, [6]uint64{0, 0, 0, key[0], key[1], key[2]}, filter.Notify},
		{abi.ARM64.Audit, 63, [6]uint64{}, filter.KillProcess},
		{abi.AMD64.Audit, 0x40000000, [6]uint64{}, filter.KillProcess},
		{abi.AMD64.Audit, 59, [6]uint64{0, 0, 0, key[0], key[1], key[2]}, filter.Allow},
		{abi.AMD64.Audit, 59, [6]uint64{0, 0, 0, key[0] & 0xffffffff, key[1], key[2]}, filter.Notify},
		{abi.AMD64.Audit, 59, [6]uint64{0, 0, 0, key[0], key[1], key[2] + 1}, filter.Notify},
		{abi.AMD64.Audit, 9999, [6]uint64{}, filter.Notify},
	} {
		if got := simulate(t, code, c.arch, c.nr, c.args); got != c.want {
			t.Errorf("arch %#x number %#x %#x: %s, want %s", c.arch, c.nr, c.args, got, c.want)
		}
	}
}

// TestDecided: what the filter is for.
func TestDecided(t *testing.T) {
	p := parsed(t, "Policy: /x, Emulation: linux64\n\tlinux64-read: permit\n\tlinux64-write: deny[eio]\n\tlinux64-fsread: true then permit\n\tlinux64-clone: permit\n\tlinux64-mmap: prot eq \"PROT_READ\" then permit\n\tlinux64-fstat: permit\n\tlinux64-unlink: true then permit log\n")
	code := Assemble(Sections(abi.AMD64, []*policy.Policy{p}, false, false, false), key)
	eio := unix.SECCOMP_RET_ERRNO | filter.Verdict(unix.EIO)
	for _, c := range []struct {
		call string
		args [6]uint64
		want filter.Verdict
	}{
		{"read", [6]uint64{}, filter.Allow},
		{"write", [6]uint64{}, eio},
		{"openat", [6]uint64{0, 0, 0x8000}, filter.Allow},
		{"openat", [6]uint64{0, 0, 1}, filter.Notify},
		{"openat", [6]uint64{0, 0, 0x40}, filter.Notify},
		{"openat", [6]uint64{0, 0, 0x200}, filter.Notify},
		{"openat", [6]uint64{0, 0, 0x400000}, filter.Notify},
		{"open", [6]uint64{0, 0}, filter.Allow},
		{"open", [6]uint64{0, 2}, filter.Notify},
		{"newfstatat", [6]uint64{0, 0, 0, 0x1000}, filter.Allow},
		{"statx", [6]uint64{}, filter.Allow},
		{"clone", [6]uint64{17}, filter.Allow},
		{"clone", [6]uint64{0x10000011}, filter.Notify},
		{"mmap", [6]uint64{2: 1}, filter.Allow},
		{"mmap", [6]uint64{2: 5}, filter.Notify},
		{"mmap", [6]uint64{2: 1<<32 | 1}, filter.Notify},
		{"unlink", [6]uint64{}, filter.Notify},
		{"getppid", [6]uint64{}, filter.Notify},
		{"exit_group", [6]uint64{}, filter.Allow},
		{"umask", [6]uint64{}, filter.Notify},
	} {
		nr, _ := abi.AMD64.Number(c.call)
		if got := simulate(t, code, abi.AMD64.Audit, nr, c.args); got != c.want {
			t.Errorf("%s %#x: %s, want %s", c.call, c.args, got, c.want)
		}
	}
}
