//go:build linux && (amd64 || arm64)

package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Guard is a process that waits for this one's end, however it comes, and from
// then on ends whoever makes a call that a listener is told of. It shares this
// process's memory and descriptors and runs no Go code: what has no thread left to
// start, or no memory, ends Go's runtime and not the guard.
type Guard struct {
	pid      int
	pidfd    int32
	own      int // this process
	listener int
	steps    []step
	notif    SeccompNotif
	zero     SeccompNotif
	wait     unix.PollFd // for this process's end
	calls    unix.PollFd
	iov      [4]unix.Iovec // zero to notif, and the caller's number to where it is used
	failure  failure
}

// guards keeps those that are needed: the memory that they use may not be freed.
var guards map[*Guard]bool

// NewGuard starts one for a listener. What is told to the listener while this
// process lives is none of its business. It has the credentials and the Landlock
// domain of the calling thread. NewGuard and End are called by one thread. Linux 5.8.
func NewGuard(listener int) (*Guard, error) {
	g := &Guard{pidfd: -1, own: -1, listener: -1}
	var err error
	if g.own, err = unix.PidfdOpen(unix.Getpid(), 0); err == nil {
		g.listener, err = unix.FcntlInt(uintptr(listener), unix.F_DUPFD_CLOEXEC, 3)
	}
	if err != nil {
		g.close()
		return nil, err
	}
	g.prepare()
	pid, pidfd, err := startHelper(g.steps, &g.failure)
	if err != nil {
		g.close()
		return nil, err
	}
	g.pid, g.pidfd = pid, int32(pidfd)
	if guards == nil {
		guards = map[*Guard]bool{} // made here: what is made before main costs every launch
	}
	guards[g] = true
	return g, nil
}

// The guard's steps by number.
const (
	guardEnded = iota + 3
	guardClear
	guardCalls
	guardMore
	guardRecv
	guardWhom
	guardKill
	guardAgain
	guardSteps
)

// prepare writes down what the guard does: in a process group of its own it waits
// for this process's end. Then, as long as there is anybody under the filter, it
// takes a call, copies the caller's number to where the next step has its
// argument, and ends the caller. tkill(2) takes no 0, which is what stands there
// when there was no call to take.
func (g *Guard) prepare() {
	at := func(p unsafe.Pointer) uintptr { return uintptr(p) }
	g.wait = unix.PollFd{Fd: int32(g.own), Events: unix.POLLIN}
	g.calls = unix.PollFd{Fd: int32(g.listener), Events: unix.POLLIN}
	g.steps = make([]step, guardSteps)
	copied := func(iov *unix.Iovec, to, from unsafe.Pointer, n int) []unix.Iovec {
		two := unsafe.Slice(iov, 2)
		two[0].Base, two[1].Base = (*byte)(to), (*byte)(from)
		two[0].SetLen(n)
		two[1].SetLen(n)
		return two
	}
	memory := func(i int, two []unix.Iovec) {
		g.steps[i] = step{nr: unix.SYS_PROCESS_VM_READV, args: [6]uintptr{0, at(unsafe.Pointer(&two[0])), 1, at(unsafe.Pointer(&two[1])), 1}}
	}
	memory(guardClear, copied(&g.iov[0], unsafe.Pointer(&g.notif), unsafe.Pointer(&g.zero), int(unsafe.Sizeof(g.notif))))
	memory(guardWhom, copied(&g.iov[2], unsafe.Pointer(&g.steps[guardKill].args[0]), unsafe.Pointer(&g.notif.PID), 4))
	g.steps[0] = step{nr: unix.SYS_SETPGID}
	g.steps[1] = step{nr: unix.SYS_GETPID, store: (*uint32)(unsafe.Pointer(&g.steps[guardClear].args[0]))}
	g.steps[2] = step{nr: unix.SYS_GETPID, store: (*uint32)(unsafe.Pointer(&g.steps[guardWhom].args[0]))}
	g.steps[guardEnded] = step{nr: unix.SYS_PPOLL, args: [6]uintptr{at(unsafe.Pointer(&g.wait)), 1, 0, 0, 8}}
	g.steps[guardCalls] = step{nr: unix.SYS_PPOLL, args: [6]uintptr{at(unsafe.Pointer(&g.calls)), 1, 0, 0, 8}, ignore: 1}
	g.branch(guardMore, guardRecv)
	g.steps[guardRecv] = step{nr: unix.SYS_IOCTL, args: [6]uintptr{uintptr(g.listener), notifRecv, at(unsafe.Pointer(&g.notif))}, ignore: 1}
	g.steps[guardKill] = step{nr: unix.SYS_TKILL, args: [6]uintptr{0, uintptr(unix.SIGKILL)}, ignore: 1}
	g.branch(guardAgain, guardClear)
}

// branch goes on with another step, or ends where nobody is under the filter.
func (g *Guard) branch(i, to int) {
	const nobody = unix.POLLHUP | unix.POLLERR | unix.POLLNVAL
	g.steps[i] = step{nr: stepBranch, args: [6]uintptr{uintptr(unsafe.Pointer(&g.steps[to])), uintptr(to), uintptr(unsafe.Pointer(&g.calls.Revents)), nobody}}
}

// End lets go of a guard.
func (g *Guard) End() {
	if !guards[g] {
		return
	}
	PidfdSignal(int(g.pidfd), unix.SIGKILL)
	unix.Poll([]unix.PollFd{{Fd: g.pidfd, Events: unix.POLLIN}}, -1)
	unix.Wait4(g.pid, nil, unix.WALL|unix.WNOHANG, nil) // somebody else may wait for all children
	delete(guards, g)
	g.close()
}

func (g *Guard) close() {
	for _, fd := range []int{g.own, g.listener, int(g.pidfd)} {
		if fd >= 0 {
			unix.Close(fd)
		}
	}
}
