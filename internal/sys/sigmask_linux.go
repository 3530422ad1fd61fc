package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// PtraceSigmask sets the signals that a stopped thread blocks and returns those
// that it blocked. Linux 3.11.
func PtraceSigmask(tid int, mask uint64) (old uint64, err error) {
	const get, set, size = 0x420a, 0x420b, 8
	if _, _, e := unix.Syscall6(unix.SYS_PTRACE, get, uintptr(tid), size, uintptr(unsafe.Pointer(&old)), 0, 0); e != 0 {
		return 0, e
	}
	if _, _, e := unix.Syscall6(unix.SYS_PTRACE, set, uintptr(tid), size, uintptr(unsafe.Pointer(&mask)), 0, 0); e != 0 {
		return 0, e
	}
	return old, nil
}
