//go:build amd64 || arm64

package enforce

import (
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
)

// judged has Options.Judge decide a call that was put into words.
func (w *worker) judged(c *call, questions []policy.Question) {
	e := w.engine
	if c.arch != e.arch {
		c.fail(unix.ENOSYS) // its calls have other arguments than the judge knows
		return
	}
	a := e.asked(c, &questions[0])
	for i := range questions {
		for _, x := range questions[i].Args {
			if x.Name == "sockaddr" {
				a.To = append(a.To, x.Text)
			}
		}
	}
	a.Crowded = w.inert || e.crowded(c.process)
	r := e.o.Judge(a)
	switch {
	case r.Kill:
		unix.Kill(c.process.pid, unix.SIGKILL)
		c.fail(unix.EPERM)
	case r.Again && c.waits():
		c.fail(restart)
	case r.Permit:
		w.permit(c, &questions[0], permitted())
	default:
		n := unix.Errno(r.Errno)
		if n == 0 {
			n = unix.EPERM
		}
		c.fail(n)
	}
}

func (e *engine) asked(c *call, q *policy.Question) *Asked {
	a := &Asked{PID: c.process.pid, TID: c.tid(), First: c.process.pid == e.child && !c.process.other, Program: c.program, Name: c.name, Args: c.Args, IP: c.IP}
	for _, p := range c.places {
		a.Paths = append(a.Paths, c.askedPath(p))
	}
	switch c.name {
	case "connect", "bind":
		a.Address = c.address(1, 2)
	case "sendto":
		a.Address = c.address(4, 5)
	}
	a.Socket = func() (domain, typ, protocol int, bound bool, err error) { return c.socketKind() }
	a.Text = asText(c, q)
	a.Parents = e.parents(c.process)
	a.Over = func() bool { return c.signalled.Load() || !c.waits() }
	return a
}

func (c *call) askedPath(p *place) AskedPath {
	a := AskedPath{Given: p.name, Real: p.text}
	if p.err != nil || strings.HasPrefix(p.text, translate.NonExistentPrefix) {
		a.Real, a.Missing = "", true
		return a
	}
	fd, base := -1, ""
	switch {
	case p.empty:
		fd = p.start
	case p.found != nil && p.found.FD >= 0:
		fd = p.found.FD
	case p.found != nil:
		fd, base = p.found.Dir, p.found.Base
	}
	var st unix.Stat_t
	if fd >= 0 && unix.Fstatat(fd, base, &st, unix.AT_EMPTY_PATH|unix.AT_SYMLINK_NOFOLLOW) != nil {
		a.Missing = true
	}
	a.Dir = st.Mode&unix.S_IFMT == unix.S_IFDIR
	return a
}

// socketKind tells what the call's socket is, and holds it: see descriptorOf.
func (c *call) socketKind() (domain, typ, protocol int, bound bool, err error) {
	fd, err := c.descriptorOf(c.Args[0])
	if err != nil {
		return 0, 0, 0, false, err
	}
	defer unix.Close(fd)
	for _, o := range []struct {
		option int
		to     *int
	}{{unix.SO_DOMAIN, &domain}, {unix.SO_TYPE, &typ}, {unix.SO_PROTOCOL, &protocol}} {
		if *o.to, err = unix.GetsockoptInt(fd, unix.SOL_SOCKET, o.option); err != nil {
			return 0, 0, 0, false, err
		}
	}
	switch name, _ := unix.Getsockname(fd); a := name.(type) {
	case *unix.SockaddrInet4:
		bound = a.Port != 0
	case *unix.SockaddrInet6:
		bound = a.Port != 0
	}
	return domain, typ, protocol, bound, nil
}

func asText(c *call, q *policy.Question) string {
	var parts []string
	for _, a := range q.Args {
		parts = append(parts, a.Text)
	}
	return c.name + "(" + strings.Join(parts, ", ") + ")"
}

// parents are the programs above a process, as far as they are confined.
func (e *engine) parents(p *process) (list []string) {
	const most = 5
	e.mu.Lock()
	defer e.mu.Unlock()
	for p = e.processes[p.parent]; p != nil && len(list) < most; p = e.processes[p.parent] {
		list = append(list, p.program)
	}
	return list
}

// judgedSection is the policy of all programs where a judge decides: paths are
// judged by where they lead.
func judgedSection(program string) *syntax.Section {
	s := &syntax.Section{Kind: syntax.Policy, Name: program, Emulation: "native"}
	for _, name := range always {
		r, err := syntax.ParseRule("permit")
		if err != nil {
			continue
		}
		r.Emulation, r.Call = "native", name
		s.Rules = append(s.Rules, r)
	}
	return s
}
