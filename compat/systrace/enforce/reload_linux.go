//go:build amd64 || arm64

package enforce

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/abi"
)

// written notes that a policy has just been written.
func (l *live) written(file string) {
	if l.loaded == nil {
		l.loaded = &policy.Loaded{Section: l.section}
	}
	l.loaded.File = file
	if st, err := os.Stat(file); err == nil {
		l.loaded.Modified = st.ModTime()
	}
}

// reloaded reads the policy's file again if it was changed since, and asks the
// new policy. A file with mistakes leaves the old policy in force, and so does
// one that the program itself could have written.
func (e *engine) reloaded(c *call, q *policy.Question) (v policy.Verdict, again bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := c.live
	if l.loaded == nil || l.loaded.File == "" || time.Since(l.looked) < 100*time.Millisecond {
		return v, false
	}
	l.looked = time.Now()
	st, err := os.Stat(l.loaded.File)
	if err != nil || !st.ModTime().After(l.loaded.Modified) {
		return v, false
	}
	if e.writable(l.loaded.File) {
		e.problem("%s was changed, but a program under a policy may write it: not read", l.loaded.File)
		l.loaded.Modified = st.ModTime()
		return v, false
	}
	fresh, err := policy.Load(l.loaded.File, l.section.Name)
	if err == nil {
		_, err = policy.Compile(fresh.Section, e.environment(e.uid, e.gid))
	}
	if err != nil {
		e.problem("%v: the policy stays as it was", err)
		l.loaded.Modified = st.ModTime()
		return v, false
	}
	l.section, l.loaded, l.changed, l.lesson = fresh.Section, fresh, false, lesson{}
	clear(l.compiled)
	uid, gid := e.idsOf(c.creds)
	p, err := l.compile(e, uid, gid)
	if err != nil {
		return v, false
	}
	c.policy = p
	v = p.Decide(q)
	return v, v.Covered
}

// writable tells whether some program under a policy may change a file, by
// whatever call: itself, or a directory that it lies in.
func (e *engine) writable(file string) bool {
	sections, err := e.o.Store.All()
	if err != nil {
		return true
	}
	for _, l := range e.policies {
		sections = append(sections, l.section)
	}
	for _, s := range sections {
		if s.Detached {
			return true
		}
		p, err := policy.Compile(s, e.environment(e.uid, e.gid))
		if err != nil || mayWrite(p, file) {
			return true
		}
	}
	return false
}

var (
	// opens and makes are calls by which a file, or one in its place, can be
	// written.
	opens = []string{"open", "openat", "openat2", "creat", "truncate"}
	makes = []string{"symlink", "symlinkat", "mknod", "mknodat"}
	// replaces put something in the place of their second path: what rules say of
	// the first one does not tell.
	replaces = []string{"rename", "renameat", "renameat2", "link", "linkat"}
	// reaches are ways into other processes and around names.
	reaches = []string{"mount", "move_mount", "pivot_root", "chroot", "unshare", "setns", "ptrace", "process_vm_writev", "open_by_handle_at", "pidfd_getfd", "io_uring_setup"}
)

// mayWrite asks a policy whether its program may change a file.
func mayWrite(p *policy.Policy, file string) bool {
	names := func(call string) []string {
		return translate.Names(p.Emulation, &translate.Call{Arch: abi.AMD64.Name, Name: call})
	}
	for _, call := range append(slices.Clone(replaces), reaches...) {
		if slices.ContainsFunc(names(call), p.Has) {
			return true
		}
	}
	for at := file; at != "/" && at != "."; at = filepath.Dir(at) {
		args := []policy.Arg{{Name: "filename", Text: at}}
		for _, call := range opens {
			q := policy.Question{Names: names(call), Args: append(slices.Clone(args), policy.Arg{Name: "oflags", Text: "wo"}), Alias: "fswrite", AliasArgs: args}
			if admits(p, &q) {
				return true
			}
		}
		for _, call := range makes {
			if admits(p, &policy.Question{Names: names(call), Args: append([]policy.Arg{{Name: "string", Text: "/"}}, args...)}) {
				return true
			}
		}
	}
	return false
}

func admits(p *policy.Policy, q *policy.Question) bool {
	v := p.Decide(q)
	return v.Covered && v.Action == syntax.Permit
}
