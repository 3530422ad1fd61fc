//go:build amd64 || arm64

package enforce

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/fates"
	"github.com/pledge-linux/pledge/compat/systrace/internal/perform"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/abi"
)

func (w *worker) one(c *call) {
	e := w.engine
	if e.isInjected(c) {
		c.carryOn()
		return
	}
	if err := e.find(c); err != nil {
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
	if c.live.free() {
		e.begins(c)
		e.moves(c)
		c.carryOn()
		return
	}
	w.decide(c)
}

// find looks up whose call it is.
func (e *engine) find(c *call) error {
	c.arch = abi.ByAudit(c.Arch)
	if c.arch == nil {
		return fmt.Errorf("architecture %#x", c.Arch)
	}
	if c.name = c.arch.CallName(uint32(c.Nr)); c.name == "" {
		c.name = fmt.Sprintf("unknown-%d", c.Nr)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	p, err := e.processOf(c.tid())
	if err != nil {
		return err
	}
	// Another thread may execute something while this call is looked at: what
	// is in force now is what it is judged by.
	c.process, c.live, c.program, c.domain = p, p.policy, p.program, p.domainOf(c.tid())
	if c.creds, err = e.credentialsOf(p, c.tid()); err != nil {
		return err
	}
	if c.live.free() {
		return nil
	}
	uid, gid := e.idsOf(c.creds)
	c.policy, err = c.live.compile(e, uid, gid)
	c.emulation = c.live.section.Emulation
	return err
}

// decide asks the policy and does what it says.
func (w *worker) decide(c *call) {
	e := w.engine
	if c.name == "clone3" {
		c.fail(unix.ENOSYS) // its flags are in memory; libc falls back to clone
		return
	}
	if e := c.noAddress(); e != 0 {
		c.fail(e)
		return
	}
	questions, err := translate.Questions(c.emulation, &translate.Call{Arch: c.arch.Name, Name: c.name, Args: c.Args}, c)
	if err != nil {
		w.unreadable(c, err)
		return
	}
	if e.o.Judge != nil {
		w.judged(c, questions)
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
			e.problem("%s[%d]: rules for one %s name different credentials: refused", c.program, c.process.pid, c.name)
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
	case v.Unnamed:
		e.log(c, q, v)
		c.fail(unix.Errno(v.Errno.Linux))
		return v, false
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
	return fates.OfRunTime(c.name) && !c.policy.Has(c.name)
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
	case e.o.Judge != nil: // it was asked already, and this is more than it was asked about
		return refused()
	case e.o.Mode == Automatic || c.live.unsupervised || v.Asked && e.o.Mode == Learn:
		return refused()
	case e.o.Mode == Learn:
		return e.learn(c, q)
	}
	return e.dialogue(c, q, v)
}

// permit has the call done: by the kernel if nothing in the caller's memory
// was looked at, else by the supervisor.
func (w *worker) permit(c *call, q *policy.Question, v policy.Verdict) {
	e := w.engine
	if naive {
		c.carryOn()
		return
	}
	if c.name == "execve" || c.name == "execveat" {
		if c.as != nil {
			e.problem("%s[%d]: a program cannot be executed with other credentials: refused", c.program, c.process.pid)
			c.fail(unix.EPERM)
			return
		}
		w.execve(c, q, v)
		return
	}
	if c.name == "clone" && c.Args[0]&fates.Namespaces != 0 && !w.mayUnshare(c) {
		return
	}
	if c.name == "prctl" && !e.mayControl(c) {
		c.fail(unix.EPERM)
		return
	}
	if c.name == "landlock_restrict_self" {
		if errno := e.restricts(c); errno != 0 {
			c.fail(errno)
			return
		}
	}
	e.begins(c)
	e.moves(c)
	e.keeps(c)
	w.finally(c)
}

// mayUnshare asks for the new fates.Namespaces of a clone what is asked for unshare;
// if they are refused it answers the call.
func (w *worker) mayUnshare(c *call) bool {
	q := policy.Question{Names: translate.Names(c.emulation, &translate.Call{Arch: c.arch.Name, Name: "unshare"})}
	v, ok := w.verdict(c, &q)
	if ok && v.Action == syntax.Deny {
		c.fail(unix.Errno(v.Errno.Linux))
		return false
	}
	return ok
}

// finally lets the kernel perform the call if nothing that can change was looked
// at, or performs it.
func (w *worker) finally(c *call) {
	e := w.engine
	perform := c.performer()
	switch {
	case c.as == nil && (!c.looked || e.constant(c)):
		c.carryOn()
	case perform == nil:
		e.problem("%s[%d]: %s is permitted by a rule that looks at its arguments, and cannot be performed for it: refused", c.program, c.process.pid, c.name)
		c.fail(unix.EPERM)
	case w.inert || e.mayWait(c) && e.crowded(c.process):
		c.fail(unix.EAGAIN)
	default:
		perform(w, c)
	}
}

// unreadable answers a call whose arguments cannot be read: as the kernel would,
// which cannot read them either; or, where only this process may not, as far as
// nothing depends on them.
func (w *worker) unreadable(c *call, err error) {
	e := w.engine
	if invalid := c.invalid(); invalid != 0 {
		c.fail(invalid)
		return
	}
	n := errno(err)
	switch n {
	case unix.EFAULT, unix.ENAMETOOLONG, unix.EBADF, unix.ENOENT, unix.ENOTDIR:
		c.fail(n)
		return
	case unix.EPERM, unix.EACCES:
		if !c.waits() {
			return
		}
		e.unread(c)
		if e.o.Mode == Learn && c.policy.OnlyPermits && c.name != "execve" && c.name != "execveat" {
			c.carryOn() // whatever it is, it would be permitted
			return
		}
	}
	c.fail(unix.EPERM)
}

// invalid is the error of arguments that are wrong whatever the paths are.
func (c *call) invalid() unix.Errno {
	if e := perform.Invalid(c.name, c.Args); e != 0 || c.name != "openat2" {
		return e
	}
	how := c.knownBytes(c.Args[2])
	if size, ok := translate.HowSize(&translate.Call{Args: c.Args}); ok && how == nil {
		how, _ = c.Bytes(c.Args[2], size)
	}
	return perform.InvalidHow(how)
}

// unread tells once that a process cannot be read.
func (e *engine) unread(c *call) {
	e.mu.Lock()
	told := c.process.unread
	c.process.unread = true
	e.mu.Unlock()
	if told {
		return
	}
	what := "calls that rules on arguments decide are refused"
	if e.o.Mode == Learn {
		what = "what it does with names is not learned"
	}
	e.problem("%s[%d] cannot be read by whoever runs systrace (its file may not be read, or it has set PR_SET_DUMPABLE to 0): %s", c.program, c.process.pid, what)
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
