package policy

import (
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// expand replaces $HOME, $USER and $CWD, in this order, where no letter or
// digit follows. After a "$" that begins something else the original went on
// as many bytes further as the name it looked for is long, and so missed a
// variable that begins within them ("$$HOME").
func (e *Env) expand(s string) string { return e.expandFor(syntax.Eq, s) }

// expandFor is expand for the operand of an operator. The values are names: who
// has named a directory "*" has not written a pattern, which the original took it
// for. What looks like a variable in a value is none.
func (e *Env) expandFor(op syntax.Op, s string) string {
	if strings.IndexByte(s, '$') < 0 || strings.IndexByte(s, 0) >= 0 {
		return s
	}
	variables := []struct{ name, mark, value string }{
		{"$HOME", "\x00h", e.Home}, {"$USER", "\x00u", e.User}, {"$CWD", "\x00c", e.Cwd},
	}
	for _, v := range variables {
		for i := findVariable(s, v.name); i >= 0; i = findVariable(s, v.name) {
			s = s[:i] + v.mark + s[i+len(v.name):]
		}
	}
	for _, v := range variables {
		s = strings.ReplaceAll(s, v.mark, literal(op, v.value))
	}
	return s
}

// literal is an operand that stands for a text itself.
func literal(op syntax.Op, text string) string {
	special := map[syntax.Op]string{syntax.Match: `\*?[`, syntax.Re: `\.[]()*+?{}|^$`}[op]
	var b strings.Builder
	for i := range len(text) {
		if strings.IndexByte(special, text[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func findVariable(s, name string) int {
	for i := 0; i < len(s); {
		n := strings.IndexByte(s[i:], '$')
		if n < 0 {
			return -1
		}
		i += n
		end := i + len(name)
		if strings.HasPrefix(s[i:], name) && (end == len(s) || !isAlnum(s[end])) {
			return i
		}
		i = end
	}
	return -1
}

// HasVariable tells whether s has something that [Env] would replace.
func HasVariable(s string) bool {
	for _, name := range []string{"$HOME", "$USER", "$CWD"} {
		if findVariable(s, name) >= 0 {
			return true
		}
	}
	return false
}
