package enforce

import (
	"os"
	"time"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
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
	if e.mayWrite(c.policy, l.loaded.File) {
		e.problem("%s was changed, but the policy in it lets its program write it: not read", l.loaded.File)
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

// mayWrite asks a policy whether its program may write a file.
func (e *engine) mayWrite(p *policy.Policy, file string) bool {
	args := []policy.Arg{{Name: "filename", Text: file}}
	v := p.Decide(&policy.Question{Names: []string{"open"}, Args: append(args, policy.Arg{Name: "oflags", Text: "wo"}), Alias: "fswrite", AliasArgs: args})
	return v.Covered && v.Action == syntax.Permit
}
