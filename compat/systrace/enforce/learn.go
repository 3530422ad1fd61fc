package enforce

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/quote"
)

// asked returns the name and the arguments of a question that a dialogue, a log
// line and a learned rule are about: the alias where there is one, else the
// classic name of a call with a path, else the call's own.
func asked(q *policy.Question, noAlias bool) (name string, args []policy.Arg) {
	if q.Alias != "" && !noAlias {
		return q.Alias, q.AliasArgs
	}
	for _, a := range q.Args {
		if a.Name == "filename" {
			return q.Names[len(q.Names)-1], q.Args
		}
	}
	return q.Names[0], q.Args
}

// learned composes the rule that permits a call: every argument as it is, or as
// it was generalized.
func learned(emulation, name string, args []likeness, judged bool) (*syntax.Rule, error) {
	text := "permit"
	if judged {
		text = "true then permit"
	}
	var parts []string
	for i, a := range args {
		index := ""
		if n := sameBefore(args[:i], a.Name); n > 0 {
			index = "[" + strconv.Itoa(n) + "]"
		}
		if a.Pattern != "" {
			// match holds for all that lies below as well, which nobody has
			// looked at.
			parts = append(parts, a.Name+index+" match "+syntax.Quote(a.Pattern), "( not "+a.Name+index+" match "+syntax.Quote(a.Pattern+"/*")+" )")
			continue
		}
		parts = append(parts, a.Name+index+" eq "+syntax.Quote(a.Text))
	}
	if len(parts) > 0 {
		text = strings.Join(parts, " and ") + " then permit"
	}
	r, err := syntax.ParseRule(text)
	if err != nil {
		return nil, fmt.Errorf("no rule can be made for %s: %w", name, err)
	}
	r.Emulation, r.Call = emulation, name
	if n := len("\t" + emulation + "-" + name + ": " + r.Text()); n > syntax.MaxLine {
		return nil, fmt.Errorf("no rule can be made for %s: a line of %d bytes, %d can be read", name, n, syntax.MaxLine)
	}
	return r, nil
}

func sameBefore(args []likeness, name string) (n int) {
	for _, a := range args {
		if a.Name == name {
			n++
		}
	}
	return n
}

// maxRequest is the longest request line, without its newline.
const maxRequest = 2047

// request is the line that dialogues and logs have about a call. Whatever names
// are in it, it is one line.
func request(program string, pid, number, parent int, p *policy.Policy, emulation string, code int, q *policy.Question, noAlias, judged bool) string {
	name, args := asked(q, noAlias)
	program, of := quote.Line(program), quote.Line(p.Name)
	var b strings.Builder
	fmt.Fprintf(&b, "%s, pid: %d(%d)[%d], policy: %s, filters: %d, syscall: %s-%s(%d)", program, pid, number, parent, of, p.Len, emulation, name, code)
	if !judged {
		b.WriteString(", args: 48") // six registers
	}
	for _, a := range args {
		fmt.Fprintf(&b, ", %s: %s", a.Name, syntax.Escape(a.Text))
	}
	s := b.String()
	return s[:min(len(s), maxRequest)]
}
