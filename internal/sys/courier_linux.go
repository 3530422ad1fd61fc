//go:build linux && (amd64 || arm64)

package sys

import (
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Courier is a process that copies memory of other processes for this one,
// with which it shares all of its own. It may be left behind while it waits: a
// page of a file system in user space that its server never brings holds whoever
// asks for it, even against SIGKILL, and with a thread its whole process.
//
// It has the credentials and the Landlock domain of the thread that started it.
type Courier struct {
	pid     int
	pidfd   int32
	steps   []step
	in, out int32 // eventfds: there is an errand, it is done
	errands [errandsEach]errand
	next    int
	count   uint64
	one     uint64
	failure failure
}

// An errand is one copy.
type errand struct {
	local  unix.Iovec
	remote unix.RemoteIovec
	result uint32 // bytes, or an errno below zero
}

// beforeErrands is how many steps come before the errands.
const beforeErrands = 2

// errandsEach is how many errands a courier does before it ends.
const errandsEach = 64

// couriers keeps those that were left behind, and the memory that they may still
// write to.
var couriers struct {
	mu   sync.Mutex
	lost []*Courier
	held [][]byte
}

// maxLost is how many couriers may be left behind. Those that never come back
// were all held by somebody's broken or hostile file system.
const maxLost = 64

// NewCourier starts one. It fails with EAGAIN where too many were left behind.
// Linux 5.3.
func NewCourier() (*Courier, unix.Errno) {
	couriers.mu.Lock()
	lost := len(couriers.lost)
	couriers.mu.Unlock()
	if lost >= maxLost {
		return nil, unix.EAGAIN
	}
	c := &Courier{one: 1, in: -1, out: -1, pidfd: -1}
	for _, fd := range []*int32{&c.in, &c.out} {
		n, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
		if err != nil {
			c.close()
			return nil, unix.EMFILE
		}
		*fd = int32(n)
	}
	c.prepare()
	pid, pidfd, err := startHelper(c.steps, &c.failure)
	if err != nil {
		c.close()
		return nil, asErrno(err)
	}
	c.pid, c.pidfd = pid, int32(pidfd)
	return c, 0
}

// prepare writes down what the courier does: wait, copy, tell, as often as it
// does errands. What it copies is filled in before it is told.
func (c *Courier) prepare() {
	at := func(p unsafe.Pointer) uintptr { return uintptr(p) }
	c.steps = append(c.steps,
		step{nr: unix.SYS_PRCTL, args: [6]uintptr{unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL)}, ignore: 1},
		// Who stops its own process group stops no courier.
		step{nr: unix.SYS_SETPGID, ignore: 1},
	)
	for i := range c.errands {
		e := &c.errands[i]
		c.steps = append(c.steps,
			step{nr: unix.SYS_READ, args: [6]uintptr{uintptr(c.in), at(unsafe.Pointer(&c.count)), 8}},
			step{ignore: 1, store: &e.result, args: [6]uintptr{0, at(unsafe.Pointer(&e.local)), 1, at(unsafe.Pointer(&e.remote)), 1, 0}},
			step{nr: unix.SYS_WRITE, args: [6]uintptr{uintptr(c.out), at(unsafe.Pointer(&c.one)), 8}},
		)
	}
}

// Spent reports whether the courier does no more errands.
func (c *Courier) Spent() bool { return c.next == errandsEach }

// Send begins to copy len(p) bytes between p and another process:
// process_vm_readv(2), or process_vm_writev(2) if write is set. p is not empty.
// One errand is done at a time.
func (c *Courier) Send(pid int, addr uint64, p []byte, write bool) {
	nr := uintptr(unix.SYS_PROCESS_VM_READV)
	if write {
		nr = unix.SYS_PROCESS_VM_WRITEV
	}
	e := &c.errands[c.next]
	e.local.Base = &p[0]
	e.local.SetLen(len(p))
	e.remote = unix.RemoteIovec{Base: uintptr(addr), Len: len(p)}
	st := &c.steps[beforeErrands+3*c.next+1]
	st.nr, st.args[0] = nr, uintptr(pid)
	c.next++
	unix.Write(int(c.in), Bytes(&c.one))
}

// Read begins to read len(p) bytes of the memory that fd is opened on (/proc/PID/mem),
// which reads what is there, readable for its process or not. It is an errand as Send's;
// where nothing is mapped it ends with EIO. fd stays open until it is done.
func (c *Courier) Read(fd int, addr uint64, p []byte) {
	st := &c.steps[beforeErrands+3*c.next+1]
	st.nr = unix.SYS_PREAD64
	st.args[0], st.args[1], st.args[2], st.args[3] = uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), uintptr(addr)
	c.next++
	unix.Write(int(c.in), Bytes(&c.one))
}

// Done waits for the errand, timeout milliseconds at most, and returns how many
// bytes were copied. It may be called again until it reports done. The error is
// EAGAIN if the courier has ended.
func (c *Courier) Done(timeout int) (n int, errno unix.Errno, done bool) {
	fds := []unix.PollFd{{Fd: c.out, Events: unix.POLLIN}, {Fd: c.pidfd, Events: unix.POLLIN}}
	if r, err := unix.Poll(fds, timeout); err != nil || r == 0 {
		return 0, 0, false
	}
	if fds[0].Revents == 0 {
		c.next = errandsEach // it does no more
		return 0, unix.EAGAIN, true
	}
	var count [8]byte
	unix.Read(int(c.out), count[:])
	if r := int32(c.errands[c.next-1].result); r < 0 {
		return 0, unix.Errno(-r), true
	}
	return int(c.errands[c.next-1].result), 0, true
}

// End lets go of a courier that has no errand.
func (c *Courier) End() {
	if c.pidfd >= 0 {
		PidfdSignal(int(c.pidfd), unix.SIGKILL)
		// Nothing of ours may be freed that it still uses. Somebody else may wait for
		// all children.
		unix.Poll([]unix.PollFd{{Fd: c.pidfd, Events: unix.POLLIN}}, -1)
		unix.Wait4(c.pid, nil, unix.WALL|unix.WNOHANG, nil)
	}
	c.close()
}

func (c *Courier) close() {
	for _, fd := range []int32{c.in, c.out, c.pidfd} {
		if fd >= 0 {
			unix.Close(int(fd))
		}
	}
}

// Leave gives up a courier whose errand takes too long, and the memory of the
// errand, which it may still write to.
func (c *Courier) Leave(p []byte) {
	couriers.mu.Lock()
	couriers.lost, couriers.held = append(couriers.lost, c), append(couriers.held, p)
	couriers.mu.Unlock()
	go func() {
		for {
			if _, _, done := c.Done(60000); done {
				break
			}
		}
		c.End()
		couriers.mu.Lock()
		defer couriers.mu.Unlock()
		for i := range couriers.lost {
			if couriers.lost[i] == c {
				couriers.lost = append(couriers.lost[:i], couriers.lost[i+1:]...)
				couriers.held = append(couriers.held[:i], couriers.held[i+1:]...)
				return
			}
		}
	}()
}
