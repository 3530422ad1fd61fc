// Package notify is the supervisor's end of a seccomp filter: calls that wait
// for an answer (seccomp_unotify(2)).
//
// Its rules are those without which a supervisor can be deceived:
//
//   - What is read of a caller's memory is read once. Who asks again gets what
//     was read.
//   - What was read counts only if the caller still waited afterwards: else it
//     was read of whoever has the caller's number by then.
//   - A call does not tell the number of its thread. Whoever needs the thread,
//     its process, descriptors or memory asks the call, which looks whether the
//     caller still waits, and holds descriptors of it for what comes later.
//   - A call is answered once.
//   - Memory that is not there is not waited for: see [Call.Patient].
package notify

import (
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
)

// A Listener is the descriptor that seccomp(2) returned for a filter
// (SECCOMP_FILTER_FLAG_NEW_LISTENER, Linux 5.0).
type Listener struct {
	fd  int
	how Reader

	// direct is set while nobody can exchange a caller's memory between two looks.
	direct atomic.Bool

	mu     sync.Mutex
	mapped uint32 // the thread that pages belongs to
	pages  sys.MemoryMap
	free   []*sys.Courier
}

// Direct tells whether callers have one thread and share their memory with
// nobody, so that memory which is there is still there a moment later: then it
// is copied at once, else by a process of its own (sys.Courier).
func (l *Listener) Direct(is bool) { l.direct.Store(is) }

// A Reader says how the memory of callers is reached.
type Reader struct {
	// Within runs a function on a thread that the kernel gives access to no other
	// processes, and returns false if it no longer runs anything. What is written into
	// callers, and read of memory that has to be waited for, is done there: the number of
	// a caller that was stopped, killed and forgotten between two looks may be another's.
	Within func(func()) bool
	// Writes is false where there is no such thread, unless nobody could stop this
	// process between the two looks: nothing is written then (EPERM).
	Writes bool
	// Ancestor is set where only those may look at a process that it comes from (Yama's
	// ptrace_scope 1). No process beside this one may then: it opens what another
	// reads, and writes itself.
	Ancestor bool
}

// Listen takes over the descriptor.
func Listen(fd int, how Reader) *Listener { return &Listener{fd: fd, how: how} }

// FD is the descriptor, for poll(2).
func (l *Listener) FD() int { return l.fd }

// Close closes it: the kernel answers ENOSYS from then on.
func (l *Listener) Close() { unix.Close(l.fd) }

// SyncWakeup has the kernel hand the processor over between caller and listener
// (Linux 6.6). Only speed is lost without it.
func (l *Listener) SyncWakeup() { sys.NotifSyncWakeup(l.fd) }

// Abandoned reports whether no process is left under the filter.
func (l *Listener) Abandoned() bool {
	fds := []unix.PollFd{{Fd: int32(l.fd), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0 && fds[0].Revents&unix.POLLHUP != 0
}

// Recv waits for a call. The error is ENOENT if who called was gone before.
func (l *Listener) Recv() (*Call, unix.Errno) {
	var n sys.SeccompNotif
	if e := sys.NotifRecv(l.fd, &n); e != 0 {
		return nil, e
	}
	c := &Call{l: l, id: n.ID, tid: n.PID, Nr: int(n.Nr), Args: n.Args, IP: n.IP, Arch: abi.ByAudit(n.Arch), pidfd: -1}
	if c.Arch != nil {
		c.Name = c.Arch.CallName(uint32(n.Nr))
	}
	return c, 0
}

// A Call waits for an answer. Its methods may be used by several goroutines, one
// after the other.
type Call struct {
	Arch *abi.Arch // nil if no table of ours is the caller's
	Nr   int
	Name string // "" if no table knows the number
	Args [6]uint64
	IP   uint64

	l        *Listener
	id       uint64
	tid      uint32
	process  int // 0 until it is known
	pidfd    int // of the process; -1 until it is asked for
	patient  bool
	answered atomic.Bool
	read     []span
}

// Waiting reports whether the caller still waits for the answer.
func (c *Call) Waiting() bool { return !c.answered.Load() && sys.NotifValid(c.l.fd, c.id) }

// waited turns an error into ENOENT if the caller is gone: what came of looking
// at it was another's.
func (c *Call) waited(err error) error {
	if !c.Waiting() {
		return unix.ENOENT
	}
	return err
}

// Return answers with a result.
func (c *Call) Return(v int64) { c.answer(v, 0) }

// Fail answers with an error number; 0 is success with the result 0.
func (c *Call) Fail(e unix.Errno) { c.answer(0, e) }

func (c *Call) answer(v int64, e unix.Errno) {
	if c.answered.CompareAndSwap(false, true) {
		sys.NotifReturn(c.l.fd, c.id, v, e)
	}
	c.release()
}

// A Judged says of what the verdict was made when the kernel is to perform a
// call itself. It can only be something that nobody can change meanwhile.
type Judged string

// Continue lets the kernel perform the call (SECCOMP_USER_NOTIF_FLAG_CONTINUE).
func (c *Call) Continue(Judged) {
	if c.answered.CompareAndSwap(false, true) {
		if c.Name == "execve" || c.Name == "execveat" {
			c.l.forget()
		}
		sys.NotifContinue(c.l.fd, c.id)
	}
	c.release()
}

// Give puts a copy of fd into the caller, answers with its number there, and
// closes fd here. flags is 0 or O_CLOEXEC. Linux 5.14.
func (c *Call) Give(fd int, flags uint64) {
	defer unix.Close(fd)
	if c.answered.Load() {
		return
	}
	n, e := sys.NotifInstallFD(c.l.fd, c.id, fd, uint32(flags)&unix.O_CLOEXEC)
	c.answer(int64(n), e)
}

// Install puts a copy of fd into the caller without answering, and returns its
// number there. Linux 5.9.
func (c *Call) Install(fd int, flags uint64) (int, unix.Errno) {
	if c.answered.Load() {
		return 0, unix.ENOENT
	}
	return sys.NotifInstallFD(c.l.fd, c.id, fd, uint32(flags)&unix.O_CLOEXEC)
}

// Drop gives up a call that nobody will answer: its caller was killed.
func (c *Call) Drop() {
	c.answered.Store(true)
	c.release()
}

// Interrupt fails a call that somebody else is at work for, who need not know.
func (c *Call) Interrupt(e unix.Errno) {
	if c.answered.CompareAndSwap(false, true) {
		sys.NotifReturn(c.l.fd, c.id, 0, e)
	}
}

func (c *Call) release() {
	if c.pidfd >= 0 {
		unix.Close(c.pidfd)
		c.pidfd = -1
	}
}
