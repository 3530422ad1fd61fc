package launcher

import (
	"bytes"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/launcher/event"
	"github.com/pledge-linux/pledge/promises"
)

// A supervisor answers the calls that the filter hands over: it performs some
// in the program's place, and applies the penalty to the rest. No answer lets
// the kernel go on with a call whose pointer arguments were judged.
type supervisor struct {
	launch *launch
	child  *child
	report *Report
	// events is readable when a child has stopped or ended.
	events int
	// loading is set until the program's entry point is reached.
	loading bool
	// entry is where a breakpoint stands meanwhile, saved what stood there.
	entry uintptr
	saved []byte
	// seen is what an observer remembers.
	seen *lookups
	// killed is the process id of the program if a violation killed it.
	killed atomic.Int64
}

func newSupervisor(l *launch, c *child) *supervisor {
	sys.NotifSyncWakeup(c.listener) // only speed is lost without it
	s := &supervisor{launch: l, child: c, report: l.spec.Report, loading: c.traced}
	c.supervisor = s
	if l.spec.Observe != nil {
		s.seen = newLookups()
		s.seen.self = s.self(nil)
	}
	return s
}

// A call is one that waits for an answer.
type call struct {
	sys.SeccompNotif
	arch *abi.Arch
	name string
}

// watch answers calls and follows the program until it ends, and returns its
// status. One thread does both: a second one would have to be woken, with caches
// and a heap of its own, before the program's first library is mapped. Only
// what may block runs elsewhere.
func (s *supervisor) watch() (status int, err error) {
	done, status, err := s.begin()
	if done || err != nil {
		return status, err
	}
	fds := []unix.PollFd{{Fd: int32(s.events), Events: unix.POLLIN}, {Fd: int32(s.child.listener), Events: unix.POLLIN}}
	for {
		if _, err := unix.Poll(fds, -1); err != nil {
			continue // interrupted
		}
		if fds[0].Revents != 0 {
			var count [8]byte
			unix.Read(s.events, count[:])
			if done, status, err = s.reap(); done || err != nil {
				if fds[1].Fd >= 0 {
					s.linger()
				}
				return status, err
			}
		}
		if fds[1].Revents != 0 && !s.serve() {
			unix.Close(s.child.listener) // nobody must wait for an answer that never comes: the kernel says ENOSYS
			fds[1].Fd = -1
		}
	}
}

// begin takes the program to where it runs freely, or under its loader, and
// has the kernel tell what becomes of it from then on.
func (s *supervisor) begin() (done bool, status int, err error) {
	if s.loading {
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
	if s.loading {
		err = s.followed(unix.PtraceCont(s.child.pid, 0))
		return false, 0, err
	}
	return s.reap()
}

// serve answers the call that waits. It returns false when none can come.
func (s *supervisor) serve() bool {
	c := &call{}
	switch errno := sys.NotifRecv(s.child.listener, &c.SeccompNotif); errno {
	case 0:
		if c.arch = abi.ByAudit(c.Arch); c.arch != nil {
			c.name = c.arch.CallName(uint32(c.Nr))
		}
		s.handle(c)
	case unix.EINTR:
	case unix.ENOENT: // whoever waited is gone
		return !s.abandoned()
	default:
		return false
	}
	return true
}

// abandoned reports whether no process is left under the filter.
func (s *supervisor) abandoned() bool {
	fds := []unix.PollFd{{Fd: int32(s.child.listener), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0 && fds[0].Revents&unix.POLLHUP != 0
}

// handler returns who answers a call that can have another answer than the
// penalty, or nil. A handler returns false to leave the call to the penalty.
func (s *supervisor) handler(name string) func(*call) bool {
	switch name {
	case "open", "openat", "creat":
		return s.open
	case "unlink", "unlinkat":
		return s.unlink
	case "stat", "lstat", "newfstatat", "statx", "stat64", "lstat64", "fstatat64", "access", "faccessat", "readlink", "readlinkat":
		return s.status
	case "tkill":
		return s.tkill
	case "mmap", "mmap2":
		return s.mapCode
	case "connect":
		return s.connect
	case "sendto":
		return s.sendto
	case "sendmsg", "sendmmsg", "recvmsg":
		return s.message
	}
	return nil
}

func (s *supervisor) handle(c *call) {
	if s.launch.spec.Observe != nil {
		if !s.loading || !s.ofLoader(c) {
			s.observe(c)
		}
		if s.continues(c) {
			sys.NotifContinue(s.child.listener, c.ID)
			return
		}
	}
	if h := s.handler(c.name); h != nil && h(c) {
		return
	}
	if s.loading && s.loaderMay(c) {
		sys.NotifContinue(s.child.listener, c.ID)
		return
	}
	s.violation(c, nil)
}

// loaderMay reports whether a dynamic loader needs the call before the entry
// point though the promises lack stdio. Only numbers are looked at.
func (s *supervisor) loaderMay(c *call) bool {
	set := (s.launch.set | promises.Stdio.Set()) &^ promises.TraceOpens
	return promises.Judge(promises.RulesOf(c.name), set, c.Args, s.self(c)) == promises.Allow
}

func (s *supervisor) self(c *call) promises.Self {
	self := s.launch.self()
	self.PID = uint32(s.child.pid)
	return self
}

// tkill lets a process signal its own threads: musl's raise(). The judged
// argument is a number; Landlock's scope is the second wall.
func (s *supervisor) tkill(c *call) bool {
	tid := int(int32(c.Args[0]))
	if tid <= 0 || processOf(tid) != processOf(int(c.PID)) {
		return false
	}
	sys.NotifContinue(s.child.listener, c.ID)
	return true
}

// answer replies with an errno, 0 for success.
func (s *supervisor) answer(c *call, errno unix.Errno) bool {
	sys.NotifReturn(s.child.listener, c.ID, 0, errno)
	return true
}

// give puts fd into the caller as the call's result and closes it here.
func (s *supervisor) give(c *call, fd int, openFlags uint64) bool {
	if e := sys.NotifAddFD(s.child.listener, c.ID, fd, uint32(openFlags)&unix.O_CLOEXEC); e != 0 && e != unix.ENOENT {
		s.answer(c, e)
	}
	unix.Close(fd)
	return true
}

// A refusal is why a call is refused, where the tables cannot tell.
type refusal struct {
	promise promises.Set
	unveil  string
	call    string // the call's text, if more is known than its arguments
}

// violation applies the penalty and reports.
func (s *supervisor) violation(c *call, why *refusal) bool {
	if s.launch.spec.Promises.Has(promises.Error) {
		return s.answer(c, unix.ENOSYS)
	}
	e := s.describe(c, why)
	if s.launch.spec.Penalty == Kill {
		e.Verdict = "kill"
		s.report.add(e)
		s.kill(c)
		return true
	}
	s.report.add(e)
	return s.answer(c, unix.EPERM)
}

// kill ends the caller's process. The call is not answered: it never returns.
func (s *supervisor) kill(c *call) {
	pid := processOf(int(c.PID))
	if pid == s.child.pid {
		s.killed.Store(int64(pid))
	}
	unix.Kill(pid, unix.SIGKILL)
}

func (s *supervisor) describe(c *call, why *refusal) *event.Event {
	if why == nil {
		why = &refusal{}
		why.promise = s.needs(c)
	}
	e := &event.Event{
		PID: processOf(int(c.PID)), Program: comm(int(c.PID)), Syscall: int(c.Nr), Name: c.name, Call: why.call,
		Promise: why.promise.String(), Unveil: why.unveil, Verdict: "deny",
	}
	if c.arch != nil {
		e.Arch = c.arch.Name
	}
	if e.Call == "" {
		e.Call = s.decode(c)
	}
	e.Never = e.Promise == "" && e.Unveil == ""
	return e
}

// needs returns the words that would admit the call: those for its numbers, or
// the word whose whitelist has the device.
func (s *supervisor) needs(c *call) promises.Set {
	if a, ok := pathArgs.find(c.name); ok && a.flags >= 0 && strings.HasPrefix(c.name, "open") {
		if p, err := s.path(c); err == nil {
			if f := promises.Find(promises.Files, promises.Everything, p); f != nil && f.Write {
				return f.Needs &^ s.launch.set
			}
		}
	}
	need, _ := promises.Needs(c.name, c.Args, s.launch.set, s.self(c))
	return need
}

// comm is the program's name as the kernel has it.
func comm(pid int) string {
	b, err := readProc("/proc/" + strconv.Itoa(pid) + "/comm")
	if err != nil {
		return "?"
	}
	return string(bytes.TrimSuffix(b, []byte("\n")))
}

// processOf returns the process of a thread.
func processOf(tid int) int {
	var pid int
	b, _ := readProc("/proc/" + strconv.Itoa(tid) + "/status")
	if _, rest, ok := bytes.Cut(b, []byte("\nTgid:\t")); ok {
		line, _, _ := bytes.Cut(rest, []byte("\n"))
		pid, _ = strconv.Atoi(string(line))
	}
	if pid == 0 {
		return tid
	}
	return pid
}

// readProc reads a file of a page at the most. os.ReadFile would first set up
// the network poller.
func readProc(path string) ([]byte, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	b := make([]byte, 4096)
	n, err := unix.Read(fd, b)
	return b[:max(n, 0)], err
}
