package launcher

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/event"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// A supervisor answers the calls that the filter hands over: it performs some
// in the program's place, and applies the penalty to the rest. No answer lets
// the kernel go on with a call whose pointer arguments were judged.
type supervisor struct {
	launch *launch
	child  *child
	report *Report
	// loading is set until the program's entry point is reached.
	loading atomic.Bool
	// killed is the process id of the program if a violation killed it.
	killed atomic.Int64
}

func newSupervisor(l *launch, c *child) *supervisor {
	sys.NotifSyncWakeup(c.listener) // only speed is lost without it
	return &supervisor{launch: l, child: c, report: l.spec.Report}
}

// A call is one that waits for an answer.
type call struct {
	sys.SeccompNotif
	arch *abi.Arch
	name string
}

// serve answers calls until no process is left under the filter.
func (s *supervisor) serve() {
	runtime.LockOSThread()
	defer unix.Close(s.child.listener) // nobody must wait for an answer that never comes: the kernel says ENOSYS
	var n sys.SeccompNotif
	for moved := false; ; {
		if !moved && !s.loading.Load() {
			s.launch.unpin() // the thread was started by one that was pinned
			moved = true
		}
		switch errno := sys.NotifRecv(s.child.listener, &n); errno {
		case 0:
			c := &call{SeccompNotif: n, arch: abi.ByAudit(n.Arch)}
			if c.arch != nil {
				c.name = c.arch.CallName(uint32(n.Nr))
			}
			s.handle(c)
		case unix.EINTR:
		case unix.ENOENT:
			if s.abandoned() {
				return
			}
		default:
			return // the kernel answers ENOSYS from now on
		}
	}
}

// abandoned reports whether no process is left under the filter.
func (s *supervisor) abandoned() bool {
	fds := []unix.PollFd{{Fd: int32(s.child.listener), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0 && fds[0].Revents&unix.POLLHUP != 0
}

// handlers are the calls that can have another answer than the penalty. A
// handler returns false to leave the call to it.
var handlers map[string]func(*supervisor, *call) bool

func init() {
	handlers = map[string]func(*supervisor, *call) bool{
		"open": (*supervisor).open, "openat": (*supervisor).open, "creat": (*supervisor).open,
		"unlink": (*supervisor).unlink, "unlinkat": (*supervisor).unlink,
		"stat": (*supervisor).status, "lstat": (*supervisor).status, "newfstatat": (*supervisor).status,
		"statx": (*supervisor).status, "stat64": (*supervisor).status, "lstat64": (*supervisor).status,
		"fstatat64": (*supervisor).status, "access": (*supervisor).status, "faccessat": (*supervisor).status,
		"readlink": (*supervisor).status, "readlinkat": (*supervisor).status,
		"tkill": (*supervisor).tkill,
		"mmap":  (*supervisor).mapCode, "mmap2": (*supervisor).mapCode,
		"connect": (*supervisor).connect, "sendto": (*supervisor).sendto,
		"sendmsg": (*supervisor).message, "sendmmsg": (*supervisor).message, "recvmsg": (*supervisor).message,
	}
}

func (s *supervisor) handle(c *call) {
	if h := handlers[c.name]; h != nil && h(s, c) {
		return
	}
	if s.loading.Load() && s.loaderMay(c) {
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
	if a, ok := pathArgs[c.name]; ok && a.flags >= 0 && strings.HasPrefix(c.name, "open") {
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
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/comm")
	if err != nil {
		return "?"
	}
	return string(bytes.TrimSpace(b))
}

// processOf returns the process of a thread.
func processOf(tid int) int {
	var pid int
	b, _ := os.ReadFile("/proc/" + strconv.Itoa(tid) + "/status")
	if i := bytes.Index(b, []byte("\nTgid:")); i >= 0 {
		fmt.Sscan(string(b[i+6:min(len(b), i+30)]), &pid)
	}
	if pid == 0 {
		return tid
	}
	return pid
}
