package enforce

import (
	"runtime"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// worker is a thread that answers calls. It has a umask of its own, and as root
// takes on the credentials of callers for as long as it performs their calls.
type worker struct {
	engine *engine
	own    *credentials
	umask  int
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
	return &worker{engine: e, own: &st.creds, umask: st.creds.umask}, nil
}

// as performs f with credentials, and comes back.
func (w *worker) as(c *credentials, f func()) error {
	if c.umask != w.umask {
		unix.Umask(c.umask)
		w.umask = c.umask
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

func (w *worker) become(c *credentials) error {
	groups := make([]int, len(c.groups))
	for i, g := range c.groups {
		groups[i] = int(g)
	}
	if !slices.Equal(c.groups, w.own.groups) {
		if err := unix.Setgroups(groups); err != nil {
			return err
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
	groups := make([]int, len(w.own.groups))
	for i, g := range w.own.groups {
		groups[i] = int(g)
	}
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
	if err == nil {
		err = unix.Setgroups(groups)
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
	return unix.Capset(&h, &d[0])
}
