package launcher

import "golang.org/x/sys/unix"

// breakpoint is brk #0.
var breakpoint = []byte{0x00, 0x00, 0x20, 0xd4}

// atBreakpoint reports whether the program stands at the breakpoint.
func (t *tracee) atBreakpoint() (bool, error) {
	var regs unix.PtraceRegsArm64
	if err := unix.PtraceGetRegSetArm64(t.pid, 1, &regs); err != nil {
		return false, err
	}
	return regs.Pc == uint64(t.entry), nil
}
