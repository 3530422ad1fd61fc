package syntax

import "strings"

// tokenKind is a class of tokens. Keywords and punctuation are told apart by
// their text.
type tokenKind uint8

const (
	endToken tokenKind = iota
	wordToken
	keywordToken
	numberToken
	stringToken
	punctToken
)

type token struct {
	kind tokenKind
	text string // of strings: without quotes and escapes
	at   int    // byte offset in the rule
}

var keywords = map[string]bool{
	"ask": true, "deny": true, "permit": true, "and": true, "or": true, "not": true,
	"match": true, "then": true, "eq": true, "neq": true, "sub": true, "nsub": true,
	"inpath": true, "re": true, "log": true, "true": true, "if": true, "user": true,
	"group": true, "as": true,
}

// lexer cuts a rule into tokens.
type lexer struct {
	text string
	at   int
}

// next returns the next token. Faults are of the lexer's own making: an
// illegal character, a quote that does not end, an operand too long.
func (l *lexer) next() (token, *Error) {
	l.at += len(l.text[l.at:]) - len(strings.TrimLeft(l.text[l.at:], " \t\n"))
	if l.at >= len(l.text) {
		return token{kind: endToken, at: l.at}, nil
	}
	rest := l.text[l.at:]
	switch c := rest[0]; {
	case c == '"':
		return l.quoted()
	case isDigit(c):
		return l.take(numberToken, run(rest, isDigit)), nil
	case isWordStart(c):
		n := 1 + run(rest[1:], isWord)
		if n < len(rest) && rest[n] == '$' {
			n++
		}
		t := l.take(wordToken, n)
		if keywords[t.text] {
			t.kind = keywordToken
		}
		return t, nil
	}
	for _, p := range []string{"->", "!=", "(", ")", "[", "]", ",", ":", "=", "<", ">"} {
		if strings.HasPrefix(rest, p) {
			return l.take(punctToken, len(p)), nil
		}
	}
	return token{at: l.at}, &Error{Fault: IllegalToken, Msg: "illegal character " + quoteByte(rest[0])}
}

func (l *lexer) take(kind tokenKind, n int) token {
	t := token{kind, l.text[l.at : l.at+n], l.at}
	l.at += n
	return t
}

// quoted reads an operand. A backslash makes \n, \r, \\ and \"; before any
// other character it is dropped.
func (l *lexer) quoted() (token, *Error) {
	t := token{kind: stringToken, at: l.at}
	var b strings.Builder
	for i := l.at + 1; i < len(l.text); i++ {
		c := l.text[i]
		switch {
		case c == '"':
			l.at = i + 1
			t.text = b.String()
			if len(t.text) > MaxOperand {
				return t, &Error{Fault: TooLong, Msg: "operand longer than 8191 bytes"}
			}
			return t, nil
		case c == '\\' && i+1 < len(l.text):
			i++
			b.WriteByte(unescape(l.text[i]))
		default:
			b.WriteByte(c)
		}
	}
	return t, &Error{Msg: "quote without an end", Want: `"`}
}

func unescape(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	}
	return c
}

func run(s string, class func(byte) bool) int {
	n := 0
	for n < len(s) && class(s[n]) {
		n++
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isWordStart(c byte) bool { return isLetter(c) || c == '_' || c == '$' }

// isWord: parentheses, slashes and dashes are inside words.
func isWord(c byte) bool {
	return isLetter(c) || isDigit(c) || strings.IndexByte(".()/_-", c) >= 0
}

func quoteByte(c byte) string {
	if ' ' < c && c < 0x7f {
		return "'" + string(rune(c)) + "'"
	}
	const hex = "0123456789abcdef"
	return "0x" + string([]byte{hex[c>>4], hex[c&15]})
}
