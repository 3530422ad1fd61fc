//go:build amd64 || arm64

package asking

import (
	"encoding/binary"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/enforce"
	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// facts is a call with all that a verdict needs, read once.
type facts struct {
	*enforce.Asked
	self    rules.Self
	rules   []rules.Rule
	uses    []used
	socket  rules.Socket
	noSock  bool
	loading bool // it is the loader's, of the program that was started
	spare   bool // it maps the code of a module that libc goes on without
	secret  bool // it would reach what answers questions
}

type used struct {
	enforce.AskedPath
	perms unveil.Perms
}

// situation is what holds for the run beside words: paths are hidden, and
// somebody looks where sockets lead.
const situation = rules.Veiled

// situationOf adds what ports there are: without one that may be bound nothing may
// listen that was not, as under pledge.
func situationOf(p *ask.Policy) promises.Set {
	s := situation
	if !p.AnyPort && p.Words.Has(promises.Inet) {
		s |= rules.ConnectLimited
		if len(p.Bind) == 0 {
			s |= rules.NoBind
		}
	}
	return s
}

// judge is what the policy says of the call. It reads nothing.
func (f *facts) judge(p *ask.Policy) ask.Verdict {
	if f.secret {
		return ask.Verdict{Errno: int(unix.EACCES)}
	}
	if f.loading {
		return ask.Verdict{Permit: true}
	}
	v := f.words(p.Words | situationOf(p))
	if f.spare && v.Alternatives != nil {
		return ask.Verdict{Errno: int(unix.EPERM)} // as pledge does
	}
	if v.Errno != 0 {
		return v
	}
	f.paths(p, &v)
	f.ports(p, &v)
	v.Permit = v.Alternatives == nil && v.Entries == nil && v.Connect == nil && v.Bind == nil
	return v
}

// words judges by promises.
func (f *facts) words(set promises.Set) (v ask.Verdict) {
	switch action := rules.Judge(f.rules, set, f.Args, f.self); action {
	case rules.Allow:
		return v
	case rules.Notify:
		return f.handled(set)
	case rules.Violate:
		return f.lacking(set)
	default:
		n, _ := action.Errno()
		return ask.Verdict{Errno: int(n)}
	}
}

// handled judges what pledge's supervisor does: whitelisted files, sockets.
func (f *facts) handled(set promises.Set) (v ask.Verdict) {
	switch {
	case f.Name == "prctl", f.Name == "tkill" && int(int32(f.Args[0])) == f.TID, f.Name == "landlock_restrict_self":
		return v
	case sockets[f.Name]:
		if f.noSock {
			return ask.Verdict{Errno: int(unix.EBADF)}
		}
		ok, _ := rules.JudgeSocket(set, f.Name, f.socket, f.Address)
		if ok {
			return v
		}
		return f.socketLacks(set)
	case len(f.uses) > 0:
		return f.listed(set)
	}
	return f.lacking(set)
}

// lacking are the words that the call needs.
func (f *facts) lacking(set promises.Set) (v ask.Verdict) {
	if rules.Find(rules.Quiet, set, f.path()) != nil {
		return ask.Verdict{Errno: int(unix.ENOENT)}
	}
	list, _ := rules.Alternatives(f.rules, f.Args, set&^set.Words(), f.self)
	if f.Name == "socket" && uint32(f.Args[0]) == unix.AF_UNIX {
		list = append(list, promises.Getpw.Set(), promises.DNS.Set())
	}
	if strings.HasPrefix(f.Name, "chown") || f.Name == "lchown" || f.Name == "fchown" || f.Name == "fchownat" {
		if f.self.UID != 0 {
			list = append(list, promises.Fattr.Set())
		}
	}
	list = append(list, f.whitelists()...)
	for _, a := range rules.Narrowest(list) {
		if a&^set == 0 {
			return ask.Verdict{}
		}
		v.Alternatives = append(v.Alternatives, a)
	}
	if v.Alternatives == nil {
		v.Errno = int(unix.EPERM) // nothing admits it
	}
	return v
}

// path is the one path of a call, as its words are judged by it.
func (f *facts) path() string {
	if len(f.uses) != 1 {
		return ""
	}
	if given := f.uses[0].Given; strings.HasPrefix(given, "/") {
		return given
	}
	return f.uses[0].Real
}

// whitelists are the words that admit the file by its name.
func (f *facts) whitelists() (list []promises.Set) {
	path := f.path()
	if path == "" {
		return nil
	}
	for i := range rules.Files {
		w := &rules.Files[i]
		if w.Match(path) && (stats[f.Name] && w.Stat || f.reads() && path != "/" || w.Write && uses[f.Name] != nil) {
			list = append(list, w.Needs)
		}
	}
	return list
}

// reads tells whether the call opens a file for reading only.
func (f *facts) reads() bool {
	return len(f.uses) == 1 && f.uses[0].perms == unveil.Read
}

// listed judges by the whitelist.
func (f *facts) listed(set promises.Set) ask.Verdict {
	path := f.path()
	w := rules.Find(rules.Files, set, path)
	switch {
	case w != nil && (stats[f.Name] && w.Stat || f.reads() || w.Write):
		return ask.Verdict{}
	case rules.Find(rules.Refused, set, path) != nil:
		return ask.Verdict{Errno: int(unix.EPERM)}
	case rules.Find(rules.Quiet, set, path) != nil:
		return ask.Verdict{Errno: int(unix.ENOENT)}
	}
	return f.lacking(set)
}

func (f *facts) socketLacks(set promises.Set) (v ask.Verdict) {
	for _, p := range []promises.Promise{promises.Unix, promises.Inet, promises.DNS} {
		if ok, _ := rules.JudgeSocket(set|p.Set(), f.Name, f.socket, f.Address); ok {
			v.Alternatives = append(v.Alternatives, p.Set())
		}
	}
	if v.Alternatives == nil {
		v.Errno = int(unix.EPERM)
	}
	return v
}

// paths judges where the call's paths lead.
func (f *facts) paths(p *ask.Policy, v *ask.Verdict) {
	for _, u := range f.uses {
		if u.perms == 0 || !strings.HasPrefix(u.Real, "/") || rules.Find(rules.Files, p.Words, u.Real) != nil {
			continue
		}
		at, perms := u.Real, u.perms
		if u.Missing && perms&unveil.Create == 0 {
			continue // the kernel says that it is not there
		}
		if perms&unveil.Create != 0 {
			at, perms = filepath.Dir(at), perms|unveil.Write
		}
		if !p.Shows(at, perms) {
			v.Entries = append(v.Entries, ask.Entry{Path: at, Perms: perms})
			v.Missing = v.Missing || u.Missing
		}
	}
}

// ports judges ports of TCP, as Landlock does.
func (f *facts) ports(p *ask.Policy, v *ask.Verdict) {
	port, ok := portOf(f.Address)
	if !ok || f.socket.Type != unix.SOCK_STREAM || f.socket.Domain != unix.AF_INET && f.socket.Domain != unix.AF_INET6 {
		return
	}
	v.To = f.Text
	switch f.Name {
	case "connect", "sendto":
		if !p.Connects(port) {
			v.Connect = []uint16{port}
		}
	case "bind":
		if !p.Binds(port) {
			v.Bind = []uint16{port}
		}
	}
	if v.Bind != nil && !p.Words.Has(promises.Inet) {
		v.Alternatives = []promises.Set{promises.Inet.Set()} // it is going to listen
	}
}

// portOf is the port of an address of the Internet.
func portOf(b []byte) (uint16, bool) {
	if len(b) < 4 {
		return 0, false
	}
	switch binary.NativeEndian.Uint16(b) {
	case unix.AF_INET, unix.AF_INET6:
		return binary.BigEndian.Uint16(b[2:]), true
	}
	return 0, false
}

// openPerms are what an open asks for.
func openPerms(flags uint64, missing bool) (p unveil.Perms) {
	if flags&unix.O_PATH != 0 {
		return 0
	}
	p = [4]unveil.Perms{unveil.Read, unveil.Write, unveil.Read | unveil.Write, unveil.Read | unveil.Write}[flags&unix.O_ACCMODE]
	if flags&unix.O_TRUNC != 0 {
		p |= unveil.Write
	}
	if missing && flags&unix.O_CREAT != 0 || flags&unix.O_TMPFILE == unix.O_TMPFILE {
		p |= unveil.Create
	}
	return p
}
