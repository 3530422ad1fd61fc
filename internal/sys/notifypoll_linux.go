//go:build amd64 || arm64

package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// PollIn waits until a listener has a call, at most for some microseconds. The
// thread keeps its place in Go's scheduler, so the time must be short.
func PollIn(fd int, microseconds int) bool {
	p := unix.PollFd{Fd: int32(fd), Events: unix.POLLIN}
	t := unix.Timespec{Nsec: int64(microseconds) * 1000}
	n, _, _ := unix.RawSyscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(&p)), 1, uintptr(unsafe.Pointer(&t)), 0, 0, 0)
	return int(n) > 0 && p.Revents&unix.POLLIN != 0
}

// PollCall waits until a listener has a call. The error is EINTR where a signal came
// first, ESRCH where there will be none.
func PollCall(fd int) unix.Errno {
	p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	_, err := unix.Poll(p, -1)
	if e, failed := err.(unix.Errno); failed {
		return e
	}
	if p[0].Revents&unix.POLLIN == 0 {
		return unix.ESRCH
	}
	return 0
}

// Interrupting makes a signal of this process, for which a handler is installed,
// end system calls with EINTR instead of having them made again.
func Interrupting(signal int) error {
	const restart = 0x10000000 // SA_RESTART
	var act sigaction
	if _, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(signal), 0, uintptr(unsafe.Pointer(&act)), 8, 0, 0); e != 0 {
		return e
	}
	act.flags &^= restart
	if _, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(signal), uintptr(unsafe.Pointer(&act)), 0, 8, 0, 0); e != 0 {
		return e
	}
	return nil
}

// BlockSignals sets the signals that the calling thread blocks, by their bits.
// The goroutine is locked to it.
func BlockSignals(mask uint64) { sigmask(unix.SIG_SETMASK, &mask, nil) }
