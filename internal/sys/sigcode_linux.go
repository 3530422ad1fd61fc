//go:build linux && (amd64 || arm64)

package sys

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sigcodes holds si_code of the last signal of each number; sigcodeNext the
// handler that Go's runtime installed.
var (
	sigcodes    [65]int32
	sigcodeNext uintptr
)

func sigcodeAddress() uintptr

// RecordSenders makes the process remember, for the given signals, whether the
// kernel sent them (the terminal did) or a process. Go's os/signal does not
// tell. Call it after signal.Notify for the same signals.
func RecordSenders(signals ...unix.Signal) {
	for _, sig := range signals {
		var act sigaction
		if !kernelAction(sig, nil, &act) || act.handler <= 1 {
			continue
		}
		if sigcodeNext == 0 {
			sigcodeNext = act.handler
		}
		if act.handler != sigcodeNext {
			continue
		}
		act.handler = sigcodeAddress()
		kernelAction(sig, &act, nil)
	}
}

// SentByKernel reports whether the last signal of that number came from the
// kernel, that is from the terminal, and so went to the whole process group.
func SentByKernel(sig unix.Signal) bool { return atomic.LoadInt32(&sigcodes[sig]) > 0 }

func kernelAction(sig unix.Signal, act, old *sigaction) bool {
	_, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(sig), uintptr(unsafe.Pointer(act)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
	return e == 0
}
