package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// Prefault has the kernel map the pages that the heap will grow into next, size
// bytes of them, in one call. A launch allocates little and once, so that
// nearly every page of it would be a fault of its own, and a fault costs more
// than the page: twenty times as much on a virtual machine without hardware
// page tables. Linux 5.14; an older kernel does nothing.
func Prefault(size uintptr) {
	tip = new([8192]byte)
	unix.RawSyscall(unix.SYS_MADVISE, uintptr(unsafe.Pointer(tip)), size, unix.MADV_POPULATE_WRITE)
	growStack()
}

// tip is where the heap ended at Prefault: a size class that nothing used
// before, global so that it is not on a stack.
var tip *[8192]byte

// growStack makes the goroutine's stack as large as a launch needs while there
// are two frames to move. Later on each doubling would move many, looking every
// one of them up in tables that are not in memory yet.
//
//go:noinline
func growStack() byte {
	var frame [14 << 10]byte
	return frame[unix.Getpagesize()&1]
}
