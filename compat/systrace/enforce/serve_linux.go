package enforce

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
)

// serve answers one call after the other.
func (w *worker) serve() {
	for {
		c := &call{engine: w.engine}
		switch e := sys.NotifRecv(w.engine.listener, &c.SeccompNotif); e {
		case 0:
			w.one(c)
			if !c.kept {
				c.close()
			}
		case unix.ENOENT, unix.EINTR: // the caller is gone
		default:
			return
		}
	}
}

func (w *worker) one(c *call) {
	e := w.engine
	if _, ours := e.injected.Load(c.tid()); ours && c.Arch == e.arch.Audit && (c.Nr == unix.SYS_FCHDIR || c.Nr == unix.SYS_CLOSE || c.Nr == unix.SYS_CHROOT) {
		c.carryOn()
		return
	}
	if err := w.find(c); err != nil {
		if c.waits() && !errors.Is(err, fs.ErrNotExist) {
			e.problem("call %d of %d: %v", c.Nr, c.PID, err)
		}
		c.fail(unix.EPERM)
		return
	}
	switch c.name {
	case "exit_group", "execve", "execveat":
		e.adopt(c.process)
	}
	if c.process.policy.free() {
		e.begins(c)
		c.carryOn()
		return
	}
	w.decide(c)
}

// find looks up whose call it is.
func (w *worker) find(c *call) error {
	e := w.engine
	c.arch = abi.ByAudit(c.Arch)
	if c.arch == nil {
		return fmt.Errorf("architecture %#x", c.Arch)
	}
	if c.name = c.arch.CallName(uint32(c.Nr)); c.name == "" {
		c.name = fmt.Sprintf("unknown-%d", c.Nr)
	}
	e.mu.Lock()
	p, err := e.processOf(c.tid())
	e.mu.Unlock()
	if err != nil {
		return err
	}
	c.process = p
	if c.creds, err = e.credentialsOf(p, c.tid()); err != nil {
		return err
	}
	if p.policy.free() {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	uid, gid := e.idsOf(c.creds)
	c.policy, err = p.policy.compile(e, uid, gid)
	c.emulation = p.policy.section.Emulation
	return err
}

// decide asks the policy and does what it says.
func (w *worker) decide(c *call) {
	e := w.engine
	if c.name == "clone3" && !c.policy.Has("clone3") {
		c.fail(unix.ENOSYS) // its flags are in memory; libc falls back to clone
		return
	}
	questions, err := translate.Questions(c.emulation, &translate.Call{Arch: c.arch, Name: c.name, Args: c.Args}, c)
	if err != nil {
		c.fail(unix.EPERM)
		return
	}
	if q := &questions[0]; alsoWrites(q) {
		second := *q
		second.Alias = "fswrite"
		questions = append(questions, second)
	}
	var last policy.Verdict
	for i := range questions {
		q := &questions[i]
		v, ok := w.verdict(c, q)
		if !ok {
			return // answered
		}
		if v.Rule != nil && v.Rule.Log {
			e.log(c, q, v)
		}
		if v.Action == syntax.Deny {
			c.fail(unix.Errno(v.Errno.Linux))
			return
		}
		if i > 0 && !v.As.Same(c.as) {
			e.problem("%s[%d]: rules for one %s name different credentials: refused", c.process.program, c.process.pid, c.name)
			c.fail(unix.EPERM)
			return
		}
		c.as, last = v.As, v
	}
	w.permit(c, &questions[0], last)
}

// alsoWrites tells whether a file is opened for reading in a way that makes or
// empties it: a rule on fsread alone permitted that under systrace.
func alsoWrites(q *policy.Question) bool {
	if q.Alias != "fsread" {
		return false
	}
	for _, a := range q.Args {
		if a.Name == "oflags" && strings.ContainsAny(a.Text, "ct") {
			return true
		}
	}
	return false
}

// verdict is the policy's, or what the mode says of a call that it does not
// cover. ok is false if the call was answered.
func (w *worker) verdict(c *call, q *policy.Question) (v policy.Verdict, ok bool) {
	e := w.engine
	alias := q.Alias
	if e.o.NoAlias {
		q.Alias = ""
	}
	v = c.policy.Decide(q)
	q.Alias = alias
	switch {
	case v.Covered:
		return v, true
	case !v.Asked && c.ofRunTime():
		return policy.Verdict{Covered: true, Action: syntax.Permit}, true
	}
	return w.uncovered(c, q, v)
}

// ofRunTime tells whether every program makes the call.
func (c *call) ofRunTime() bool {
	switch {
	case c.name == "prlimit64" && c.Args[2] == 0:
		return true // it reads
	case c.name == "tgkill" && int(int32(c.Args[0])) == c.process.pid:
		return true // raise(), and Go's run time to its own threads
	}
	return runtimeCalls[c.name] != "" && !c.policy.Has(c.name)
}

func (w *worker) uncovered(c *call, q *policy.Question, v policy.Verdict) (policy.Verdict, bool) {
	e := w.engine
	refused := func() (policy.Verdict, bool) {
		e.log(c, q, denied(""))
		c.fail(unix.EPERM)
		return v, false
	}
	if v2, again := e.reloaded(c, q); again {
		return v2, true
	}
	switch {
	case e.o.Mode == Automatic || c.process.policy.unsupervised || v.Asked && e.o.Mode == Learn:
		return refused()
	case e.o.Mode == Learn:
		return e.learn(c, q)
	}
	return e.dialogue(c, q, v)
}

// namespaces are the flags of clone and unshare that make new ones.
const namespaces = unix.CLONE_NEWNS | unix.CLONE_NEWCGROUP | unix.CLONE_NEWUTS | unix.CLONE_NEWIPC | unix.CLONE_NEWUSER | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWTIME

// permit has the call done: by the kernel if nothing in the caller's memory
// was looked at, else by the supervisor.
func (w *worker) permit(c *call, q *policy.Question, v policy.Verdict) {
	e := w.engine
	if naive {
		c.carryOn()
		return
	}
	switch c.name {
	case "execve", "execveat":
		if c.as != nil {
			e.problem("%s[%d]: a program cannot be executed with other credentials: refused", c.process.program, c.process.pid)
			c.fail(unix.EPERM)
			return
		}
		w.execve(c, q, v)
		return
	case "clone":
		if c.Args[0]&namespaces != 0 && !c.policy.Has("unshare") {
			c.fail(unix.EPERM)
			return
		}
		e.begins(c)
	case "fork", "vfork":
		e.begins(c)
	case "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capset",
		"setuid32", "setgid32", "setreuid32", "setregid32", "setresuid32", "setresgid32", "setfsuid32", "setfsgid32", "setgroups32":
		e.mu.Lock()
		c.process.volatile, c.process.creds = true, nil
		e.mu.Unlock()
	case "umask":
		e.mu.Lock()
		c.process.creds = nil
		e.mu.Unlock()
	}
	perform := performers[c.name]
	if c.arch == abi.I386 {
		perform = performers386[c.name]
	}
	switch {
	case c.as == nil && (!c.looked || e.constant(c)):
		c.carryOn()
	case c.name == "chdir" && c.arch == e.arch:
		w.chdir(c)
	case c.name == "chroot" && c.arch == e.arch:
		w.chroot(c)
	case perform != nil && (c.arch == e.arch || c.arch == abi.I386):
		perform(w, c)
	default:
		e.problem("%s[%d]: %s is permitted by a rule that looks at its arguments, and cannot be performed for it: refused", c.process.program, c.process.pid, c.name)
		c.fail(unix.EPERM)
	}
}

// constant tells whether the policy permits every such call, so that it does
// not matter what is in memory.
func (e *engine) constant(c *call) bool {
	if e.o.Mode == Learn && c.policy.OnlyPermits {
		return true // whatever it was, it would have been permitted
	}
	key := constantKey{c.policy, c.name}
	if v, ok := e.constants.Load(key); ok {
		return v.(bool)
	}
	is := e.alwaysPermitted(c)
	e.constants.Store(key, is)
	return is
}

// constantKey is a call of a policy.
type constantKey struct {
	policy *policy.Policy
	call   string
}

func (e *engine) alwaysPermitted(c *call) bool {
	for _, r := range translate.Readings(c.emulation, c.name) {
		alias := r.Alias
		if e.o.NoAlias {
			alias = ""
		}
		v, ok := c.policy.Constant(r.Names, alias)
		if !ok || !v.Covered || v.Action != syntax.Permit || v.As != nil {
			return false
		}
	}
	return true
}
