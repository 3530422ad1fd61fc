package policy

import (
	"errors"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// expanded is an operand in which variables are replaced. What came from a value
// is text and nothing else: whoever names a directory chooses no pattern and no
// variable.
type expanded struct {
	text  string
	value []bool // by byte of text: it came from a value
}

// expand replaces $HOME, $USER and $CWD, in this order, where no letter or
// digit follows. After a "$" that begins something else the original went on
// as many bytes further as the name it looked for is long, and so missed a
// variable that begins within them ("$$HOME"). It looked for variables in
// values, too, which are left as they are here.
func (e *Env) expand(s string) string { return e.replace(s).text }

func (e *Env) replace(s string) expanded {
	x := expanded{s, make([]bool, len(s))}
	if strings.IndexByte(s, '$') < 0 {
		return x
	}
	for _, v := range []struct{ name, value string }{
		{"$HOME", e.Home}, {"$USER", e.User}, {"$CWD", e.Cwd},
	} {
		x = x.replace(v.name, v.value)
	}
	return x
}

func (x expanded) replace(name, value string) (out expanded) {
	add := func(text string, value []bool) {
		out.text += text
		out.value = append(out.value, value...)
	}
	at := 0
	for from := 0; ; {
		i := findVariable(x.text[from:], name)
		if i < 0 {
			break
		}
		i += from
		from = i + len(name)
		if slices.Contains(x.value[i:from], true) {
			continue // text that looks like one
		}
		add(x.text[at:i], x.value[at:i])
		add(value, slices.Repeat([]bool{true}, len(value)))
		at = from
	}
	add(x.text[at:], x.value[at:])
	return out
}

// operand is what an operator compares with: patterns and expressions in which
// the values of variables stand for themselves.
func (e *Env) operand(op syntax.Op, s string) (string, error) {
	x := e.replace(s)
	switch op {
	case syntax.Match:
		return x.quoted("*?[]!^-\\"), nil
	case syntax.Re:
		if x.inBrackets() {
			return "", errors.New("a variable in brackets")
		}
		return x.quoted("\\.+*?()|[]{}^$"), nil
	}
	return x.text, nil
}

// quoted has a backslash before those of the characters that came from a value.
func (x expanded) quoted(special string) string {
	var b strings.Builder
	for i := range len(x.text) {
		if x.value[i] && strings.IndexByte(special, x.text[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(x.text[i])
	}
	return b.String()
}

// inBrackets tells whether a value is in a bracket expression of POSIX, where no
// backslash quotes.
func (x expanded) inBrackets() bool {
	for i := 0; i < len(x.text); i++ {
		switch {
		case x.value[i]:
		case x.text[i] == '\\':
			i++
		case x.text[i] == '[':
			n, err := bracketEnd(x.text[i:])
			if err != nil {
				n = len(x.text) - i // it has no end but one that came from a value
			}
			if slices.Contains(x.value[i:i+n], true) {
				return true
			}
			i += n - 1
		}
	}
	return false
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
