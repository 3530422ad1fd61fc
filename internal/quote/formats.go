package quote

import (
	"strings"
	"unicode/utf8"
)

// TOML returns s as a string of TOML. TOML's strings are UTF-8: what is not has
// to be written otherwise, see [Escape].
func TOML(s string) string {
	if plain(s) && strings.IndexByte(s, '\'') < 0 {
		return "'" + s + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case printable(r):
			b.WriteRune(r)
		case r < 0x10000:
			b.WriteString(`\u`)
			hexDigits(&b, r, 4)
		default:
			b.WriteString(`\U`)
			hexDigits(&b, r, 8)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Escape returns s in printable characters that [Unescape] makes s of again: \xNN
// for a byte, and two backslashes for one.
func Escape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case n == 1 && r == utf8.RuneError || !printable(r):
			for _, c := range []byte(s[i : i+n]) {
				hexByte(&b, c)
			}
		case r == '\\':
			b.WriteString(`\\`)
		default:
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

type escapeError string

func (e escapeError) Error() string { return string(e) }

// ErrEscape is an escape that is none.
const ErrEscape = escapeError(`a backslash is followed by neither xNN nor another one`)

// Unescape is the inverse of [Escape].
func Unescape(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		rest := s[i+1:]
		switch {
		case strings.HasPrefix(rest, `\`):
			b.WriteByte('\\')
			i++
		case len(rest) >= 3 && rest[0] == 'x' && digit(rest[1]) >= 0 && digit(rest[2]) >= 0:
			b.WriteByte(byte(digit(rest[1])<<4 | digit(rest[2])))
			i += 3
		default:
			return "", ErrEscape
		}
	}
	return b.String(), nil
}

func digit(c byte) int {
	if !isAlnum(c) {
		return -1
	}
	return strings.IndexByte(hex, c|0x20)
}

// Policy returns s as an operand of systrace's policies, in quotes. Its language
// has escapes for newline, carriage return, quote and backslash alone; other
// bytes stand as they are. Who shows a policy to people puts it through [Lines].
func Policy(s string) string { return `"` + PolicyText(s) + `"` }

// PolicyText escapes s as in an operand, without quotes.
func PolicyText(s string) string {
	if !strings.ContainsAny(s, "\r\n\\\"") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '\r':
			b.WriteString(`\r`)
		case '\n':
			b.WriteString(`\n`)
		case '\\', '"':
			b.WriteByte('\\')
			fallthrough
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Line escapes line ends alone: for a protocol of lines whose other bytes have
// to stay.
func Line(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "\r", `\r`), "\n", `\n`)
}

// JSON returns a text of encoding/json with what it leaves as it is and is not
// printable in escapes: such characters stand in strings only.
func JSON(text []byte) []byte {
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); {
		r, n := utf8.DecodeRune(text[i:])
		switch {
		case r < ' ' || printable(r):
			b.Write(text[i : i+n])
		case r >= 0x10000:
			r -= 0x10000
			b.WriteString(`\u`)
			hexDigits(&b, 0xd800+r>>10, 4)
			b.WriteString(`\u`)
			hexDigits(&b, 0xdc00+r&0x3ff, 4)
		default:
			b.WriteString(`\u`)
			hexDigits(&b, r, 4)
		}
		i += n
	}
	return []byte(b.String())
}
