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
	var old sigaction
	if kernelAction(unix.SIGCONT, nil, &old) && old.handler != sigIgn { // a program is to find it ignored
		CountContinues()
	}
	like.handler = forwardAddress()
	for _, sig := range signals {
		var old sigaction
		if kernelAction(sig, &like, &old) && old.handler == sigIgn {
			kernelAction(sig, &old, nil)
			continue
		}
		caught[sig] = old
	}
}

// QuitPlainly gives SIGQUIT the action that it has for other programs, unless it is
// ignored: Go's runtime prints what its threads do.
func QuitPlainly() {
	var old sigaction
	if kernelAction(unix.SIGQUIT, nil, &old) && old.handler != sigIgn {
		kernelAction(unix.SIGQUIT, &sigaction{}, nil)
	}
}

// caught are the actions that CatchSignals has replaced.
var caught [65]sigaction

// ReleaseSignals undoes CatchSignals: the signals have the action that they had.
func ReleaseSignals() {
	for sig := range caught {
		if caught[sig].handler != 0 {
			kernelAction(unix.Signal(sig), &caught[sig], nil)
		}
	}
}

// childEvents is the eventfd that the handler of SIGCHLD writes childCount to.
//
//lint:file-ignore U1000 the assembly uses both
var (
	childEvents int32
	childCount  uint64 = 1
)

func childAddress() uintptr

// ExpectChildren gives SIGCHLD its default action: whoever started this process
// may have ignored it, then no child could be waited for, and the handler of
// Go's runtime would only run for nothing.
func ExpectChildren() { kernelAction(unix.SIGCHLD, &sigaction{}, nil) }

// CatchChildren returns an eventfd that becomes readable whenever a child of
// this process stops or ends from now on, and closes on exec. It may be called
// once.
func CatchChildren() (int, error) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
	if err != nil {
		return -1, err
	}
	childEvents = int32(fd)
	var act sigaction
	kernelAction(unix.SIGSEGV, nil, &act) // flags, restorer and mask of a handler of Go's runtime
	act.handler = childAddress()
	if !kernelAction(unix.SIGCHLD, &act, nil) {
		return -1, unix.EINVAL
	}
	return fd, nil
}

// ForwardSignals sends caught signals on to a process, those that came before as
// well.
func ForwardSignals(pid int) {
	atomic.StoreInt32(&forwardTo, int32(pid))
	early := atomic.SwapUint64(&earlySignals, 0)
	if Continued() > 0 {
		early &^= 1<<unix.SIGTSTP | 1<<unix.SIGTTIN | 1<<unix.SIGTTOU // which continuing a process takes back
	}
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
