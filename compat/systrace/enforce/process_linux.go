//go:build amd64 || arm64

package enforce

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// process is one that is confined. Its fields are guarded by engine.mu, but for
// those that never change.
type process struct {
	pid     int    // never changes
	began   string // never changes: tells it from another one with its number
	pidfd   int    // -1 where there were too many
	parent  int    // never changes
	program string // path of its binary
	policy  *live
	creds   *credentials // nil when they have to be read anew
	forked  bool         // it may have children that have called nothing yet
	// volatile: threads may have credentials of their own, which are read for
	// each call.
	volatile bool
	// mixed: it may be said to be the parent of processes that others have
	// begun.
	mixed bool
	// domain is the Landlock domain of its threads, but for those that domains
	// names.
	domain  *domain
	domains map[int]*domain
	other   bool // it has executed another program
	unread  bool // it was said that its memory cannot be read
}

// live is a policy in use.
type live struct {
	number       int
	section      *syntax.Section
	loaded       *policy.Loaded // nil if there was no policy
	changed      bool
	lesson       lesson
	unsupervised bool // uncovered calls are refused without asking
	released     bool // nothing is asked or refused any more
	compiled     map[[2]uint32]*policy.Policy
	looked       time.Time // when the file's time was last looked at
}

// for a user with a group.
func (l *live) compile(e *engine, uid, gid uint32) (*policy.Policy, error) {
	if p := l.compiled[[2]uint32{uid, gid}]; p != nil {
		return p, nil
	}
	p, err := policy.Compile(l.section, e.environment(uid, gid))
	if err != nil {
		return nil, err
	}
	l.compiled[[2]uint32{uid, gid}] = p
	return p, nil
}

// add appends a rule.
func (l *live) add(r *syntax.Rule) {
	l.section.Rules = append(l.section.Rules, r)
	l.changed = true
	clear(l.compiled)
}

// policyOf finds or begins the policy of a program. e.mu is held.
func (e *engine) policyOf(program string) (*live, error) {
	if l := e.policies[program]; l != nil {
		return l, nil
	}
	l := &live{number: len(e.policies), compiled: map[[2]uint32]*policy.Policy{}}
	if e.o.Judge != nil {
		l.section = judgedSection(program)
		_, err := l.compile(e, e.uid, e.gid)
		e.policies[program] = l
		return l, err
	}
	loaded, err := e.o.Store.Find(program)
	switch {
	case err == nil:
		l.section, l.loaded = loaded.Section, loaded
		for _, w := range loaded.Warnings {
			e.problem("%s", w)
		}
	case os.IsNotExist(err) || isMissing(err):
		l.section = &syntax.Section{Kind: syntax.Policy, Name: program, Emulation: emulationOf(program)}
	default:
		return nil, err
	}
	if _, err := l.compile(e, e.uid, e.gid); err != nil { // it is kept
		return nil, err
	}
	e.policies[program] = l
	return l, nil
}

// processOf finds the process of a thread. e.mu is held.
func (e *engine) processOf(tid int) (*process, error) {
	if p := e.threads[tid]; p != nil && p.alive() && p.has(tid) {
		return p, nil
	}
	st, err := readStatus(tid)
	if err != nil {
		return nil, err
	}
	p := e.processes[st.tgid]
	if p == nil || !p.alive() {
		if p, err = e.newProcess(st); err != nil {
			return nil, err
		}
	}
	if e.threads[tid] == nil && len(e.threads) >= maxThreads {
		clear(e.threads) // they are found again
	}
	e.threads[tid] = p
	return p, nil
}

// maxThreads is how many threads are remembered.
const maxThreads = 1 << 14

// alive tells whether it is the process that it was. Where no descriptor of it is
// kept, the time when it began tells it from others.
func (p *process) alive() bool {
	if p.pidfd < 0 {
		fd, err := unix.PidfdOpen(p.pid, 0)
		if err != nil {
			return false
		}
		if beganAt(p.pid) != p.began {
			unix.Close(fd)
			return false
		}
		p.pidfd = fd
	}
	n, err := unix.Poll([]unix.PollFd{{Fd: int32(p.pidfd), Events: unix.POLLIN}}, 0)
	return err == nil && n == 0
}

// beganAt is when a process began, as /proc says it.
func beganAt(pid int) string {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return ""
	}
	f := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	const at = 19 // starttime, field 22; what is behind the name begins with field 3
	if len(f) <= at {
		return ""
	}
	return f[at]
}

// has tells whether a thread is of this process: its number may have been
// another's before.
func (p *process) has(tid int) bool {
	return tid == p.pid || unix.Tgkill(p.pid, tid, 0) != unix.ESRCH
}

// newProcess notes a process that was forked: it has the policy of its parent.
// Where the parent is gone, or may have been given the children of others, it
// has that of all that ran its program; if those had several, or there were
// none, nothing can be said and it is refused. The parent has not executed
// another program since: its children are noted then. e.mu is held.
func (e *engine) newProcess(st *status) (*process, error) {
	pidfd, err := unix.PidfdOpen(st.tgid, 0)
	if err != nil {
		return nil, err
	}
	p := &process{pid: st.tgid, pidfd: pidfd, began: beganAt(st.tgid), parent: st.ppid}
	if parent := e.processes[st.ppid]; parent != nil && parent.alive() && !parent.mixed {
		p.policy, p.program, p.domain = parent.policy, parent.program, parent.domain
	} else if err := e.orphan(p); err != nil {
		unix.Close(pidfd)
		return nil, err
	}
	p.mixed = p.mixed || st.first // it gets the orphans of its pid namespace
	if old := e.processes[st.tgid]; old != nil {
		old.release()
	}
	e.processes[st.tgid] = p
	e.forget()
	return p, nil
}

func (p *process) release() {
	if p.pidfd >= 0 {
		unix.Close(p.pidfd)
	}
	p.pidfd = -1
}

// orphan finds the policy of a process by its program.
func (e *engine) orphan(p *process) (err error) {
	if p.program, err = os.Readlink(fmt.Sprintf("/proc/%d/exe", p.pid)); err != nil {
		return err
	}
	known := e.ran[p.program]
	if len(known) != 1 {
		return fmt.Errorf("the parent of %s[%d] is gone, and its program has run under %d policies", p.program, p.pid, len(known))
	}
	p.policy = known[0]
	return nil
}

// runs notes that a program runs under a policy.
func (e *engine) runs(program string, l *live) {
	if !slices.Contains(e.ran[program], l) {
		e.ran[program] = append(e.ran[program], l)
	}
}

// forget drops processes that have ended when there are many, and descriptors of
// the others when there are too many still: descriptors are few.
func (e *engine) forget() {
	if len(e.processes) < e.nextSweep {
		return
	}
	open := 0
	for pid, p := range e.processes {
		if !p.alive() {
			p.release()
			delete(e.processes, pid)
			continue
		}
		if open++; open > e.maxPidfds {
			p.release()
		}
	}
	for tid, p := range e.threads {
		if e.processes[p.pid] != p {
			delete(e.threads, tid)
		}
	}
	e.nextSweep = len(e.processes) + e.maxPidfds
}

// credentials are what the kernel would judge the caller by.
type credentials struct {
	uid, fsuid, gid, fsgid uint32
	ruid, rgid             uint32
	groups                 []uint32
	caps                   uint64 // effective, in this process's user namespace
	permitted              uint64
	umask                  int
	unchanged              bool // they are this process's own
}

// status is what /proc/TID/status says.
type status struct {
	tgid, ppid int
	creds      credentials
	first      bool   // it is the first process of a pid namespace below
	pending    uint64 // signals that wait and are not blocked
}

func readStatus(tid int) (*status, error) {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(tid) + "/status")
	if err != nil {
		return nil, err
	}
	st := &status{}
	var pending, shared, blocked uint64
	for line := range strings.Lines(string(b)) {
		key, value, _ := strings.Cut(line, ":")
		f := strings.Fields(value)
		if len(f) == 0 && key != "Groups" {
			continue
		}
		switch key {
		case "Tgid":
			st.tgid, _ = strconv.Atoi(f[0])
		case "PPid":
			st.ppid, _ = strconv.Atoi(f[0])
		case "Umask":
			n, _ := strconv.ParseUint(f[0], 8, 32)
			st.creds.umask = int(n)
		case "Uid":
			st.creds.ruid, st.creds.uid, st.creds.fsuid = number(f[0]), number(f[1]), number(f[3])
		case "Gid":
			st.creds.rgid, st.creds.gid, st.creds.fsgid = number(f[0]), number(f[1]), number(f[3])
		case "Groups":
			for _, g := range f {
				st.creds.groups = append(st.creds.groups, number(g))
			}
		case "NSpid":
			st.first = len(f) > 1 && f[len(f)-1] == "1"
		case "CapPrm":
			st.creds.permitted, _ = strconv.ParseUint(f[0], 16, 64)
		case "CapEff":
			st.creds.caps, _ = strconv.ParseUint(f[0], 16, 64)
		case "SigPnd":
			pending, _ = strconv.ParseUint(f[0], 16, 64)
		case "ShdPnd":
			shared, _ = strconv.ParseUint(f[0], 16, 64)
		case "SigBlk":
			blocked, _ = strconv.ParseUint(f[0], 16, 64)
		}
	}
	st.pending = (pending | shared) &^ blocked
	return st, nil
}

func number(s string) uint32 {
	n, _ := strconv.ParseUint(s, 10, 32)
	return uint32(n)
}

// credentialsOf reads those of a thread, or remembers them: calls that change
// them are seen, and have the process's be read anew. e.mu is held.
func (e *engine) credentialsOf(p *process, tid int) (*credentials, error) {
	if p.creds != nil {
		return p.creds, nil
	}
	st, err := readStatus(tid)
	if err != nil {
		return nil, err
	}
	c := &st.creds
	if c.caps|c.permitted != 0 && !e.sameUsers(tid) {
		// What it may do in a user namespace of its own is nothing here.
		c.caps, c.permitted = 0, 0
	}
	c.unchanged = c.same(e.own)
	if !p.volatile {
		p.creds = c
	}
	return c, nil
}

// sameUsers tells whether a thread is in this process's user namespace.
func (e *engine) sameUsers(tid int) bool {
	ns, err := os.Readlink("/proc/" + strconv.Itoa(tid) + "/ns/user")
	return err == nil && ns == e.users
}

func (c *credentials) same(o *credentials) bool {
	return c.fsuid == o.fsuid && c.fsgid == o.fsgid && c.caps == o.caps && slices.Equal(c.groups, o.groups)
}
