package convert

import (
	"path"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
)

// place is what a comparison says of a path.
type place struct {
	path    string // "" means no path at all
	subtree bool   // what lies below, too
	reasons []Reason
}

func lost(class Class, text string) place { return place{reasons: []Reason{{class, text}}} }

const globs = `*?[\`

// place finds the path that a literal speaks of.
func (c *conversion) place(l literal) place {
	operand, missing := substitute(l.Operand, c.options)
	switch {
	case missing != "":
		return lost(Narrower, "the value of "+missing+" is not known; give it (--set)")
	case l.negated || l.Op == syntax.Neq || l.Op == syntax.Nsub:
		return lost(Narrower, "paths cannot be unveiled by what they are not: "+l.text())
	case operand == "":
		return lost(Exact, "the empty path names no file")
	case strings.HasPrefix(operand, "<non-existent"):
		return lost(Exact, "never decides: the text of a missing file begins with a slash")
	case strings.HasPrefix(operand, strings.TrimSuffix(translate.NonExistentPrefix, " ")) || l.Op == syntax.Sub && strings.Contains(operand, "<non-existent"):
		return lost(Exact, "missing files are missing in any case")
	}
	switch l.Op {
	case syntax.Eq:
		return place{path: operand}
	case syntax.Match:
		return c.matchPlace(operand)
	case syntax.Inpath:
		return lost(Narrower, l.text()+` means the directories above, as single entries, which unveil does not have; if what lies below was meant, write: filename match "`+operand+`"`)
	case syntax.Re:
		return c.regexpPlace(operand)
	}
	return lost(Narrower, "paths cannot be unveiled by a part of their text: "+l.text())
}

func (l literal) text() string {
	if l.negated {
		return "not " + l.Cond.String()
	}
	return l.Cond.String()
}

// matchPlace: a pattern matches what lies below what it matches, too.
func (c *conversion) matchPlace(pattern string) place {
	i := strings.IndexAny(pattern, globs)
	if i < 0 {
		return place{path: pattern, subtree: true}
	}
	if pattern == "*" || pattern == "/*" {
		return place{path: "/", subtree: true}
	}
	dir := pattern[:strings.LastIndexByte(pattern[:i], '/')+1]
	if pattern == dir+"*" && dir != "" {
		dir = path.Clean(dir)
		return place{path: dir, subtree: true, reasons: []Reason{{Wider, "the directory " + dir + " itself"}}}
	}
	return c.within(dir, "names in it that match "+syntax.Quote(pattern))
}

// regexpPlace: the directory that every match begins with.
func (c *conversion) regexpPlace(re string) place {
	literal, ok := strings.CutPrefix(re, "^")
	if !ok {
		return lost(Narrower, "a regular expression without ^ may match anywhere: "+syntax.Quote(re))
	}
	if i := strings.IndexAny(literal, `.[]{}()*+?|$\`); i >= 0 {
		literal = literal[:i]
	}
	return c.within(literal[:strings.LastIndexByte(literal, '/')+1], "paths that match "+syntax.Quote(re))
}

// within is for what can only be said by the directory it lies in.
func (c *conversion) within(dir, what string) place {
	dir = path.Clean(dir)
	if dir == "." {
		return lost(Narrower, what+": no directory to unveil")
	}
	if !c.options.Widen {
		return lost(Narrower, what+": unveil has no patterns; --widen unveils "+dir)
	}
	return place{path: dir, subtree: true, reasons: []Reason{{Wider, "all of " + dir + ", not only " + what}}}
}

// substitute replaces ${NAME} and @@NAME@@ by values that were given, and
// returns the first that has none. $HOME stays, $USER is the user's name, $CWD
// is ".".
func substitute(s string, o Options) (out, missing string) {
	for _, form := range [][2]string{{"${", "}"}, {"@@", "@@"}} {
		if s, missing = replaceAll(s, form[0], form[1], o.Vars); missing != "" {
			return "", missing
		}
	}
	s = strings.ReplaceAll(s, "$USER", o.User)
	if rest, ok := strings.CutPrefix(s, "$CWD"); ok && (rest == "" || rest[0] == '/') {
		s = "." + rest
	}
	return s, ""
}

func replaceAll(s, open, end string, vars map[string]string) (out, missing string) {
	for {
		before, rest, found := strings.Cut(s, open)
		name, after, ended := strings.Cut(rest, end)
		if !found || !ended {
			return out + s, ""
		}
		value, ok := vars[name]
		if !ok {
			return "", open + name + end
		}
		out, s = out+before+value, after
	}
}
