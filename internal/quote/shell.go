package quote

import (
	"strings"
	"unicode/utf8"
)

// Shell returns s as one word for sh, bash or dash, which make exactly s of it,
// whatever its bytes: as it is where a shell takes it so, in single quotes where
// it is printable, else as what printf(1) makes of escapes. NUL has no place in
// a word.
func Shell(s string) string {
	if bare(s) {
		return s
	}
	return ShellString(s)
}

// ShellString is Shell with quotes around every word, and double ones where they
// need no escape.
func ShellString(s string) string {
	switch {
	case !plain(s):
		return printed(s)
	case !strings.ContainsAny(s, "\"\\$`!"):
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// bare reports whether a shell takes s for a word as it is.
func bare(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !isAlnum(c) && strings.IndexByte("@%+:,./_-", c) < 0 && !(c == '=' && s[0] == '-') {
			return false
		}
	}
	return s != ""
}

// newline is what becomes of a newline at the end, which command substitution
// takes away: the first part sets a variable to a newline and a point, and
// leaves nothing in the word; the second is the newline.
const (
	setNewline = `${0%%"${0#"${pledge_nl=$(printf '\n.')}"}"}`
	newline    = `${pledge_nl%.}`
)

// printed is s as the output of printf(1).
func printed(s string) string {
	body := strings.TrimRight(s, "\n")
	var b strings.Builder
	b.WriteByte('"')
	if body != "" {
		b.WriteString("$(printf '")
		printfFormat(&b, body)
		b.WriteString("')")
	}
	if n := len(s) - len(body); n > 0 {
		b.WriteString(setNewline + strings.Repeat(newline, n))
	}
	b.WriteByte('"')
	return b.String()
}

// printfFormat escapes s for printf's first argument, in single quotes. An
// interactive shell would see an exclamation mark even there, and printf options
// in what begins with a dash.
func printfFormat(b *strings.Builder, s string) {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		c := s[i]
		switch {
		case n == 1 && r == utf8.RuneError, !printable(r), c == '\'', c == '!', c == '-' && i == 0:
			for _, c := range []byte(s[i : i+n]) {
				b.Write([]byte{'\\', '0' + c>>6, '0' + c>>3&7, '0' + c&7})
			}
		case c == '\\':
			b.WriteString(`\\`)
		case c == '%':
			b.WriteString("%%")
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
}
