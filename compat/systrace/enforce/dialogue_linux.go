//go:build amd64 || arm64

package enforce

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// dialogue asks the agent about a call until an answer decides it. All other
// dialogues wait; what they would have asked may be answered then.
func (e *engine) dialogue(c *call, q *policy.Question, v policy.Verdict) (policy.Verdict, bool) {
	e.talking.Lock()
	defer e.talking.Unlock()
	if again, ok := e.again(c, q); ok && !v.Asked {
		return again, true
	}
	d := &talk{e: e, c: c, q: q, asked: v.Asked}
	for {
		answer, err := e.o.Agent.Ask(e.request(c, q))
		if err != nil {
			e.fatal("%v", err)
		}
		verdict, final := d.answer(strings.TrimRight(answer, "\r\n"))
		if !final {
			continue
		}
		e.o.Agent.Done()
		if d.killed {
			return policy.Verdict{}, false
		}
		return verdict, true
	}
}

// again asks the policy, which may have got rules.
func (e *engine) again(c *call, q *policy.Question) (policy.Verdict, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	uid, gid := e.idsOf(c.creds)
	p, err := c.live.compile(e, uid, gid)
	if err != nil {
		return policy.Verdict{}, false
	}
	c.policy = p
	alias := q.Alias
	if e.o.NoAlias {
		q.Alias = ""
	}
	v := p.Decide(q)
	q.Alias = alias
	return v, v.Covered
}

// talk is the dialogue about one call.
type talk struct {
	e      *engine
	c      *call
	q      *policy.Question
	asked  bool // by a rule that says ask: nothing is stored
	killed bool
}

func permitted() policy.Verdict { return policy.Verdict{Covered: true, Action: syntax.Permit} }

func denied(name string) policy.Verdict {
	if name == "" {
		name = "EPERM"
	}
	n, _ := syntax.ErrnoByName(name)
	return policy.Verdict{Covered: true, Action: syntax.Deny, Errno: n}
}

// answer does what one answer says; final is false if another is needed.
func (d *talk) answer(line string) (v policy.Verdict, final bool) {
	word, rest, _ := strings.Cut(line, " ")
	switch strings.ToLower(word) {
	case "detach":
		return d.detach(), true
	case "kill":
		unix.Kill(d.c.process.pid, unix.SIGKILL)
		d.killed = true
		return v, true
	case "review":
		return v, d.review()
	case "templates":
		return v, d.templates()
	case "template":
		return d.template(rest)
	}
	// xsystrace suggests "//*" for files of the root directory, which no name
	// matches: it is taken for what it means.
	r, err := syntax.ParseRule(strings.ReplaceAll(line, `match "//`, `match "/`))
	switch {
	case err != nil:
		d.e.problem("answer, column %s", strings.TrimPrefix(err.Error(), ":1:"))
		d.tell("Parse error.")
		return v, false
	case r.Simple && r.Action == syntax.Permit:
		return d.simple(r, permitted())
	case r.Simple:
		return d.simple(r, denied(r.Error))
	case d.asked:
		d.tell(`Answer only "permit" or "deny". This is a prompt.`)
		return v, false
	}
	return d.filter(r)
}

func (d *talk) tell(lines ...string) { d.e.o.Agent.Tell(lines...) }

// simple is permit or deny: for good, unless it says -now.
func (d *talk) simple(r *syntax.Rule, v policy.Verdict) (policy.Verdict, bool) {
	if !r.Now && !d.asked {
		d.add(r)
	}
	return v, true
}

// add adds a rule about the call to the policy. For an alias and for a call
// whose arguments are translated a simple rule is "true then ...".
func (d *talk) add(r *syntax.Rule) {
	r.Emulation, _ = d.c.emulation, 0
	r.Call, _ = asked(d.q, d.e.o.NoAlias)
	if r.Simple && policy.IsAlias(r.Call) {
		r.Simple, r.Expr = false, syntax.True{}
	}
	d.e.mu.Lock()
	defer d.e.mu.Unlock()
	d.c.live.add(r)
}

// filter adds a filter, which has to decide the call.
func (d *talk) filter(r *syntax.Rule) (policy.Verdict, bool) {
	l := d.c.live
	d.e.mu.Lock()
	before := len(l.section.Rules)
	d.e.mu.Unlock()
	d.add(r)
	v, ok := d.e.again(d.c, d.q)
	if ok {
		return v, true
	}
	d.e.mu.Lock()
	l.section.Rules = l.section.Rules[:before]
	clear(l.compiled)
	d.e.mu.Unlock()
	if _, err := policy.Compile(&syntax.Section{Rules: []*syntax.Rule{r}}, d.e.environment(d.c.creds.ruid, d.c.creds.rgid)); err != nil {
		d.e.problem("answer: %v", err)
		d.tell("Parse error.")
		return v, false
	}
	d.tell("Filter unmatched. Freeing it")
	return v, false
}

// detach: a policy without rules cannot let go of a process, whose filter
// stays; all it asks is permitted from now on. One with rules becomes
// unsupervised, as with -a.
func (d *talk) detach() policy.Verdict {
	d.e.mu.Lock()
	defer d.e.mu.Unlock()
	l := d.c.live
	if len(l.section.Rules) > 0 {
		l.unsupervised = true
		return denied("")
	}
	l.section.Detached, l.changed = true, true
	return permitted()
}

func (d *talk) review() bool {
	lines := []string{"Filter review:"}
	name, _ := asked(d.q, d.e.o.NoAlias)
	d.e.mu.Lock()
	for _, r := range d.c.live.section.Rules {
		if r.Call == name {
			lines = append(lines, strconv.Itoa(len(lines))+". "+r.Text())
		}
	}
	d.e.mu.Unlock()
	d.tell(lines...)
	return false
}

// ofEmulation are the templates that the policy can use.
func (d *talk) ofEmulation() (list []policy.Template) {
	all, err := d.e.o.Store.Templates()
	if err != nil {
		d.e.problem("%v", err)
	}
	for _, t := range all {
		if t.Section.Emulation == d.c.emulation {
			list = append(list, t)
		}
	}
	return list
}

func (d *talk) templates() bool {
	lines := []string{"Available Templates:"}
	for i, t := range d.ofEmulation() {
		lines = append(lines, fmt.Sprintf("%d. %s - %s", i+1, t.Section.Name, t.Section.Description))
	}
	d.tell(lines...)
	return false
}

// template adds the rules of a template.
func (d *talk) template(number string) (v policy.Verdict, final bool) {
	n, err := strconv.Atoi(strings.TrimSpace(number))
	list := d.ofEmulation()
	if err != nil || n < 1 || n > len(list) {
		d.tell("Syntax error.")
		return v, false
	}
	d.e.mu.Lock()
	for _, r := range list[n-1].Section.Rules {
		own := *r
		d.c.live.add(&own)
	}
	d.e.mu.Unlock()
	if v, ok := d.e.again(d.c, d.q); ok {
		return v, true
	}
	d.tell("Filter unmatched.")
	return v, false
}
