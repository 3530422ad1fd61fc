package policy

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// compileERE compiles a POSIX extended regular expression as regcomp(3) with
// REG_EXTENDED reads it in the C locale: bytes, not characters. What POSIX
// leaves undefined is an error.
func compileERE(expr string) (*regexp.Regexp, error) {
	t := ere{in: expr}
	if err := t.translate(); err != nil {
		return nil, err
	}
	return regexp.Compile("(?s)" + t.out.String())
}

// matchERE matches text, whose bytes above 0x7f stand for themselves.
func matchERE(re *regexp.Regexp, text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] >= 0x80 {
			return re.MatchString(widen(text))
		}
	}
	return re.MatchString(text)
}

// widen makes a character of every byte.
func widen(s string) string {
	runes := make([]rune, len(s))
	for i := range runes {
		runes[i] = rune(s[i])
	}
	return string(runes)
}

// ere translates into the syntax of package regexp.
type ere struct {
	in  string
	at  int
	out strings.Builder

	atom  int // where in out the last atom begins; -1 if there is none to repeat
	depth int // of open parentheses
	opens []int
}

func (t *ere) translate() error {
	t.atom = -1
	for t.at < len(t.in) {
		if err := t.step(); err != nil {
			return err
		}
	}
	if t.depth > 0 {
		return errors.New("parenthesis without an end")
	}
	return nil
}

func (t *ere) step() error {
	c := t.in[t.at]
	t.at++
	switch c {
	case '*', '+', '?':
		return t.repeat(string(c))
	case '{':
		return t.interval()
	case '(':
		t.depth++
		t.opens = append(t.opens, t.out.Len())
		t.out.WriteString("(?:")
		t.atom = -1
	case ')':
		if t.depth == 0 {
			return errors.New("parenthesis without a beginning")
		}
		t.depth--
		t.out.WriteByte(')')
		t.atom = t.opens[t.depth]
		t.opens = t.opens[:t.depth]
	case '|':
		t.out.WriteByte('|')
		t.atom = -1
	case '^', '$':
		t.out.WriteString(map[byte]string{'^': `\A`, '$': `\z`}[c])
		t.atom = -1
	case '[':
		return t.bracket()
	case '\\':
		return t.escape()
	case '.':
		t.put(".")
	default:
		t.literal(c)
	}
	return nil
}

func (t *ere) put(s string) {
	t.atom = t.out.Len()
	t.out.WriteString(s)
}

func (t *ere) literal(c byte) { t.put(regexp.QuoteMeta(string(rune(c)))) }

// escape: a backslash quotes what has a meaning; before letters and digits it
// is undefined (GNU has classes and back-references there).
func (t *ere) escape() error {
	if t.at == len(t.in) {
		return errors.New("backslash at the end")
	}
	c := t.in[t.at]
	t.at++
	if isAlnum(c) || strings.IndexByte("<>`'", c) >= 0 {
		return fmt.Errorf("\\%c has no meaning in POSIX", c)
	}
	t.literal(c)
	return nil
}

// repeat applies an operator to the last atom; the result is an atom again.
func (t *ere) repeat(op string) error {
	if t.atom < 0 {
		return fmt.Errorf("nothing to repeat before %q", op)
	}
	whole := t.out.String()
	t.out.Reset()
	t.out.WriteString(whole[:t.atom] + "(?:" + whole[t.atom:] + ")" + op)
	// (?:x)* again in a group: package regexp refuses x**.
	whole = t.out.String()
	t.out.Reset()
	t.out.WriteString(whole[:t.atom] + "(?:" + whole[t.atom:] + ")")
	return nil
}

// maxRepeat is RE_DUP_MAX of POSIX.
const maxRepeat = 255

func (t *ere) interval() error {
	body, rest, ok := strings.Cut(t.in[t.at:], "}")
	if !ok {
		return errors.New("{ without an end")
	}
	t.at = len(t.in) - len(rest)
	low, high, bounded := strings.Cut(body, ",")
	a, err := strconv.ParseUint(low, 10, 16)
	b := a
	if err == nil && high != "" {
		b, err = strconv.ParseUint(high, 10, 16)
	}
	if err != nil || a > maxRepeat || b > maxRepeat || b < a {
		return fmt.Errorf("bad interval {%s}", body)
	}
	op := "{" + strconv.FormatUint(a, 10)
	if bounded {
		op += ","
	}
	if high != "" {
		op += strconv.FormatUint(b, 10)
	}
	return t.repeat(op + "}")
}

// bracket translates a bracket expression by trying every byte.
func (t *ere) bracket() error {
	expr := t.in[t.at-1:]
	end, err := bracketEnd(expr)
	if err != nil {
		return err
	}
	t.at += end - 1
	set, err := bracketSet(expr[1 : end-1])
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteByte('[')
	for c := 0; c < 256; {
		if !set[c] {
			c++
			continue
		}
		low := c
		for c < 256 && set[c] {
			c++
		}
		fmt.Fprintf(&b, `\x{%x}-\x{%x}`, low, c-1)
	}
	b.WriteByte(']')
	if b.Len() == 2 {
		t.put(`[^\x00-\x{10FFFF}]`)
		return nil
	}
	t.put(b.String())
	return nil
}

// bracketEnd finds where the bracket expression at the start of s ends.
func bracketEnd(s string) (int, error) {
	i := 1
	if i < len(s) && s[i] == '^' {
		i++
	}
	if i < len(s) && s[i] == ']' {
		i++
	}
	for i < len(s) {
		if s[i] == ']' {
			return i + 1, nil
		}
		if s[i] == '[' && i+1 < len(s) && strings.IndexByte(":.=", s[i+1]) >= 0 {
			n := strings.Index(s[i+2:], string(s[i+1])+"]")
			if n < 0 {
				return 0, errors.New("bracket without an end")
			}
			i += n + 4
			continue
		}
		i++
	}
	return 0, errors.New("bracket without an end")
}

// bracketSet is the set of bytes of a bracket expression, given without its
// brackets. A backslash stands for itself.
func bracketSet(s string) (set [256]bool, err error) {
	negated := strings.HasPrefix(s, "^")
	s = strings.TrimPrefix(s, "^")
	for i := 0; i < len(s); {
		if strings.HasPrefix(s[i:], "[:") {
			class, n := classAt(s[i:])
			if n == 0 {
				return set, errors.New("unknown character class")
			}
			for c := range set {
				set[c] = set[c] || class(byte(c))
			}
			i += n
			continue
		}
		low, n := bracketElement(s[i:])
		if n == 0 {
			return set, errors.New("collating elements of several characters")
		}
		i += n
		high := low
		if i+1 < len(s) && s[i] == '-' {
			if high, n = bracketElement(s[i+1:]); n == 0 || high < low {
				return set, errors.New("bad range")
			}
			i += 1 + n
		}
		for c := int(low); c <= int(high); c++ {
			set[c] = true
		}
	}
	if negated {
		for c := range set {
			set[c] = !set[c]
		}
	}
	return set, nil
}

func bracketElement(s string) (c byte, n int) {
	if strings.HasPrefix(s, "[.") || strings.HasPrefix(s, "[=") {
		if len(s) >= 5 && s[3] == s[1] && s[4] == ']' {
			return s[2], 5
		}
		return 0, 0
	}
	return s[0], 1
}
