package launcher

import "golang.org/x/sys/unix"

// breakpoint is int3.
var breakpoint = []byte{0xcc}

// atBreakpoint reports whether the program stands behind the breakpoint, and
// puts it back to the entry point.
func (s *supervisor) atBreakpoint(entry uintptr) (bool, error) {
	var regs unix.PtraceRegs
	if err := unix.PtraceGetRegs(s.child.pid, &regs); err != nil {
		return false, err
	}
	if regs.Rip != uint64(entry)+1 {
		return false, nil
	}
	regs.Rip = uint64(entry)
	return true, unix.PtraceSetRegs(s.child.pid, &regs)
}
