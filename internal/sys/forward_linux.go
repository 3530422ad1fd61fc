//go:build linux && (amd64 || arm64)

package sys

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// forwardTo is the process that signals are sent on to; earlySignals are those
// that came before there was one, as bits.
var (
	forwardTo    int32
	earlySignals uint64
)

func forwardAddress() uintptr

// CatchSignals makes this process keep the given signals for the process that
// ForwardSignals will name, instead of acting on them. Signals that the kernel sends (the terminal's)
// reach the whole process group and are not sent twice. Ignored signals stay
// ignored. The handler is assembly and calls into nothing: os/signal costs a
// millisecond at start-up and does not tell who sent a signal.
func CatchSignals(signals ...unix.Signal) {
	var like sigaction // flags, restorer and mask of a handler of Go's runtime
	if !kernelAction(unix.SIGTERM, nil, &like) || like.handler <= 1 {
		kernelAction(unix.SIGSEGV, nil, &like)
	}
	like.handler = forwardAddress()
	for _, sig := range signals {
		var old sigaction
		if kernelAction(sig, nil, &old) && old.handler != sigIgn {
			kernelAction(sig, &like, nil)
		}
	}
}

// ForwardSignals sends caught signals on to a process, those that came before as
// well.
func ForwardSignals(pid int) {
	atomic.StoreInt32(&forwardTo, int32(pid))
	early := atomic.SwapUint64(&earlySignals, 0)
	for sig := unix.Signal(1); sig < 64; sig++ {
		if early&(1<<sig) != 0 {
			unix.Kill(pid, sig)
		}
	}
}

// StopForwarding makes the handlers do nothing.
func StopForwarding() { atomic.StoreInt32(&forwardTo, 0) }

const sigIgn = 1

func kernelAction(sig unix.Signal, act, old *sigaction) bool {
	_, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(act)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	return e == 0
}
