//go:build amd64 || arm64

package enforce

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/quote"
)

// lesson is what one run has added to a policy.
type lesson struct {
	known map[string]bool // calls that a rule was made for
	first *syntax.Rule    // has the comment about the run
	rules int
	fresh int // rules that the compiled policy has not got yet
}

// learn adds a rule for a call and permits it.
func (e *engine) learn(c *call, q *policy.Question) (policy.Verdict, bool) {
	name, plain := asked(q, e.o.NoAlias)
	args := asTheyAre(plain)
	if e.o.Generalize {
		e.mu.Lock()
		if len(plain) > 0 && c.exclusive() {
			e.scratch.note(plain[0].Text)
		}
		args = e.scratch.general(plain, q.Alias, c.process.pid)
		e.mu.Unlock()
	}
	key := name
	for _, a := range args {
		key += "\x00" + a.Name + "\x00" + a.Text + "\x00" + a.Pattern
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	l := c.live
	if l.lesson.known[key] {
		return permitted(), true
	}
	r, err := learned(c.emulation, name, args, len(translate.Arguments(c.emulation, name)) > 0)
	if err != nil {
		e.problem("%v", err)
		c.fail(unix.EPERM)
		return policy.Verdict{}, false
	}
	l.learns(key, r, !c.policy.Has(name))
	return policy.Verdict{Covered: true, Action: syntax.Permit, Rule: r}, true
}

// exclusive tells whether the call makes a file that must not exist.
func (c *call) exclusive() bool {
	const exclusive = unix.O_CREAT | unix.O_EXCL
	switch c.name {
	case "mkdir", "mkdirat":
		return true
	case "open":
		return c.Args[1]&exclusive == exclusive
	case "openat":
		return c.Args[2]&exclusive == exclusive
	}
	return false
}

// learns adds a rule. Compiling the policy for each would take a time that
// grows with the square of their number; what is not compiled is known. news
// says that the policy has no rule about the call yet, which others ask it.
func (l *live) learns(key string, r *syntax.Rule, news bool) {
	t := &l.lesson
	if t.known == nil {
		t.known, t.first = map[string]bool{}, r
	}
	t.known[key] = true
	t.rules++
	t.fresh++
	l.section.Rules = append(l.section.Rules, r)
	l.changed = true
	if news || t.fresh > 16+len(l.section.Rules)/4 {
		clear(l.compiled)
		t.fresh = 0
	}
}

// provenance writes when, from what and how much was learned above the first
// rule of it.
func (l *live) provenance(argv []string) {
	t := &l.lesson
	if t.first == nil {
		return
	}
	plural := "s"
	if t.rules == 1 {
		plural = ""
	}
	t.first.Lead = []string{fmt.Sprintf("# learned %s from: %s (%d rule%s)", time.Now().Format(time.DateOnly), quote.Short(quote.Words(argv), 200), t.rules, plural)}
}
