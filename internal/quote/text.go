// Package quote writes what was not written by us: names of files and of
// processes, arguments, texts of others. A stranger may have chosen every byte
// of them, to have a line of a report forged, a terminal commanded, or a rule, a
// word or code added to what is written for later use.
//
// There is one function for each place that a name can get to. What they return
// is one line of printable UTF-8: no newline, no escape, nothing that turns the
// direction of writing or cannot be seen.
//
//	Word    a name within a message; String the same, always in quotes
//	Text    a whole message, or a comment of any format
//	Shell   an argument in a command line for sh, dash, bash
//	TOML    a string of TOML
//	String  a string of Go
//	Policy  a string of systrace's policies
//	JSON    a text that encoding/json has made
//
// [Writer] is the net below them, for a whole stream.
package quote

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const hex = "0123456789abcdef"

// printable reports whether a person sees the rune as what it is. Beyond
// control and format characters, and spaces that are not the one of ASCII, those
// are out that leave no mark.
func printable(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return ' ' <= r && r < 0x7f
	case r == 0x34f, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x2800, r == 0x3164, r == 0xffa0,
		0x180b <= r && r <= 0x180f, 0xfe00 <= r && r <= 0xfe0f, 0xe0100 <= r && r <= 0xe01ef:
		return false
	}
	return strconv.IsPrint(r)
}

// plain reports whether s is printable UTF-8.
func plain(s string) bool {
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if n == 1 && r == utf8.RuneError || !printable(r) {
			return false
		}
		i += n
	}
	return true
}

// Text returns a text with everything escaped that is not printable. The text is
// for people: a backslash in it stays one, so that what is quoted already does
// not change.
func Text(s string) string {
	if plain(s) {
		return s
	}
	return escape(s, "", "")
}

// Comment is a text in a comment of a shell, TOML, Go or a policy: what begins
// the comment stands before it, followed by a space, and the line ends after it.
func Comment(s string) string { return Text(s) }

// Lines is Text for a text of several lines, in which tabs may stand.
func Lines(s string) string {
	return escape(s, "", "\n\t")
}

// String returns s in double quotes, escaped as Go does.
func String(s string) string { return `"` + escape(s, `"\`, "") + `"` }

// Word returns s as a word of a message: as it is if it is plain and cannot be
// taken for the text around it, else as String does.
func Word(s string) string {
	if s == "" || !plain(s) {
		return String(s)
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < utf8.RuneSelf && !isAlnum(c) && strings.IndexByte("@%+=:,./_~^$*?#-", c) < 0 {
			return String(s)
		}
	}
	return s
}

// Words are the words of a command, for a message.
func Words(argv []string) string {
	var b strings.Builder
	for i, a := range argv {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(Word(a))
	}
	return b.String()
}

// Short cuts a text to at most n bytes, between two characters.
func Short(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// escape writes what is not printable in escapes of Go, and a backslash before
// the bytes of special. Those of keep stay.
func escape(s, special, keep string) string {
	var b strings.Builder
	b.Grow(len(s) + 8)
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case n == 1 && r == utf8.RuneError:
			hexByte(&b, s[i])
		case n == 1 && strings.IndexByte(keep, s[i]) >= 0:
			b.WriteByte(s[i])
		case !printable(r):
			escapeRune(&b, r)
		default:
			if n == 1 && strings.IndexByte(special, s[i]) >= 0 {
				b.WriteByte('\\')
			}
			b.WriteString(s[i : i+n])
		}
		i += n
	}
	return b.String()
}

func hexByte(b *strings.Builder, c byte) {
	b.WriteString(`\x`)
	b.WriteByte(hex[c>>4])
	b.WriteByte(hex[c&15])
}

func escapeRune(b *strings.Builder, r rune) {
	switch {
	case r == '\n':
		b.WriteString(`\n`)
	case r == '\r':
		b.WriteString(`\r`)
	case r == '\t':
		b.WriteString(`\t`)
	case r < utf8.RuneSelf:
		hexByte(b, byte(r))
	case r < 0x10000:
		b.WriteString(`\u`)
		hexDigits(b, r, 4)
	default:
		b.WriteString(`\U`)
		hexDigits(b, r, 8)
	}
}

func hexDigits(b *strings.Builder, r rune, n int) {
	for shift := 4 * (n - 1); shift >= 0; shift -= 4 {
		b.WriteByte(hex[r>>shift&15])
	}
}
