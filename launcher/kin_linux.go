//go:build amd64 || arm64

package launcher

import (
	"runtime"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// A kin is a thread of the launcher's in a Landlock domain of its own, in which
// the program is born; the program's domain is one within that. So the thread may
// trace, and write to, the program and what that starts, and the kernel refuses
// it every other process at the moment of access, whatever number it was told.
// The program may do nothing of the kind to the thread, whose memory is the
// launcher's: a domain may not reach out of itself. The thread is the program's
// tracer and the parent whose death ends it; it lives as long as the launcher.
type kin struct {
	work chan func()
	// inDomain is set where there is a domain.
	inDomain bool
}

func newKin() *kin {
	k := &kin{work: make(chan func())}
	go k.live()
	return k
}

// live is never given back to Go's runtime: the thread ends with it.
func (k *kin) live() {
	runtime.LockOSThread()
	for f := range k.work {
		f()
	}
}

// do has the thread do something, and returns when it is done.
func (k *kin) do(f func()) {
	done := make(chan struct{})
	k.work <- func() {
		f()
		close(done)
	}
	<-done
}

// try is do for what can fail.
func (k *kin) try(f func() error) (err error) {
	k.do(func() { err = f() })
	return err
}

// end lets the thread go. Nothing that it started may be left.
func (k *kin) end() { close(k.work) }

// start has the thread enter a domain, -1 for none, and perform the script, which
// has its program enter another one. Both have the same ruleset: what the thread
// may not be trusted with is no more than the program may do. pin is where the thread may run until then.
func (k *kin) start(sc *sys.Script, ruleset int, pin *sys.Affinity) (pid int, err error) {
	k.do(func() {
		if pin != nil {
			unix.SchedSetaffinity(0, pin)
		}
		if ruleset >= 0 {
			if err = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
				return
			}
			if e := sys.RestrictThread(ruleset, 0); e != 0 {
				err = &sys.StepError{Step: stepLandlock, Errno: e}
				return
			}
			k.inDomain = true
		}
		pid, err = sc.Start()
	})
	return pid, err
}
