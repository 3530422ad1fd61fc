//go:build amd64 || arm64

package launcher

import (
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// A kin is the thread of the launcher's that starts the program and supervises
// it. It is in a Landlock domain of its own, in which the program is born; the
// program's domain is one within that. So the thread may trace, and write to, the
// program and what that starts, and the kernel refuses it every other process at
// the moment of access, whatever number it was told. The program may do nothing
// of the kind to the thread, whose memory is the launcher's: a domain may not
// reach out of itself. The thread is the program's tracer and the parent whose
// death ends it.
type kin struct {
	tid int
	// inDomain is set where there is a domain.
	inDomain bool
	over     chan struct{} // closed when the thread does nothing more
	ended    atomic.Bool

	mu   sync.Mutex
	work []func() // guarded by mu
	wake int      // an eventfd that the thread waits for, -1 before; guarded by mu
}

// onKin runs f on a thread that is never given back to Go's runtime, and returns
// when f has.
func onKin(f func(*kin)) {
	k := &kin{wake: -1, over: make(chan struct{})}
	go func() {
		runtime.LockOSThread()
		k.tid = unix.Gettid()
		defer close(k.over)
		defer k.ended.Store(true)
		f(k)
	}()
	<-k.over
}

// do has the thread do something, and returns when it is done. It returns false
// if the thread does nothing more.
func (k *kin) do(f func()) bool {
	if k.ended.Load() {
		return false
	}
	if unix.Gettid() == k.tid {
		f()
		return true
	}
	done := make(chan struct{})
	k.ask(func() {
		f()
		close(done)
	})
	select {
	case <-done:
		return true
	case <-k.over:
	}
	select {
	case <-done:
		return true
	default:
		return false
	}
}

func (k *kin) ask(f func()) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.work = append(k.work, f)
	if k.wake >= 0 {
		unix.Write(k.wake, []byte{0: 1, 7: 0}) // a number of eight bytes that is not 0
	}
}

// listens tells what the thread waits for from now on.
func (k *kin) listens(eventfd int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.wake = eventfd
}

// oblige does what others have asked for. The thread calls it whenever it wakes.
func (k *kin) oblige() {
	k.mu.Lock()
	work := k.work
	k.work = nil
	k.mu.Unlock()
	for _, f := range work {
		f()
	}
}

// enter has the thread enter a domain, -1 for none. The scripts that it performs have
// their programs enter another one.
func (k *kin) enter(ruleset int) error {
	if ruleset < 0 || k.inDomain {
		return nil
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if e := sys.RestrictThread(ruleset, 0); e != 0 {
		return &sys.StepError{Step: stepLandlock, Errno: e}
	}
	k.inDomain = true
	return nil
}

// start performs a script; held has its program stand before its first instruction.
func (k *kin) start(sc *sys.Script, held bool) (h sys.Held, err error) {
	if held {
		return sc.StartHeld()
	}
	h.PID, err = sc.Start()
	return h, err
}

// reader is how the memory of callers is reached.
func (k *kin) reader(l *launch) notify.Reader {
	return notify.Reader{Within: k.do, Writes: k.inDomain || !l.set.Has(promises.Proc), Ancestor: l.scope == procfs.Ancestors}
}

// adopt has the program's orphans be this process's children, where it may look at what
// comes from it only (Yama's ptrace_scope 1). Their parent is then not process 1.
func (l *launch) adopt() error {
	if l.scope != procfs.Ancestors {
		return nil
	}
	return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
}
