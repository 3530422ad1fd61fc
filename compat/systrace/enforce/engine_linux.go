//go:build amd64 || arm64

package enforce

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/quote"
)

// engine confines one command and all that it starts.
type engine struct {
	o        Options
	arch     *abi.Arch
	pid      int
	child    int
	listener int
	uid, gid uint32
	caps     uint64
	asRoot   bool // systrace was started by root
	cwd      string
	own      *credentials
	users    string   // this process's user namespace
	injected sync.Map // threads that are made to call something
	pool
	keeper keeper
	// constants says which calls a policy permits whatever their arguments.
	constants sync.Map

	mu        sync.Mutex
	processes map[int]*process
	threads   map[int]*process
	policies  map[string]*live
	ran       map[string][]*live // the policies that programs ran under
	scratch   scratch
	letGo     *live            // of processes that were released
	ends      *unix.WaitStatus // of the child, once somebody has waited for it

	childFD int // is readable when the child has ended
	leaving sync.Mutex
	left    bool // the child was waited for; guarded by leaving

	talking sync.Mutex // one dialogue at a time
	telling sync.Mutex

	// moved is set when somebody may have come to have another root: nobody
	// has before.
	moved     atomic.Bool
	switching bool // programs may have policies of their own
	root      int  // this process's
	fds       int  // its descriptors, in /proc
	maxPidfds int
	nextSweep int       // guarded by mu
	domains   []*domain // guarded by mu
}

// Run starts the command under its policy and returns its exit status when it
// and all that it has started have ended. The error is for what kept it from
// being started.
func Run(o Options) (status int, err error) {
	if runtime.GOARCH != "amd64" {
		return 0, fmt.Errorf("systrace's enforcement is written for amd64, not %s", runtime.GOARCH)
	}
	e := &engine{o: o, arch: abi.ByName(runtime.GOARCH), pid: os.Getpid(), uid: uint32(os.Getuid()), gid: uint32(os.Getgid()),
		processes: map[int]*process{}, threads: map[int]*process{}, policies: map[string]*live{}, ran: map[string][]*live{}, scratch: scratch{}, asRoot: os.Getuid() == 0}
	if o.As != nil {
		e.uid, e.gid = o.As.UID, o.As.GID
	}
	if st, err := readStatus(unix.Gettid()); err == nil {
		e.caps, e.own = st.creds.caps, &st.creds
	} else {
		return 0, err
	}
	if e.cwd, err = os.Getwd(); err == nil {
		e.cwd, err = filepath.EvalSymlinks(e.cwd)
	}
	if err != nil {
		return 0, err
	}
	path, err := exec.LookPath(o.Argv[0])
	if err != nil {
		return 0, &NotFound{o.Argv[0]}
	}
	if path, err = filepath.Abs(path); err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return 0, err
	}
	if err := o.Store.Freeze(); err != nil {
		return 0, err
	}
	first, err := e.policyOf(path)
	if err != nil {
		return 0, err
	}
	if first.loaded == nil && o.Mode == Automatic && o.Attach == 0 {
		return 0, fmt.Errorf("there is no policy for %s, so with -a nothing is executed: learn one with systrace -A, or give one with -f", quote.Word(path))
	}
	if first.section.Detached && e.o.Attach == 0 {
		return 0, e.unconfined(path)
	}
	if e.root, err = unix.Open("/", openPath, 0); err != nil {
		return 0, err
	}
	if e.fds, err = unix.Open("/proc/self/fd", openPath, 0); err != nil {
		return 0, fmt.Errorf("/proc: %w", err)
	}
	e.keeper.engine = e
	if e.users, err = os.Readlink("/proc/self/ns/user"); err != nil {
		return 0, fmt.Errorf("/proc: %w", err)
	}
	e.limitDescriptors()
	// Little is kept from call to call: collecting it less often costs a few
	// megabytes and saves some time.
	debug.SetGCPercent(200)
	if err := e.start(path, first); err != nil {
		return 0, err
	}
	return e.watch()
}

// NotFound is a command that there is none of.
type NotFound struct{ Name string }

func (e *NotFound) Error() string { return quote.Word(e.Name) + ": command not found" }

// environment is what policies are compiled for.
func (e *engine) environment(uid, gid uint32) *policy.Env {
	env := &policy.Env{Root: e.asRoot, UID: uid, GID: gid, Cwd: e.cwd, User: "uid " + strconv.FormatUint(uint64(uid), 10), Home: "/",
		UserID: lookupUser, GroupID: lookupGroup}
	if u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10)); err == nil {
		env.User, env.Home = u.Username, u.HomeDir
	}
	return env
}

// idsOf are those that predicates and variables go by.
func (e *engine) idsOf(c *credentials) (uid, gid uint32) {
	if !e.asRoot {
		return e.uid, e.gid
	}
	return c.ruid, c.rgid
}

func lookupUser(name string) (uint32, bool) {
	u, err := user.Lookup(name)
	if err != nil {
		return 0, false
	}
	return number(u.Uid), true
}

func lookupGroup(name string) (uint32, bool) {
	g, err := user.LookupGroup(name)
	if err != nil {
		return 0, false
	}
	return number(g.Gid), true
}

// limitDescriptors has descriptors of processes leave room for others.
func (e *engine) limitDescriptors() {
	const others, least, most = 128, 16, 4096
	e.maxPidfds = most
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) == nil {
		e.maxPidfds = int(max(min(limit.Cur/2, most), others+least)) - others
	}
	e.nextSweep = e.maxPidfds
}

// problem tells of something that went wrong, on one line whatever names are in
// it.
func (e *engine) problem(format string, args ...any) {
	e.telling.Lock()
	defer e.telling.Unlock()
	for i, a := range args {
		if err, ok := a.(error); ok {
			args[i] = quote.Error(err)
		}
	}
	fmt.Fprintln(e.o.Errors, "systrace: "+quote.Text(fmt.Sprintf(format, args...)))
}

// fatal ends everything: what is confined is killed, since nobody will answer
// its calls.
func (e *engine) fatal(format string, args ...any) {
	e.problem(format, args...)
	if e.mu.TryLock() { // whoever failed may hold it
		for _, p := range e.processes {
			if p.alive() {
				unix.PidfdSendSignal(p.pidfd, unix.SIGKILL, nil, 0)
			}
		}
		e.mu.Unlock()
		e.save()
	} else {
		for _, p := range e.processes {
			unix.PidfdSendSignal(p.pidfd, unix.SIGKILL, nil, 0)
		}
	}
	if w, ok := e.o.Errors.(io.Closer); ok {
		w.Close()
	}
	os.Exit(1)
}

// log records a call that a verdict has decided.
func (e *engine) log(c *call, q *policy.Question, v policy.Verdict) {
	name := "uid " + strconv.FormatUint(uint64(c.creds.ruid), 10)
	if u, ok := c.UserName(c.creds.ruid); ok {
		name = u
	}
	r := &Record{Time: time.Now(), Action: v.Action.String(), User: name, Program: c.program, PID: c.process.pid,
		Parent: e.parentOf(c.process), Policy: c.policy.Name, Emulation: c.emulation, Syscall: int(c.Nr), Count: 1}
	r.Call, r.Args = asked(q, e.o.NoAlias)
	if v.Action == syntax.Deny {
		r.Error = v.Errno.Name
	}
	if v.Rule != nil {
		r.Rule = v.Rule.Text()
	}
	r.Line = r.Action + " user: " + name + ", prog: " + e.request(c, q)
	e.telling.Lock()
	defer e.telling.Unlock()
	e.o.Log(r)
}

// parentOf is a process's parent, 0 if that is not confined.
func (e *engine) parentOf(p *process) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.processes[p.parent] == nil {
		return 0
	}
	return p.parent
}

func (e *engine) request(c *call, q *policy.Question) string {
	judged := len(q.Args) > 0
	return request(c.program, c.process.pid, c.live.number, e.parentOf(c.process), c.policy, c.emulation, int(c.Nr), q, e.o.NoAlias, judged)
}

// watch waits for the command and for all that it has started, passes signals
// on, and writes policies every half minute.
func (e *engine) watch() (int, error) {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, unix.SIGINT, unix.SIGQUIT, unix.SIGTERM, unix.SIGHUP, unix.SIGUSR1, unix.SIGUSR2)
	defer signal.Stop(signals)
	ended := make(chan struct{})
	go func() {
		e.waitAll()
		close(ended)
	}()
	save := time.NewTicker(30 * time.Second)
	defer save.Stop()
	for {
		select {
		case <-ended:
			e.save()
			return e.status(), nil
		case <-save.C:
			e.save()
		case s := <-signals:
			// From the terminal a program that was started gets these two itself.
			if s != unix.SIGINT && s != unix.SIGQUIT || e.o.Attach != 0 {
				e.signal(s.(unix.Signal))
			}
		}
	}
}

// waitAll waits until nobody has the filter any more. Before Linux 6.11 who has ended
// has it until somebody waits for him.
func (e *engine) waitAll() {
	fds := []unix.PollFd{{Fd: int32(e.listener)}, {Fd: -1, Events: unix.POLLIN}}
	if e.o.Attach == 0 {
		fds[1].Fd = int32(e.childFD)
	}
	for {
		n, err := unix.Poll(fds, -1)
		if err != nil || n <= 0 {
			continue
		}
		if fds[0].Revents&unix.POLLHUP != 0 {
			return
		}
		if fds[1].Revents != 0 {
			fds[1].Fd = -1
			e.collect()
		}
	}
}

// collect waits for the child, which has ended: it is nobody's tracee any more whose
// stops could be taken for it.
func (e *engine) collect() {
	e.leaving.Lock()
	defer e.leaving.Unlock()
	ws := new(unix.WaitStatus)
	for {
		id, err := unix.Wait4(e.child, ws, unix.WALL, nil)
		if err == unix.EINTR || err == nil && ws.Stopped() {
			continue
		}
		e.left = true
		if err == nil {
			e.ended(id, *ws)
		}
		return
	}
}

// signal passes a signal on to the child. Once that was waited for its number may be
// another's.
func (e *engine) signal(s unix.Signal) {
	e.leaving.Lock()
	defer e.leaving.Unlock()
	if !e.left {
		unix.Kill(e.child, s)
	}
}

// status is the command's exit status, 128+n for a signal.
func (e *engine) status() int {
	if e.o.Attach != 0 {
		return 0 // it is another's child
	}
	e.mu.Lock()
	ws := e.ends
	e.mu.Unlock()
	if ws == nil && !e.left {
		e.collect()
	}
	if ws == nil {
		if ws = e.endOf(); ws == nil {
			return 1
		}
	}
	if ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return ws.ExitStatus()
}

// endOf is how the child ended, if another thread has waited for it: it says so
// in a moment.
func (e *engine) endOf() *unix.WaitStatus {
	for range 1000 {
		e.mu.Lock()
		ws := e.ends
		e.mu.Unlock()
		if ws != nil {
			return ws
		}
		time.Sleep(time.Millisecond)
	}
	return nil
}

// save writes the policies that have changed.
func (e *engine) save() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, l := range e.policies {
		if !l.changed {
			continue
		}
		if e.o.Store.User == "" {
			l.changed = false
			continue
		}
		l.provenance(e.o.Argv)
		file, err := e.o.Store.Write(l.section)
		if err != nil {
			e.problem("failed to write the policy of %s: %v", l.section.Name, err)
			continue
		}
		l.changed = false
		l.written(file)
	}
}
