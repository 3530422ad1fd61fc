// Package lint finds rules of systrace policies that do not do what they seem
// to: that never decide, contradict each other, name calls that Linux does not
// have, or compare with something that no argument can be.
//
//	for _, f := range lint.Section(section) {
//		fmt.Println(f)
//	}
//
// # Stability
//
// Texts are for people and may change, kinds are only added.
package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/calls"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
	"github.com/pledge-linux/pledge/internal/quote"
)

// A Finding is something odd about a rule.
type Finding struct {
	Pos  syntax.Pos
	Kind string // unreachable, contradiction, unknown-call, no-counterpart, cannot-match, surprise or hole
	Text string
}

// Mistake tells whether a rule should be mended. What is about a call that Linux
// does not have is a remark: the rule was right where it was written.
func (f Finding) Mistake() bool { return f.Kind != "no-counterpart" }

func (f Finding) String() string { return quote.Text(fmt.Sprintf("%s: %s: %s", f.Pos, f.Kind, f.Text)) }

// Section looks at a section's rules.
func Section(s *syntax.Section) []Finding {
	l := &linter{section: s}
	if !calls.IsEmulation(s.Emulation) && s.Emulation != "" {
		l.add(s.Pos, "unknown-call", "no emulation is called %q", s.Emulation)
	}
	byCall := map[string][]*syntax.Rule{}
	for _, r := range s.Rules {
		l.call(r)
		l.order(r, byCall[r.Call])
		byCall[r.Call] = append(byCall[r.Call], r)
		if r.Expr != nil {
			syntax.Walk(r.Expr, func(e syntax.Expr) {
				if c, ok := e.(*syntax.Cond); ok {
					l.condition(r, c)
				}
			})
		}
	}
	return l.findings
}

type linter struct {
	section  *syntax.Section
	findings []Finding
}

func (l *linter) add(pos syntax.Pos, kind, format string, args ...any) {
	l.findings = append(l.findings, Finding{pos, kind, fmt.Sprintf(format, args...)})
}

// holes are calls that a permit without arguments lets go around rules on
// paths.
var holes = map[string]string{
	"creat": "creates and truncates any file", "openat": "opens any file", "openat2": "opens any file",
	"io_uring_setup": "does what other calls do, unseen", "io_uring_enter": "does what other calls do, unseen",
	"open_by_handle_at": "opens files by their number", "fhopen": "opens files by their number",
	"ptrace": "controls other processes", "process_vm_writev": "changes other processes",
	"renameat": "renames any file", "unlinkat": "removes any file", "linkat": "links any file",
}

// call looks at the name.
func (l *linter) call(r *syntax.Rule) {
	c, ok := calls.Lookup(r.Emulation, r.Call)
	switch {
	case !ok:
		l.add(r.Pos, "unknown-call", "%s has no system call %s: the rule never decides", r.Emulation, r.Call)
	case c.Fidelity == calls.None && r.Action == syntax.Permit:
		l.add(r.Pos, "no-counterpart", "Linux has no %s: %s", r.Call, orElse(c.Note, "the rule has no effect"))
	}
	everything := r.Simple || isTrue(r.Expr)
	if why, ok := holes[r.Call]; ok && everything && r.Action == syntax.Permit && l.restrictsPaths() {
		l.add(r.Pos, "hole", "%s %s, whatever the rules on paths say", r.Call, why)
	}
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func isTrue(e syntax.Expr) bool {
	_, ok := e.(syntax.True)
	return ok
}

// restrictsPaths tells whether some rule on fsread or fswrite has a condition.
func (l *linter) restrictsPaths() bool {
	return slices.ContainsFunc(l.section.Rules, func(r *syntax.Rule) bool {
		return policy.IsAlias(r.Call) && r.Expr != nil && !isTrue(r.Expr)
	})
}

// order looks at a rule and those before it.
func (l *linter) order(r *syntax.Rule, before []*syntax.Rule) {
	for _, b := range before {
		if b.If != nil || b.Action == syntax.Ask {
			continue
		}
		simple := r.Simple && b.Simple && !policy.IsAlias(r.Call)
		switch {
		case simple && b.Action != r.Action:
			l.add(r.Pos, "contradiction", "line %d says %s; of simple rules the last counts", b.Pos.Line, b.Text())
		case simple:
			l.add(b.Pos, "unreachable", "line %d says the same later", r.Pos.Line)
		case b.Simple && !policy.IsAlias(r.Call):
			l.add(r.Pos, "unreachable", "the simple rule of line %d decides all calls of %s", b.Pos.Line, r.Call)
		case r.Simple && !policy.IsAlias(r.Call):
			l.add(b.Pos, "unreachable", "the simple rule of line %d decides all calls of %s, though it comes later", r.Pos.Line, r.Call)
		case b.Simple || isTrue(b.Expr):
			l.add(r.Pos, "unreachable", "line %d decides all calls of %s", b.Pos.Line, r.Call)
		case r.Expr != nil && implies(r.Expr, b.Expr):
			l.same(r, b)
		default:
			continue
		}
		return
	}
}

// same is about a rule whose calls an earlier one decides.
func (l *linter) same(r, b *syntax.Rule) {
	if b.Action != r.Action {
		l.add(r.Pos, "contradiction", "line %d, which comes first, says %s of these calls", b.Pos.Line, b.Action)
		return
	}
	l.add(r.Pos, "unreachable", "line %d decides these calls in the same way", b.Pos.Line)
}

// implies tells whether b surely holds wherever a does.
func implies(a, b syntax.Expr) bool {
	if syntax.ExprText(a) == syntax.ExprText(b) {
		return true
	}
	switch x := a.(type) {
	case syntax.And:
		return implies(x.X, b) || implies(x.Y, b)
	case syntax.Or:
		return implies(x.X, b) && implies(x.Y, b)
	}
	p, ok := a.(*syntax.Cond)
	q, too := b.(*syntax.Cond)
	if !ok || !too || !strings.EqualFold(p.Name, q.Name) || max(p.Index, 0) != max(q.Index, 0) {
		return false
	}
	switch {
	case policy.HasVariable(p.Operand) || policy.HasVariable(q.Operand):
		return false
	case q.Op == syntax.Eq:
		return p.Op == syntax.Eq && strings.EqualFold(p.Operand, q.Operand)
	case q.Op == syntax.Match && p.Op == syntax.Match:
		// Where both are patterns it is hard to say. What eq compares without
		// regard to case a match does not cover.
		return policy.Fnmatch(q.Operand, fixed(p.Operand))
	}
	return false
}

const globs = `*?[\`

// fixed is what every text that a pattern matches begins with, up to a slash:
// a match of that covers the pattern, which matches below it.
func fixed(pattern string) string {
	i := strings.IndexAny(pattern, globs)
	if i < 0 {
		return pattern
	}
	return pattern[:max(strings.LastIndexByte(pattern[:i], '/'), 0)]
}

// condition looks at one comparison.
func (l *linter) condition(r *syntax.Rule, c *syntax.Cond) {
	if _, ok := calls.Lookup(r.Emulation, r.Call); !ok {
		return
	}
	names := translate.Arguments(r.Emulation, r.Call)
	have := 0
	for _, n := range names {
		if strings.EqualFold(n, c.Name) {
			have++
		}
	}
	switch {
	case len(names) == 0:
		l.add(c.Pos, "cannot-match", "rules on %s can look at no argument", r.Call)
		return
	case have == 0:
		l.add(c.Pos, "cannot-match", "%s has no %s, but %s", r.Call, c.Name, strings.Join(slices.Compact(names), ", "))
		return
	case max(c.Index, 0) >= have:
		l.add(c.Pos, "cannot-match", "%s has no %s[%d]", r.Call, c.Name, c.Index)
		return
	}
	if why := impossible(strings.ToLower(c.Name), c); why != "" {
		l.add(c.Pos, "cannot-match", "%s: %s", c, why)
	}
	l.surprise(c)
}

// surprise is about what systrace's operators do that others' do not.
func (l *linter) surprise(c *syntax.Cond) {
	switch {
	case c.Op == syntax.Inpath:
		l.add(c.Pos, "surprise", "%s holds for the directories above %s, not for what lies below", c, c.Operand)
	case c.Op == syntax.Match && strings.Contains(c.Operand, "inet-["):
		l.add(c.Pos, "surprise", `%s: the brackets are a set of characters; write \\[ and \\]`, c)
	case c.Op == syntax.Re && strings.EqualFold(c.Name, "filename") && !strings.HasPrefix(c.Operand, "^"):
		l.add(c.Pos, "surprise", "%s matches in the middle of a path too", c)
	}
}

var (
	octal   = regexp.MustCompile(`^(0|[1-7][0-7]{0,3})$`)
	flagSet = regexp.MustCompile(`^(ro|wo|rw|--)n?a?c?t?$`)
)

// impossible says why no argument can be equal to the operand, or "".
func impossible(name string, c *syntax.Cond) string {
	exact := c.Op == syntax.Eq || c.Op == syntax.Neq
	switch {
	case name == "filename":
		return impossiblePath(c)
	case !exact:
		return ""
	case name == "mode" && !octal.MatchString(c.Operand):
		return "modes are octal without a leading zero"
	case name == "oflags" && !flagSet.MatchString(strings.ToLower(c.Operand)):
		return "flags are ro, wo or rw and then letters in the order n a c t"
	case (name == "uid" || name == "gid" || name == "fd") && !isNumber(c.Operand):
		return "it is compared with a number"
	case name == "prot":
		return impossibleProt(c.Operand)
	}
	return impossibleName(name, c.Operand)
}

func isNumber(s string) bool {
	_, err := strconv.Atoi(s)
	return err == nil
}

func impossiblePath(c *syntax.Cond) string {
	o := c.Operand
	fixed := c.Op == syntax.Eq || c.Op == syntax.Match
	switch {
	case !fixed || o == "" || o[0] == '$' || o[0] == '*' || o[0] == '@':
		return ""
	case strings.HasPrefix(o, "<non-existent"):
		return `the text of a missing file begins with "/<non-existent filename>: "`
	case strings.HasPrefix(o, "/<non-existent"):
		return ""
	case o[0] != '/':
		return "paths are absolute"
	case len(o) > 1 && strings.HasSuffix(o, "/"):
		return "paths do not end in a slash"
	case strings.Contains(o, "//") || strings.Contains(o+"/", "/../") || strings.Contains(o, "/./"):
		return "paths are made simple before they are compared"
	}
	return ""
}

func impossibleProt(operand string) string {
	var value uint32
	bits := map[string]uint32{"PROT_NONE": 0, "PROT_READ": 1, "PROT_WRITE": 2, "PROT_EXEC": 4}
	for _, word := range strings.Split(strings.ToUpper(operand), "|") {
		bit, ok := bits[word]
		if !ok {
			return ""
		}
		value |= bit
	}
	if text := translate.Protection(value); !strings.EqualFold(text, operand) {
		return "written as " + text
	}
	return ""
}

// impossibleName is for arguments that are one of a list.
func impossibleName(name, operand string) string {
	if strings.Contains(operand, "nknown") {
		return ""
	}
	list := map[string]func(int32) string{
		"sockdom": translate.Domain, "socktype": translate.SocketType, "signame": translate.Signal, "cmd": translate.FcntlCommand,
	}[name]
	if list == nil {
		return ""
	}
	for i := int32(0); i < 128; i++ {
		if strings.EqualFold(list(i), operand) {
			return ""
		}
	}
	return "on Linux no " + name + " is called so"
}
