//go:build amd64 || arm64

package enforce

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/fates"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// unconfined executes a program whose policy is "detached", in this process's
// place. It returns if it could not.
func (e *engine) unconfined(path string) error {
	if u := e.o.As; u != nil {
		groups := []int{int(u.GID)}
		for _, g := range u.Groups {
			groups = append(groups, int(g))
		}
		for _, f := range []func() error{
			func() error { return syscall.Setgroups(groups) },
			func() error { return syscall.Setresgid(int(u.GID), int(u.GID), int(u.GID)) },
			func() error { return syscall.Setresuid(int(u.UID), int(u.UID), int(u.UID)) },
		} {
			if err := f(); err != nil {
				return err
			}
		}
	}
	return &os.PathError{Op: "execute", Path: path, Err: syscall.Exec(path, e.o.Argv, e.o.Env)}
}

// released is the policy of processes that were let go of by permit[detach], or
// whose program's policy is "detached". A filter cannot be taken off: what it
// does not allow still comes here, and is continued without a look. e.mu is
// held.
func (e *engine) released() *live {
	if e.letGo == nil {
		e.letGo = &live{released: true, section: &syntax.Section{Kind: syntax.Policy, Name: "detached", Emulation: "linux64", Detached: true}}
	}
	return e.letGo
}

// free tells whether all calls are continued.
func (l *live) free() bool { return l.released || l.section.Detached }

// begins notes that the caller may get a child.
func (e *engine) begins(c *call) {
	switch c.name {
	case "clone", "clone3", "fork", "vfork":
	default:
		return
	}
	if c.name == "clone" && c.Args[0]&unix.CLONE_THREAD != 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	c.process.forked = true
	if c.name == "clone" && c.Args[0]&unix.CLONE_PARENT == 0 {
		return
	}
	if c.name == "clone" || c.name == "clone3" { // its brother will be said to be its parent's child
		if parent := e.processes[c.process.parent]; parent != nil {
			parent.mixed = true
		}
	}
}

// moves notes what the call changes of what performing goes by. It is not known
// whether it succeeds.
func (e *engine) moves(c *call) {
	switch c.name {
	case "chroot", "pivot_root":
		e.moved.Store(true)
		return
	case "clone":
		if c.Args[0]&fates.Namespaces != 0 {
			e.moved.Store(true)
		}
		return
	case "clone3":
		e.moved.Store(true)
		return
	case "unshare", "setns":
		e.moved.Store(true)
	case "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid", "setgroups", "capset",
		"setuid32", "setgid32", "setreuid32", "setregid32", "setresuid32", "setresgid32", "setfsuid32", "setfsgid32", "setgroups32":
	default:
		return
	}
	e.mu.Lock()
	c.process.volatile, c.process.creds = true, nil
	e.mu.Unlock()
}

// mayControl notes what a prctl changes of what is known about processes; false
// if that must not be.
func (e *engine) mayControl(c *call) bool {
	switch int32(c.Args[0]) {
	case unix.PR_SET_CHILD_SUBREAPER:
		e.mu.Lock()
		c.process.mixed = true
		e.mu.Unlock()
	case unix.PR_SET_MM:
		return !e.switching // it would have another program than it has
	}
	return true
}

// adopt notes the children of a process that is about to end or to execute
// another program: afterwards nobody could say whose they were. Those of one
// that is killed by a signal are found by their program (orphan).
func (e *engine) adopt(p *process) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.noteChildren(p)
}

// noteChildren is adopt with e.mu held.
func (e *engine) noteChildren(p *process) {
	if !p.forked {
		return
	}
	lists, _ := filepath.Glob("/proc/" + strconv.Itoa(p.pid) + "/task/*/children")
	for _, list := range lists {
		b, err := os.ReadFile(list)
		if err != nil {
			continue // the thread is gone
		}
		for _, word := range strings.Fields(string(b)) {
			if pid, err := strconv.Atoi(word); err == nil {
				e.noteChild(p, pid)
			}
		}
	}
}

// noteChild gives a child that has called nothing yet its parent's policy,
// unless it may be another's child. One that is gone already needs none.
func (e *engine) noteChild(parent *process, pid int) {
	if known := e.processes[pid]; known != nil && known.alive() {
		return
	}
	e.processOf(pid)
}
