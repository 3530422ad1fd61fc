//go:build amd64 || arm64

package launcher

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// A supervisor answers the calls that the filter hands over: it performs some
// in the program's place, and applies the penalty to the rest.
//
// One thread receives and answers. Whatever may take long, because the program
// or somebody else decides how long, happens elsewhere: see performers, sleepers
// and later.
type supervisor struct {
	launch   *launch
	child    *child
	listener *notify.Listener
	report   *Report
	// set is the promises with the situations of this launch.
	set promises.Set
	// program is who the program was when it started.
	program rules.Self
	// events is readable when a child has stopped or ended.
	events int
	// loading is set until the program's entry point is reached.
	loading atomic.Bool
	// window bounds how long that may take.
	window window
	tracee tracee
	// watching has observers told of one call at a time; seen is what they
	// remember, guarded by it.
	watching sync.Mutex
	seen     *lookups
	// killed is set if a violation killed the program.
	killed atomic.Bool

	files    fileServer
	veil     veil
	perform  performers
	sleeping sleepers
	// late has a place for each call that is handled where it may wait, most of
	// them; carried counts the descriptors that messages carry, which are no more.
	late     places
	carried  atomic.Int32
	most     int32
	spare    spare
	poller   sync.Once
	lateness latecomers
	// busy counts the calls that are handled elsewhere than on the kin. resting is set while the
	// program is stopped and this process only runs to answer; deaf, once no call can
	// come. Both are the kin's.
	busy          atomic.Int32
	resting, deaf bool
	// guard ends violators if this process dies; nil where nobody is killed.
	guard *sys.Guard
	// nested is set once a process confined itself by Landlock.
	nested atomic.Bool
}

func newSupervisor(l *launch, c *child) *supervisor {
	s := &supervisor{launch: l, child: c, listener: notify.Listen(c.listener, c.kin.reader(l)), report: l.spec.Report, set: l.set, program: l.self()}
	s.listener.SyncWakeup() // only speed is lost without it
	s.program.PID = uint32(c.pid)
	s.loading.Store(c.traced)
	s.listener.Direct(c.traced || l.spec.Observe != nil)
	s.files = fileServer{words: l.spec.Promises}
	s.most = share()
	s.late = make(places, s.most)
	s.spare.fd = spareFD()
	s.tracee = tracee{pid: c.pid, before: l.before}
	s.sleeping.most = int(s.most)
	s.veil = veil{plan: l.spec.Unveil, added: l.added}
	s.perform.init(l, c.ruleset)
	c.supervisor = s
	if l.spec.Observe != nil {
		s.seen = newLookups()
		s.seen.self = s.program
		l.tellHeader(c.pid)
	}
	return s
}

// watch answers calls and follows the program until it ends, and returns its
// status. One thread does both: a second one would have to be woken, with caches
// and a heap of its own, before the program's first library is mapped.
func (s *supervisor) watch() (status int, err error) {
	defer s.unguard()
	done, status, err := s.begin()
	if done || err != nil {
		return status, err
	}
	fds := []unix.PollFd{{Fd: int32(s.events), Events: unix.POLLIN}, {Fd: int32(s.listener.FD()), Events: unix.POLLIN}}
	for {
		wait := -1
		if s.resting {
			wait = 10 // milliseconds
		}
		if n, err := unix.Poll(fds, wait); err != nil || n == 0 {
			s.rest()
			continue // interrupted, or nothing more to do
		}
		if fds[0].Revents != 0 {
			var count [8]byte
			unix.Read(s.events, count[:])
			s.child.kin.oblige()
			if done, status, err = s.reap(); done || err != nil {
				if fds[1].Fd >= 0 {
					s.linger()
				}
				return status, err
			}
		}
		if fds[1].Revents != 0 && !s.serve() {
			s.listener.Close() // nobody must wait for an answer that never comes: the kernel says ENOSYS
			s.deaf, fds[1].Fd = true, -1
			s.unguard()
		}
	}
}

// begin takes the program to where it runs freely, or under its loader, and
// has the kernel tell what becomes of it from then on.
func (s *supervisor) begin() (done bool, status int, err error) {
	if s.loading.Load() {
		if done, status, err = s.follow(); done || err != nil {
			return done, status, err
		}
	} else {
		s.launch.unpin()
	}
	if s.events, err = sys.CatchChildren(); err != nil {
		unix.Kill(s.child.pid, unix.SIGKILL)
		return false, 0, failf("wait for the program: eventfd: %w", err)
	}
	s.child.kin.listens(s.events)
	if err := s.watchOver(); err != nil {
		return false, 0, err
	}
	if s.loading.Load() {
		if err := s.depart(); err != nil {
			return false, 0, err
		}
	}
	return s.reap()
}

// serve answers the call that waits. It returns false when none can come.
func (s *supervisor) serve() bool {
	c, errno := s.listener.Recv()
	switch errno {
	case 0:
		// From the entry point on there may be threads that exchange the memory
		// which this one looks at: others do then.
		if !s.loading.Load() && s.launch.spec.Observe == nil {
			s.later(c)
		} else if err := s.handle(c); errors.Is(err, notify.ErrWait) {
			s.later(c)
		}
	case unix.EINTR:
	case unix.ENOENT: // whoever waited is gone
		return !s.listener.Abandoned()
	default:
		return false
	}
	return true
}

// share is how many descriptors the calls that take long may hold, and so how
// many of them there may be: a part of those that the launcher can have.
func share() int32 {
	const least, most, parts = 16, 4096, 6
	var lim unix.Rlimit
	if unix.Prlimit(0, unix.RLIMIT_NOFILE, nil, &lim) != nil {
		return least
	}
	return int32(max(least, min(most, lim.Cur/parts)))
}

// later handles a call again where it may wait: for memory that some file system
// has not brought yet, for a path to be looked up, for a thread with the
// caller's rights. Nothing has been done for the call so far, and what was read
// of its memory is not read again.
func (s *supervisor) later(c *notify.Call) {
	// Go's runtime ends the process where it has no descriptors for its poller,
	// which the first timer asks for.
	s.poller.Do(func() { time.AfterFunc(time.Hour, func() {}).Stop() })
	c.Patient()
	s.busy.Add(1)
	go func() {
		defer s.busy.Add(-1)
		// What the rules refuse by its numbers is refused however many others wait.
		if s.judge(c) == rules.Notify {
			if !s.late.take() {
				c.Fail(unix.EAGAIN)
				return
			}
			defer s.late.give()
		}
		s.handle(c)
	}()
}

// handle answers a call, or returns [notify.ErrWait] and has done nothing. Where
// the call may wait it always answers, or has somebody answer it.
func (s *supervisor) handle(c *notify.Call) error {
	if s.launch.spec.Observe != nil {
		if continued, err := s.watched(c); continued || err != nil {
			return err
		}
	}
	answered, err := s.answers(c)
	switch {
	case errors.Is(err, notify.ErrWait):
		return err
	case answered:
		return nil
	case isFault(err):
		c.Fail(errno(err)) // as the kernel answers a bad pointer
		return nil
	case isShortage(err):
		c.Fail(errno(err)) // nobody found out what it asked for: that is no violation
		return nil
	case err != nil && !c.Waiting():
		c.Drop() // it is gone: nothing was found out about it
		return nil
	}
	return s.violation(c, nil)
}

// isShortage reports whether this process could not look, for want of something
// that it may have later.
func isShortage(err error) bool {
	return errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EMFILE) || errors.Is(err, unix.ENFILE) || errors.Is(err, unix.ENOMEM)
}

// isFault reports whether the caller gave an address that is none, or a name
// that is too long. Memory that may not be looked at is no such error: what
// cannot be judged is refused.
func isFault(err error) bool {
	return errors.Is(err, unix.EFAULT) || errors.Is(err, unix.ENAMETOOLONG) || errors.Is(err, unix.EINVAL) || errors.Is(err, unix.EMSGSIZE)
}

// answers tries those who may answer a call otherwise than by the penalty.
func (s *supervisor) answers(c *notify.Call) (bool, error) {
	if s.judge(c) == rules.Notify {
		if h, ok := handlers.find(c.Name); ok {
			if answered, err := h(s, c); answered || err != nil {
				return answered, err
			}
		}
	}
	if s.loading.Load() {
		return s.load(c)
	}
	return s.without(c), nil
}

// judge is the plain reading of the rules for this call, by its numbers. Only
// where it says [promises.Notify] a handler is asked: what the rules refuse is
// refused, whatever handler exists for the call's name.
func (s *supervisor) judge(c *notify.Call) rules.Action {
	if c.Arch == nil || c.Name == "" {
		return rules.Violate
	}
	return rules.Judge(rules.Of(c.Name), s.set, c.Args, s.program)
}

// A handler answers a call that the rules leave to a supervisor. It returns
// false to leave it to the penalty, and an error if it could not look at the
// caller; then it has done nothing.
type handler func(*supervisor, *notify.Call) (answered bool, err error)

var handlers = table[string, handler]{
	{"open", (*supervisor).open}, {"openat", (*supervisor).open}, {"creat", (*supervisor).open},
	{"unlink", (*supervisor).unlink}, {"unlinkat", (*supervisor).unlink},
	{"stat", (*supervisor).stat}, {"lstat", (*supervisor).stat}, {"newfstatat", (*supervisor).stat}, {"statx", (*supervisor).stat},
	{"stat64", (*supervisor).stat}, {"lstat64", (*supervisor).stat}, {"fstatat64", (*supervisor).stat},
	{"access", (*supervisor).stat}, {"faccessat", (*supervisor).stat},
	{"readlink", (*supervisor).stat}, {"readlinkat", (*supervisor).stat},
	{"getxattr", (*supervisor).strictXattr}, {"lgetxattr", (*supervisor).strictXattr},
	{"listxattr", (*supervisor).strictXattr}, {"llistxattr", (*supervisor).strictXattr},
	{"statfs", (*supervisor).strictStatfs}, {"inotify_add_watch", (*supervisor).strictWatch},
	{"chdir", (*supervisor).strictAnyway}, {"truncate", (*supervisor).truncate}, {"truncate64", (*supervisor).truncate}, {"execve", (*supervisor).strictAnyway},
	{"mkdir", (*supervisor).strictNames}, {"mkdirat", (*supervisor).strictNames}, {"rmdir", (*supervisor).strictNames},
	{"symlink", (*supervisor).strictNames}, {"symlinkat", (*supervisor).strictNames}, {"mknod", (*supervisor).strictNames}, {"mknodat", (*supervisor).strictNames},
	{"link", (*supervisor).strictNames}, {"linkat", (*supervisor).strictNames},
	{"rename", (*supervisor).strictNames}, {"renameat", (*supervisor).strictNames}, {"renameat2", (*supervisor).strictNames},
	{"landlock_restrict_self", (*supervisor).restrictSelf},
	{"tkill", (*supervisor).tkill}, {"prctl", (*supervisor).prctl},
	{"connect", (*supervisor).connect}, {"bind", (*supervisor).bind}, {"listen", (*supervisor).listen},
	{"sendto", (*supervisor).sendto}, {"sendmsg", (*supervisor).sendmsg}, {"sendmmsg", (*supervisor).sendmsg},
	{"recvmsg", (*supervisor).recvmsg},
}

// Of what a verdict was made where the kernel goes on with a call.
const (
	byOwnThread  notify.Judged = "a thread id of the caller's own process, which Landlock's scope holds in, too"
	byNumbers    notify.Judged = "the call's numbers"
	byLandlock   notify.Judged = "nothing: Landlock decides, whatever the look at the path said"
	byLoneThread notify.Judged = "a descriptor's file, while no other thread or process can exchange it"
)

// tkill lets a process signal its own threads: musl's raise().
func (s *supervisor) tkill(c *notify.Call) (bool, error) {
	if !c.Owns(int(int32(c.Args[0]))) {
		return false, nil
	}
	c.Continue(byOwnThread)
	return true, nil
}

// restrictSelf lets a process confine itself further. What is performed for it is
// performed under the launcher's ruleset alone, so from then on nothing is that
// its own could refuse.
func (s *supervisor) restrictSelf(c *notify.Call) (bool, error) {
	s.nested.Store(true)
	c.Continue(byNumbers)
	return true, nil
}

// prctl answers what a program asks for itself and a supervisor cannot do with.
func (s *supervisor) prctl(c *notify.Call) (bool, error) {
	switch uint32(c.Args[0]) {
	case unix.PR_SET_DUMPABLE:
		return undumpable(c)
	case unix.PR_SET_PDEATHSIG:
		switch c.Process() {
		case 0:
			return false, unix.EAGAIN // whose it is was not to be found out
		case s.child.pid:
		default:
			c.Continue(byNumbers)
			return true, nil
		}
		if int(c.Args[1]) < 0 || c.Args[1] > 64 {
			c.Fail(unix.EINVAL)
			return true, nil
		}
		c.Return(0) // it ends with its launcher, which is its parent: no signal could say more
		return true, nil
	}
	return false, nil
}

// undumpable answers PR_SET_DUMPABLE as done. An ordinary user's supervisor
// could look at nothing of an undumpable program: neither serve it nor name what
// it refuses.
func undumpable(c *notify.Call) (bool, error) {
	c.Return(0)
	return true, nil
}

// errno returns the number of a system call's error.
func errno(err error) unix.Errno {
	var e unix.Errno
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return e
	}
	return unix.EIO
}
