//go:build amd64 || arm64

package asking

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/enforce"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/internal/rules"
)

type run struct {
	o      Options
	self   rules.Self
	loader loader
}

// Run runs the program to its end and returns its status.
func Run(o Options) (int, error) {
	r := &run{o: o}
	r.self = rules.Self{UID: uint32(os.Getuid())}
	gids, _ := os.Getgroups()
	for _, g := range append(gids, os.Getgid()) {
		r.self.GIDs = append(r.self.GIDs, uint32(g))
	}
	return enforce.Run(enforce.Options{Argv: o.Argv, Env: o.Env, Mode: enforce.Ask, Inherit: true, NoAlias: true, Store: &policy.Store{}, Log: func(*enforce.Record) {}, Errors: o.Errors, Judge: r.judge,
		Started: func(pid int) { r.self.PID = uint32(pid) }})
}

// judge decides a call: by what was answered before, or by asking.
func (r *run) judge(a *enforce.Asked) enforce.Ruling {
	f := r.facts(a)
	c := &ask.Call{PID: a.PID, Program: a.Program, Parents: a.Parents, Name: a.Name, Text: a.Text, Judge: f.judge}
	if o, ok := r.o.Broker.Known(c); ok {
		return ruling(o)
	}
	if a.Crowded {
		return enforce.Ruling{Errno: int(unix.EAGAIN)}
	}
	gone, stop := watch(a.Over)
	defer stop()
	o := r.o.Broker.Decide(c, gone)
	if o.State == ask.Withdrawn {
		return enforce.Ruling{Again: true}
	}
	return ruling(o)
}

func ruling(o ask.Outcome) enforce.Ruling {
	return enforce.Ruling{Permit: o.Permit, Errno: o.Errno, Kill: o.Kill}
}

// watch closes a channel when nobody waits any more.
func watch(over func() bool) (gone <-chan struct{}, stop func()) {
	const look = 20 * time.Millisecond
	c, done := make(chan struct{}), make(chan struct{})
	go func() {
		tick := time.NewTicker(look)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if over() {
					close(c)
					return
				}
			}
		}
	}()
	return c, func() { close(done) }
}

// facts puts together what judging needs.
func (r *run) facts(a *enforce.Asked) *facts {
	f := &facts{Asked: a, self: r.self, rules: rules.Of(a.Name)}
	known := uses[a.Name]
	for i, p := range a.Paths {
		u := used{AskedPath: p}
		if sockets[a.Name] {
			// A socket's name is said as text: where it leads decides.
			if real, err := filepath.EvalSymlinks(u.Real); err == nil {
				u.Real = real
			}
		}
		if i < len(known) {
			u.perms = permsOf[known[i]]
			if known[i] == opens {
				u.perms = openPerms(flagsOf(a), p.Missing)
			}
		}
		f.uses = append(f.uses, u)
		f.secret = f.secret || r.isSecret(u.Real) || r.isSecret(p.Real) || r.isSecret(p.Given)
	}
	if sockets[a.Name] {
		f.sockets(r)
	}
	f.secret = f.secret || signals(a)
	if a.Name == "mmap" && a.Args[2]&unix.PROT_EXEC != 0 && a.Args[3]&unix.MAP_ANONYMOUS == 0 {
		real, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", a.TID, int32(a.Args[4])))
		f.spare = err == nil && program.SpareModule(filepath.Base(real))
	}
	f.loading = r.loader.loads(a, f)
	return f
}

// sockets looks at the call's socket, and at whom it is to reach.
func (f *facts) sockets(r *run) {
	s := &f.socket
	var err error
	if s.Domain, s.Type, s.Protocol, s.Bound, err = f.Socket(); err != nil {
		f.noSock = true
	}
	port, ok := portOf(f.Address)
	f.secret = f.secret || ok && port == r.o.Port && r.o.Port != 0
	for _, to := range f.To {
		f.secret = f.secret || r.isSecret(to) || f.Address == nil && r.o.Port != 0 && strings.HasSuffix(to, ":"+itoa(r.o.Port))
	}
}

// signals tells whether a call signals this process, or everybody: later Landlock
// keeps signals inside.
func signals(a *enforce.Asked) bool {
	switch a.Name {
	case "kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open":
		pid := int(int32(a.Args[0]))
		return pid == os.Getpid() || pid == -1
	}
	return false
}

func itoa(n uint16) string {
	var b []byte
	for ; n > 0; n /= 10 {
		b = append([]byte{byte('0' + n%10)}, b...)
	}
	return string(b)
}

func (r *run) isSecret(path string) bool {
	for _, dir := range r.o.Secret {
		if path == dir || strings.HasPrefix(path, dir+"/") {
			return true
		}
	}
	return false
}

func flagsOf(a *enforce.Asked) uint64 {
	switch a.Name {
	case "open":
		return a.Args[1]
	case "openat":
		return a.Args[2]
	}
	return unix.O_CREAT | unix.O_WRONLY | unix.O_TRUNC
}
