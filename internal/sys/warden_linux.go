//go:build linux && (amd64 || arm64)

package sys

import (
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Warden is a process that stops this one and has it continue as soon as one of
// some descriptors is readable. It shares this process's memory and runs no Go
// code. It is in a process group of its own, so that what stops this process's
// group does not stop it.
type Warden struct {
	pid     int
	pidfd   int32
	steps   []step
	fds     []unix.PollFd
	woken   uint32
	failure failure
}

// Stop has a warden stop this process (SIGSTOP). The calling thread, and all
// others, may run for a moment yet. Linux 5.3.
func Stop(wake ...int) (*Warden, error) {
	w := &Warden{pidfd: -1}
	for _, fd := range wake {
		w.fds = append(w.fds, unix.PollFd{Fd: int32(fd), Events: unix.POLLIN})
	}
	own := uintptr(unix.Getpid())
	w.steps = []step{
		{nr: unix.SYS_PRCTL, args: [6]uintptr{unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL)}, ignore: 1},
		{nr: unix.SYS_SETPGID, ignore: 1},
		{nr: unix.SYS_KILL, args: [6]uintptr{own, uintptr(unix.SIGSTOP)}},
		{nr: unix.SYS_PPOLL, args: [6]uintptr{uintptr(unsafe.Pointer(&w.fds[0])), uintptr(len(w.fds)), 0, 0, 8}, store: &w.woken, ignore: 1},
		{nr: unix.SYS_KILL, args: [6]uintptr{own, uintptr(unix.SIGCONT)}},
	}
	pid, pidfd, err := startHelper(w.steps, &w.failure)
	if err != nil {
		return nil, err
	}
	w.pid, w.pidfd = pid, int32(pidfd)
	return w, nil
}

// Ended waits for the warden's end, timeout milliseconds at most.
func (w *Warden) Ended(timeout int) bool {
	n, err := unix.Poll([]unix.PollFd{{Fd: w.pidfd, Events: unix.POLLIN}}, timeout)
	return err == nil && n > 0
}

// End ends the warden, and reports whether it was that which had this process continue.
func (w *Warden) End() (woke bool) {
	PidfdSignal(int(w.pidfd), unix.SIGKILL)
	unix.Poll([]unix.PollFd{{Fd: w.pidfd, Events: unix.POLLIN}}, -1)
	unix.Wait4(w.pid, nil, unix.WALL|unix.WNOHANG, nil) // somebody else may wait for all children
	unix.Close(int(w.pidfd))
	return atomic.LoadUint32(&w.woken) != 0
}

// continued counts the times that this process was continued (SIGCONT).
//
//lint:file-ignore U1000 the assembly uses it
var continued uint32

func continueAddress() uintptr

// CountContinues has [Continued] count from now on.
func CountContinues() {
	var act sigaction
	kernelAction(unix.SIGSEGV, nil, &act) // flags, restorer and mask of a handler of Go's runtime
	act.handler = continueAddress()
	kernelAction(unix.SIGCONT, &act, nil)
}

// Continued is how often this process was continued.
func Continued() uint32 { return atomic.LoadUint32(&continued) }
