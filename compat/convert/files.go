package convert

import (
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// literals returns those of a term about an argument, and notes the others as
// conditions that are lost.
func (c *conversion) literals(e *entry, t term, keep ...string) (list []literal) {
	for _, l := range t {
		if slices.ContainsFunc(keep, func(name string) bool { return strings.EqualFold(name, l.Name) }) {
			list = append(list, l)
			continue
		}
		e.note(Wider, "whatever the %s is: not only %s", l.Name, l.text())
	}
	return list
}

// pathsOf finds where the paths of a term are on Linux. all is set if the term
// names none, ok is false if the rule asks for nothing that can be unveiled.
func (c *conversion) pathsOf(e *entry, t term, keep ...string) (list []place, all, ok bool) {
	literals := c.literals(e, t, append(keep, "filename")...)
	named := false
	for _, l := range literals {
		if !strings.EqualFold(l.Name, "filename") {
			continue
		}
		named = true
		p := c.place(l)
		e.reasons = append(e.reasons, fresh(e, p.reasons)...)
		if p.path == "" {
			continue
		}
		paths, said := onLinux(p.path)
		if said != nil {
			e.note(said.Class, "%s", said.Text)
		}
		for _, q := range paths {
			list = append(list, place{path: q, subtree: p.subtree})
		}
	}
	if !named {
		return nil, true, true
	}
	return list, false, len(list) > 0
}

func fresh(e *entry, reasons []Reason) (list []Reason) {
	for _, r := range reasons {
		if !slices.Contains(e.reasons, r) {
			list = append(list, r)
		}
	}
	return list
}

// unveil grants permissions on the paths of a term.
func (c *conversion) unveil(e *entry, list []place, all bool, perms unveil.Perms) {
	if all {
		c.anyPath |= perms
		return
	}
	for _, p := range list {
		c.paths = append(c.paths, pathGrant{entry: e, path: p.path, perms: perms, subtree: p.subtree})
	}
}

// grantRead: fsread is opening to read, stat, access and readlink.
func grantRead(c *conversion, e *entry, t term) {
	list, all, ok := c.pathsOf(e, t)
	if !ok {
		return
	}
	var files []place
	for _, p := range list {
		if !c.readsByWord(e, p) {
			files = append(files, p)
		}
	}
	if !all && len(files) == 0 {
		return
	}
	c.unveil(e, files, all, r)
	c.open(e, oRdonly)
	c.need(e, "stat", [6]uint64{0x1000, 0x1000})
}

// readsByWord: files that a promise reads without rpath.
func (c *conversion) readsByWord(e *entry, p place) bool {
	readable, user := userFiles[p.path]
	switch {
	case c.whitelisted(p, false) && !isTerminal(p.path):
		return true
	case user && readable:
		c.definite |= promises.Getpw.Set()
		e.note(Exact, "%s: %s", p.path, getpwWhy)
		return true
	case user:
		c.definite |= promises.Getpw.Set()
		e.note(Narrower, "%s holds passwords and stays shut; unveil r:/etc/shadow for them", p.path)
		return true
	case isTerminal(p.path):
		c.definite |= promises.Tty.Set()
	}
	return c.whitelisted(p, false)
}

// whitelisted tells whether a promise opens the file without rpath and wpath:
// stdio, tty for a terminal, dns for what libc's resolver reads.
func (c *conversion) whitelisted(p place, write bool) bool {
	s := promises.Stdio.Set() | promises.Tty.Set() | c.net.words&promises.DNS.Set()
	if p.path == "/" { // dns and getpw look at its status only
		return false
	}
	f := rules.Find(rules.Files, s, p.path)
	if f == nil && p.subtree {
		f = rules.Find(rules.Files, s, p.path+"/x")
	}
	return f != nil && (f.Write || !write)
}

func (c *conversion) open(e *entry, flags uint64) {
	c.need(e, "openat", [6]uint64{^uint64(99), 0x1000, flags, 0o600})
}

// grantWrite: fswrite is opening to write, mkdir, rmdir and unlink.
func grantWrite(c *conversion, e *entry, t term) {
	list, all, ok := c.pathsOf(e, t)
	if !ok {
		return
	}
	var files, devices []place
	for _, p := range list {
		if isTerminal(p.path) {
			c.definite |= promises.Tty.Set()
		}
		switch {
		case c.whitelisted(p, true):
		case strings.HasPrefix(p.path, "/dev/"):
			devices = append(devices, p)
		default:
			files = append(files, p)
		}
	}
	if len(devices) > 0 {
		c.unveil(e, devices, false, w)
		c.open(e, oWronly)
	}
	if all || len(files) > 0 {
		c.unveil(e, files, all, w|cr)
		c.open(e, oWronly|oCreat)
		c.need(e, "mkdir", [6]uint64{0x1000, 0o700})
	}
}

// grantOpen: rules on open itself may look at its flags.
func grantOpen(c *conversion, e *entry, t term) {
	list, all, ok := c.pathsOf(e, t, "oflags")
	if !ok {
		return
	}
	perms, flags := openings(t)
	if len(flags) == 0 {
		e.note(Exact, "never decides: no flags are like that")
		return
	}
	c.unveil(e, list, all, perms)
	for _, f := range flags {
		c.open(e, f)
	}
}

// openings tries all flags of open on a term: what the paths need, and an
// example of each way of opening.
func openings(t term) (perms unveil.Perms, flags []uint64) {
	for access, need := range []unveil.Perms{r, w, r | w} {
		for _, create := range []bool{false, true} {
			f := uint64(access)
			if create {
				f, need = f|oCreat, need|cr
			}
			if opens(t, f) {
				perms |= need
				flags = append(flags, f)
			}
		}
	}
	return perms, flags
}

// opens tells whether a term holds for these flags with some of those that do
// not matter: O_APPEND, O_NONBLOCK, O_TRUNC.
func opens(t term, flags uint64) bool {
	for _, more := range []uint64{0, oAppend, oTrunc, oNonblock, oAppend | oNonblock, oTrunc | oNonblock, oAppend | oTrunc} {
		text := translate.OpenFlags(flags|more, false)
		if !slices.ContainsFunc(t, func(l literal) bool {
			return strings.EqualFold(l.Name, "oflags") && policy.Holds(l.Cond, text) == l.negated
		}) {
			return true
		}
	}
	return false
}

// grantLook: Landlock does not look at these; rpath admits them.
func grantLook(call string) func(*conversion, *entry, term) {
	return grantUnseen(call, exampleLook(call))
}

// grantUnseen is for calls on paths that unveil does not reach.
func grantUnseen(call string, args [6]uint64) func(*conversion, *entry, term) {
	return func(c *conversion, e *entry, t term) {
		_, all, ok := c.pathsOf(e, t)
		if !ok {
			return
		}
		if !all {
			e.note(Wider, unseen, call)
		}
		c.need(e, call, args)
	}
}

// exampleLook are arguments of a call that looks at the path "x".
func exampleLook(call string) [6]uint64 {
	if strings.HasSuffix(call, "at") && call != "stat" && call != "lstat" {
		return [6]uint64{^uint64(99), 0x1000, 0x1000, 0}
	}
	return [6]uint64{0x1000, 0x1000, 0x1000}
}

func grantExec(c *conversion, e *entry, t term) {
	list, all, ok := c.pathsOf(e, t)
	if !ok {
		return
	}
	if !e.rule.Simple && e.rule.Flags&syntax.Inherit == 0 && !c.options.Inherit {
		e.note(Narrower, "what is executed keeps these promises; under systrace it got a policy of its own (--inherit if it did not)")
	}
	for i := range list {
		if c.isScript(list[i].path) {
			c.unveil(e, list[i:i+1], false, r|x)
		}
	}
	c.unveil(e, list, all, x)
	c.need(e, "execve", [6]uint64{0x1000, 0x1000, 0x1000})
}
