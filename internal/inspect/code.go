//go:build unix

package inspect

import (
	"debug/buildinfo"
	"debug/elf"
	"debug/gosym"
	"encoding/binary"
	"slices"
	"strings"
)

// code is what the machine code of a file says of system calls.
type code struct {
	numbers   []uint32 // ascending
	unknown   int      // sites whose number was not found
	toolchain string   // of Go
}

// maxText is how much code is read.
const maxText = 256 << 20

// calls looks for instructions that make system calls, and for calls of Go's
// functions that do, and for the numbers that were loaded before.
func calls(f *elf.File, path string) (*code, error) {
	c := &code{}
	if info, err := buildinfo.ReadFile(path); err == nil {
		c.toolchain = info.GoVersion
	}
	text := f.Section(".text")
	if text == nil || text.Size > maxText {
		c.unknown = 1 // nothing is known
		return c, nil
	}
	b, err := text.Data()
	if err != nil {
		return nil, err
	}
	found := map[uint32]bool{}
	entries := goEntries(f, c.toolchain)
	inside := func(at int) bool { // of a function that is called with the number
		addr := text.Addr + uint64(at)
		return slices.ContainsFunc(entries, func(fn gosym.Func) bool { return fn.Entry <= addr && addr < fn.End })
	}
	note := func(at int, nr uint32, ok bool) {
		switch {
		case ok:
			found[nr] = true
		case !inside(at):
			c.unknown++
		}
	}
	if f.Machine == elf.EM_AARCH64 {
		arm64Calls(b, note)
	} else {
		amd64Calls(b, text.Addr, func(target uint64) bool {
			return slices.ContainsFunc(entries, func(fn gosym.Func) bool { return fn.Entry == target })
		}, note)
	}
	for nr := range found {
		c.numbers = append(c.numbers, nr)
	}
	slices.Sort(c.numbers)
	return c, nil
}

// goEntries are the functions of Go that take a number and make that call.
func goEntries(f *elf.File, toolchain string) (list []gosym.Func) {
	table, text := f.Section(".gopclntab"), f.Section(".text")
	if toolchain == "" || table == nil || text == nil {
		return nil
	}
	data, err := table.Data()
	if err != nil {
		return nil
	}
	names, err := gosym.NewTable(nil, gosym.NewLineTable(data, text.Addr))
	if err != nil {
		return nil
	}
	for _, fn := range names.Funcs {
		i := strings.LastIndexByte(fn.Name, '.')
		if i < 0 {
			continue
		}
		switch fn.Name[i+1:] {
		case "Syscall", "Syscall6", "RawSyscall", "RawSyscall6", "rawSyscallNoError", "rawVforkSyscall", "RawSyscallNoError", "SyscallNoError", "runtime_doAllThreadsSyscall":
			list = append(list, fn)
		}
	}
	return list
}

const reach = 96 // bytes between a number and its call, on arm64

// arm64Calls finds svc instructions.
func arm64Calls(b []byte, note func(at int, nr uint32, ok bool)) {
	const svc = 0xd4000001
	for i := 0; i+4 <= len(b); i += 4 {
		if binary.LittleEndian.Uint32(b[i:]) != svc {
			continue
		}
		nr, ok := uint32(0), false
		for j := i - 4; j >= max(0, i-reach) && !ok; j -= 4 {
			if ins := binary.LittleEndian.Uint32(b[j:]); ins&0xffe0001f == 0xd2800008 { // mov x8, #n
				nr, ok = ins>>5&0xffff, true
			}
		}
		note(i, nr, ok)
	}
}
