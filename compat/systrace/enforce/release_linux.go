package enforce

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

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
	switch {
	case c.name == "clone" && c.Args[0]&unix.CLONE_THREAD == 0, c.name == "clone3", c.name == "fork", c.name == "vfork":
		e.mu.Lock()
		c.process.forked = true
		e.mu.Unlock()
	}
}

// adopt notes the children of a process that is about to end or to execute
// another program: afterwards nobody could say whose they were. Those of one
// that is killed by a signal are found by their program (orphan).
func (e *engine) adopt(p *process) {
	e.mu.Lock()
	defer e.mu.Unlock()
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
				e.processOf(pid) // one that is gone already needs no policy
			}
		}
	}
}
