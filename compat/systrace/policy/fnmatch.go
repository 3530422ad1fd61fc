package policy

import "strings"

// Fnmatch tells whether pattern matches name or a leading part of it that ends
// before a "/": fnmatch(3) with FNM_PATHNAME and FNM_LEADING_DIR in the C
// locale. "*", "?" and brackets never match a "/"; a leading dot is nothing
// special; a backslash quotes.
func Fnmatch(pattern, name string) bool {
	// Where to go on when matching fails: after the last "*", one byte further.
	starP, starN := -1, 0
	p, n := 0, 0
	for {
		if p < len(pattern) && pattern[p] == '*' {
			for p < len(pattern) && pattern[p] == '*' {
				p++
			}
			starP, starN = p, n
			continue
		}
		if p == len(pattern) && (n == len(name) || name[n] == '/') {
			return true
		}
		if p < len(pattern) && n < len(name) {
			if used := matchOne(pattern[p:], name[n]); used > 0 {
				p += used
				n++
				continue
			}
		}
		// A "*" takes one more byte, but no "/"; an earlier one could not help,
		// as what lies between was matched as early as possible.
		if starP < 0 || starN >= len(name) || name[starN] == '/' {
			return false
		}
		starN++
		p, n = starP, starN
	}
}

// matchOne matches c with the first element of a pattern that is no "*". It
// returns how long the element is, or 0.
func matchOne(pattern string, c byte) int {
	switch pattern[0] {
	case '?':
		if c != '/' {
			return 1
		}
		return 0
	case '[':
		used, matched, ok := bracket(pattern, c)
		switch {
		case !ok && c == '[': // no bracket expression after all
			return 1
		case ok && matched && c != '/':
			return used
		}
		return 0
	case '\\':
		if len(pattern) > 1 && pattern[1] == c {
			return 2
		}
		return 0
	}
	if pattern[0] == c {
		return 1
	}
	return 0
}

// bracket matches c with the bracket expression that pattern begins with. ok
// is false if there is none: "[" then stands for itself. As with glibc a range
// or a backslash at the pattern's end matches nothing at all.
func bracket(pattern string, c byte) (used int, matched, ok bool) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	for first := true; ; first = false {
		if i >= len(pattern) {
			return 0, false, false
		}
		if pattern[i] == ']' && !first {
			return i + 1, matched != negated, true
		}
		if class, n := classAt(pattern[i:]); n > 0 {
			matched = matched || class(c)
			i += n
			continue
		}
		low, n := elementAt(pattern[i:])
		if n == 0 {
			return 0, false, true
		}
		i += n
		high := low
		if i < len(pattern) && pattern[i] == '-' && (i+1 == len(pattern) || pattern[i+1] != ']') {
			if high, n = elementAt(pattern[i+1:]); n == 0 {
				return 0, false, true
			}
			i += 1 + n
		}
		matched = matched || low <= c && c <= high
	}
}

// elementAt reads a character of a bracket expression.
func elementAt(s string) (c byte, n int) {
	if s == "" {
		return 0, 0
	}
	if s[0] == '\\' {
		if len(s) < 2 {
			return 0, 0
		}
		return s[1], 2
	}
	if len(s) >= 5 && s[0] == '[' && (s[1] == '.' || s[1] == '=') && s[3] == s[1] && s[4] == ']' {
		return s[2], 5
	}
	return s[0], 1
}

// classAt reads "[:name:]".
func classAt(s string) (class func(byte) bool, n int) {
	if !strings.HasPrefix(s, "[:") {
		return nil, 0
	}
	end := strings.Index(s, ":]")
	if end < 2 {
		return nil, 0
	}
	class, ok := classes[s[2:end]]
	if !ok {
		return nil, 0
	}
	return class, end + 2
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlpha(c byte) bool { return isLower(c) || isUpper(c) }
func isAlnum(c byte) bool { return isAlpha(c) || isDigit(c) }
func isGraph(c byte) bool { return '!' <= c && c <= '~' }

// classes are the character classes of the C locale.
var classes = map[string]func(byte) bool{
	"alnum": isAlnum, "alpha": isAlpha, "digit": isDigit, "lower": isLower, "upper": isUpper, "graph": isGraph,
	"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl":  func(c byte) bool { return c < ' ' || c == 0x7f },
	"print":  func(c byte) bool { return ' ' <= c && c <= '~' },
	"punct":  func(c byte) bool { return isGraph(c) && !isAlnum(c) },
	"space":  func(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' },
	"xdigit": func(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' },
}
