package syntax

import (
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/internal/quote"
)

// Print returns the file's text: [Parse] of it gives the same sections, rules
// and comments, and printing that gives the same text.
func Print(f *File) string {
	var b strings.Builder
	for _, s := range f.Sections {
		s.print(&b)
	}
	printLead(&b, f.Tail)
	return b.String()
}

func printLead(b *strings.Builder, lead []string) {
	for _, line := range lead {
		b.WriteString(line + "\n")
	}
}

func (s *Section) print(b *strings.Builder) {
	printLead(b, s.Lead)
	if s.Kind != Fragment {
		b.WriteString(s.Header())
		printComment(b, s.Comment)
		b.WriteByte('\n')
	}
	for _, r := range s.Rules {
		printLead(b, r.Lead)
		b.WriteString("\t" + r.Emulation + "-" + r.Call + ": " + r.Text())
		printComment(b, r.Comment)
		b.WriteByte('\n')
	}
	if s.Detached {
		printLead(b, s.Released)
		b.WriteString("detached\n")
	}
}

func printComment(b *strings.Builder, comment string) {
	if comment != "" {
		b.WriteString(" " + comment)
	}
}

// Header returns the section's first line; "" for fragments. A name that the
// original could not have read is in quotes: the path of a program may have any
// bytes.
func (s *Section) Header() string {
	switch s.Kind {
	case Policy:
		name := s.Name
		if strings.ContainsAny(name, "\r\n,#\"") || strings.HasPrefix(name, " ") {
			name = Quote(name)
		}
		return "Policy: " + name + ", Emulation: " + s.Emulation
	case Template:
		return "Template: " + s.Name + ", Emulation: " + s.Emulation + ", Description: " + s.Description
	}
	return ""
}

// Text returns the rule as it stands after "EMULATION-CALL: ".
func (r *Rule) Text() string {
	var b strings.Builder
	if !r.Simple {
		printExpr(&b, r.Expr)
		b.WriteString(" then ")
	}
	b.WriteString(r.Action.String())
	if r.Now {
		b.WriteString("-now")
	}
	switch {
	case r.Error != "":
		b.WriteString("[" + strings.ToLower(r.Error) + "]")
	case r.Flags == Inherit:
		b.WriteString("[inherit]")
	case r.Flags == Detach:
		b.WriteString("[detach]")
	}
	if r.Log {
		b.WriteString(" log")
	}
	if r.As != nil {
		b.WriteString(" as " + r.As.User)
		if r.As.Group != "" {
			b.WriteString(":" + r.As.Group)
		}
	}
	if r.If != nil {
		b.WriteString(", if " + r.If.subject() + " " + r.If.Op + " " + r.If.ID)
	}
	return b.String()
}

func (q *Predicate) subject() string {
	if q.Group {
		return "group"
	}
	return "user"
}

// ExprText returns an expression's text.
func ExprText(e Expr) string {
	var b strings.Builder
	printExpr(&b, e)
	return b.String()
}

// printExpr puts parentheses where the grammar needs them, and where "and" and
// "or" meet.
func printExpr(b *strings.Builder, e Expr) {
	switch x := e.(type) {
	case True:
		b.WriteString("true")
	case *Cond:
		b.WriteString(x.String())
	case Not:
		b.WriteString("not ")
		printOperand(b, x.X, isBinary(x.X))
	case And:
		printOperand(b, x.X, !isAtom(x.X))
		b.WriteString(" and ")
		_, mixed := x.Y.(Or)
		printOperand(b, x.Y, mixed)
	case Or:
		printOperand(b, x.X, !isAtom(x.X))
		b.WriteString(" or ")
		_, mixed := x.Y.(And)
		printOperand(b, x.Y, mixed)
	}
}

func printOperand(b *strings.Builder, e Expr, parentheses bool) {
	if !parentheses {
		printExpr(b, e)
		return
	}
	b.WriteString("( ")
	printExpr(b, e)
	b.WriteString(" )")
}

func isAtom(e Expr) bool {
	switch e.(type) {
	case True, *Cond:
		return true
	}
	return false
}

func isBinary(e Expr) bool {
	switch e.(type) {
	case And, Or:
		return true
	}
	return false
}

func (c *Cond) String() string {
	index := ""
	if c.Index >= 0 {
		index = "[" + strconv.Itoa(c.Index) + "]"
	}
	return c.Name + index + " " + c.Op.String() + " " + Quote(c.Operand)
}

// Quote returns s as an operand, in quotes, escaped as the original did.
func Quote(s string) string { return quote.Policy(s) }

// Escape escapes s as in an operand, without quotes.
func Escape(s string) string { return quote.PolicyText(s) }
