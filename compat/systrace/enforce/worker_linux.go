//go:build amd64 || arm64

package enforce

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// worker is a thread that answers calls. It has a umask of its own, and as root
// takes on the credentials of callers for as long as it performs their calls.
type worker struct {
	engine  *engine
	tid     int
	own     *credentials
	umask   int
	inert   bool                 // it only refuses: too many others wait
	current atomic.Pointer[call] // what it is about
	began   atomic.Uint64        // counts the calls that it has received
	lead    chan struct{}        // it is to receive calls again
	// A worker in a Landlock domain takes errands instead of calls.
	errands  chan func()
	finished chan struct{}
	inside   atomic.Int32 // the thread that performs in its stead, 0 if none does
}

// newWorker makes the calling goroutine's thread a worker; it stays one.
func newWorker(e *engine) (*worker, error) {
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_FS); err != nil {
		return nil, err
	}
	st, err := readStatus(unix.Gettid())
	if err != nil {
		return nil, err
	}
	sys.BlockSignals(quietly)
	return &worker{engine: e, tid: unix.Gettid(), own: &st.creds, umask: st.creds.umask, lead: make(chan struct{}, 1), errands: make(chan func()), finished: make(chan struct{})}, nil
}

// work answers calls for as long as the worker leads, and waits to lead again.
func (w *worker) work() {
	e := w.engine
	for {
		for e.leader.Load() == w {
			c, ok := w.receive()
			if !ok {
				return
			}
			if c != nil {
				w.handle(c)
			}
		}
		if !e.park(w) {
			return
		}
		<-w.lead
	}
}

// receive waits for a call. While calls come often the thread waits without
// giving its place in Go's scheduler away, which costs more than the call. Nobody
// waits in the listener itself: kernels before 6.11 wake nobody there when the last
// who had the filter is gone.
func (w *worker) receive() (c *call, ok bool) {
	const soon = 500 // microseconds
	fd := w.engine.listener
	if !sys.PollIn(fd, soon) {
		w.engine.quiet.Store(true)
		defer w.engine.stir()
		switch sys.PollCall(fd) {
		case 0:
		case unix.EINTR:
			return nil, true
		default:
			return nil, false
		}
	}
	c = &call{engine: w.engine}
	c.memory, c.places = c.room.memory[:0], c.room.places[:0]
	switch errno := sys.NotifRecv(fd, &c.SeccompNotif); errno {
	case 0:
		return c, true
	case unix.ENOENT, unix.EINTR: // the caller is gone
		return nil, true
	default:
		return nil, false
	}
}

// handle answers one call. A mistake of this program's must not leave anybody
// unsupervised: it ends everything.
func (w *worker) handle(c *call) {
	defer func() {
		if r := recover(); r != nil {
			w.engine.fatal("%s of %d: %v\n%s", c.name, c.PID, r, debug.Stack())
		}
	}()
	w.began.Add(1)
	w.current.Store(c)
	w.one(c)
	w.current.Store(nil)
	w.began.Add(1)
	c.close()
}

// as performs f with credentials, and comes back. umask is -1 where it does not
// matter.
func (w *worker) as(c *credentials, umask int, f func()) error {
	if at := w.current.Load(); at != nil && at.domain != nil {
		return at.domain.as(w, c, umask, f)
	}
	if umask >= 0 && umask != w.umask {
		unix.Umask(umask)
		w.umask = umask
	}
	if c.same(w.own) {
		f()
		return nil
	}
	if w.own.uid != 0 {
		return unix.EPERM
	}
	defer w.comeBack()
	if err := w.become(c); err != nil {
		return err
	}
	f()
	return nil
}

// Workers block all signals but their own mistakes and the one that interrupts
// what they wait for.
const (
	mistakes = 1<<(unix.SIGSEGV-1) | 1<<(unix.SIGBUS-1) | 1<<(unix.SIGFPE-1) | 1<<(unix.SIGILL-1) | 1<<(unix.SIGABRT-1) | 1<<(unix.SIGTRAP-1)
	quietly  = ^uint64(mistakes | 1<<(interruption-1))
)

func (w *worker) become(c *credentials) error {
	if !slices.Equal(c.groups, w.own.groups) {
		if e := sys.SetThreadGroups(c.groups); e != 0 {
			return e
		}
	}
	if e := sys.SetThreadGroup(c.fsgid); e != 0 {
		return e
	}
	if c.fsuid != 0 {
		if e := sys.SetThreadUser(c.fsuid); e != 0 { // drops the capabilities in force
			return e
		}
	}
	return setCaps(c.caps&w.own.caps, w.own.caps)
}

// comeBack makes the thread root again. That cannot be left undone.
func (w *worker) comeBack() {
	var err error
	if e := sys.SetThreadUser(w.own.uid); e != 0 {
		err = e
	}
	if err == nil {
		err = setCaps(w.own.caps, w.own.caps)
	}
	if e := sys.SetThreadGroup(w.own.gid); err == nil && e != 0 {
		err = e
	}
	if e := sys.SetThreadGroups(w.own.groups); err == nil && e != 0 {
		err = e
	}
	if err != nil {
		w.engine.fatal("come back from a caller's credentials: %v", err)
	}
}

// setCaps sets the capabilities in force of the calling thread.
func setCaps(effective, permitted uint64) error {
	h := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	d := [2]unix.CapUserData{
		{Effective: uint32(effective), Permitted: uint32(permitted)},
		{Effective: uint32(effective >> 32), Permitted: uint32(permitted >> 32)},
	}
	if err := unix.Capset(&h, &d[0]); err != nil {
		return fmt.Errorf("capabilities: %w", err)
	}
	return nil
}
