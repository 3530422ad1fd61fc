package launcher

import (
	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
)

// breakpoint is int3.
var breakpoint = []byte{0xcc}

// atBreakpoint reports whether the program stands behind the breakpoint, and
// puts it back to the entry point. The kernel gives the registers of an i386
// program in that architecture's layout.
func (s *supervisor) atBreakpoint(entry uintptr) (bool, error) {
	if s.launch.image.arch == abi.I386 {
		var regs unix.PtraceRegs386
		if err := unix.PtraceGetRegs386(s.child.pid, &regs); err != nil {
			return false, err
		}
		if uint32(regs.Eip) != uint32(entry)+1 {
			return false, nil
		}
		regs.Eip = int32(entry)
		return true, unix.PtraceSetRegs386(s.child.pid, &regs)
	}
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
