package launcher

import "golang.org/x/sys/unix"

// breakpoint is int3.
var breakpoint = []byte{0xcc}

// atBreakpoint reports whether the program stands behind the breakpoint, and
// puts it back to the entry point. PTRACE_GETREGS gives a 64-bit tracer the
// 64-bit layout for i386 programs too; PTRACE_GETREGSET does not.
func (t *tracee) atBreakpoint() (bool, error) {
	var regs unix.PtraceRegsAmd64
	if err := unix.PtraceGetRegsAmd64(t.pid, &regs); err != nil {
		return false, err
	}
	if regs.Rip != uint64(t.entry)+1 {
		return false, nil
	}
	regs.Rip = uint64(t.entry)
	return true, unix.PtraceSetRegsAmd64(t.pid, &regs)
}
