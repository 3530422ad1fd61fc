//go:build linux && (amd64 || arm64) && cgo && libseccomp

package filter

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/libseccomp"
	"github.com/pledge-linux/pledge/internal/rules"
)

// CompileLibseccomp gives the rules to libseccomp, which builds the tree over
// the numbers and arguments, and puts the prelude in front of its program:
// foreign architecture and x32, numbers without a rule in the tables, the key of
// the starting execve. libseccomp knows no order of rules, so they are first
// made disjoint.
//
// The library takes the numbers of the machine's own architecture only; for
// others the assembler's program is returned.
func CompileLibseccomp(o Options) (*Program, error) {
	if o.Arch.Name != runtime.GOARCH {
		return Compile(o)
	}
	if o.Self.PID == 0 {
		o.Self.PID = placeholderPID
	}
	ctx, err := libseccomp.New(uint32(o.Violation))
	if err != nil {
		return nil, fmt.Errorf("libseccomp: %w", err)
	}
	defer ctx.Release()
	a := assembler{o: o}
	var failed error
	rules.All(func(call string, list []rules.Rule) bool {
		if nr, ok := o.Arch.Number(call); ok {
			failed = addCall(ctx, &a, nr, list)
		}
		return failed == nil
	})
	if failed != nil {
		return nil, fmt.Errorf("libseccomp: %w", failed)
	}
	code, err := export(ctx)
	if err != nil {
		return nil, fmt.Errorf("libseccomp: %w", err)
	}
	p := a.inFront(code)
	for i := range p.Code {
		if p.Code[i].Code == unix.BPF_JMP|unix.BPF_JEQ|unix.BPF_K && p.Code[i].K == o.Self.PID {
			p.PIDs = append(p.PIDs, i)
		}
	}
	return p, nil
}

// placeholderPID stands for the process id, which is not known yet, where the
// library compares with it. No process can have it (PID_MAX_LIMIT is 2^22) and
// no rule has the number.
const placeholderPID = 0x7fedcba9

// addCall adds the rules of one call. What equals the default needs none.
func addCall(ctx *libseccomp.Filter, a *assembler, nr uint32, found []rules.Rule) error {
	verdict, use := a.o.taking(found)
	if use == nil {
		if verdict == a.o.Violation {
			return nil
		}
		return ctx.Add(nr, uint32(verdict))
	}
	for _, c := range disjoint(use, a.o.Self) {
		v := a.o.verdict(c.action)
		if v == a.o.Violation {
			continue
		}
		var list []libseccomp.Condition
		for _, m := range c.conditions() {
			list = append(list, libseccomp.Condition{Arg: m.arg, Mask: m.mask, Value: m.value})
		}
		if err := ctx.Add(nr, uint32(v), list...); err != nil {
			return fmt.Errorf("rule for call %d: %w", nr, err)
		}
	}
	return nil
}

// export reads the program that libseccomp generates.
func export(ctx *libseccomp.Filter) ([]unix.SockFilter, error) {
	fd, err := unix.MemfdCreate("filter", unix.MFD_CLOEXEC)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "filter")
	defer f.Close()
	if err := ctx.Export(f); err != nil {
		return nil, err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	const size = unix.SizeofSockFilter
	code := make([]unix.SockFilter, len(raw)/size)
	for i := range code {
		r := raw[i*size:]
		code[i] = unix.SockFilter{Code: uint16(r[0]) | uint16(r[1])<<8, Jt: r[2], Jf: r[3],
			K: uint32(r[4]) | uint32(r[5])<<8 | uint32(r[6])<<16 | uint32(r[7])<<24}
	}
	return code, nil
}

// inFront emits the prelude before a finished program.
func (a *assembler) inFront(code []unix.SockFilter) *Program {
	for i := len(code) - 1; i >= 0; i-- {
		a.code = append(a.code, code[i])
	}
	body := label(len(a.code) - 1)
	// The library's program loads what it needs itself; gaps in the tables,
	// which it takes for the default, do not exist.
	known := make([]bool, a.o.Arch.Newest()+1)
	for _, c := range a.o.Arch.Calls() {
		known[c.Number] = true
	}
	at := body
	for nr := len(known) - 1; nr >= 0; nr-- {
		if known[nr] || nr > 0 && !known[nr-1] {
			continue
		}
		end := nr
		for end+1 < len(known) && !known[end+1] {
			end++
		}
		beyond := a.jump(unix.BPF_JGT, uint32(end), at, a.ret(NoSys))
		at = a.jump(unix.BPF_JGE, uint32(nr), beyond, at)
	}
	return a.program(a.prelude(a.bounds(at)))
}

// bounds emits what the assembler has as leaves of its search: numbers newer
// than the tables, x32, and the key of the starting execve.
func (a *assembler) bounds(at label) label {
	at = a.jump(unix.BPF_JGT, a.o.Arch.Newest(), a.ret(NoSys), at)
	if a.o.Arch.Name == "amd64" {
		at = a.jump(unix.BPF_JGE, x32, a.ret(KillProcess), at)
	}
	if a.o.Key == nil || a.o.keyArch() != a.o.Arch {
		return at
	}
	execve, _ := a.o.Arch.Number("execve")
	a.emit(unix.BPF_JMP|unix.BPF_JA, uint32(a.skip(at)), 0, 0)
	keyed := a.key(a.load(offNr)) // the number again, if it is not the key
	return a.jump(unix.BPF_JEQ, execve, keyed, at)
}
