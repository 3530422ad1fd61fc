// Package rows puts rows of OpenBSD's behaviour as calls of pledge and unveil, for
// programs that confine themselves.
package rows

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/tests/conformance"
)

// A Step is one call: Name pledge, unveil or block. Nil arguments are NULL.
type Step struct {
	Name   string
	A, B   *string
	Ignore bool // what it returns
}

// Prologue makes the row's unveils and promises, in the row's order: unveils
// first, but after a pledge that holds unveil.
func Prologue(c conformance.Case, mode string) []Step {
	var pledges []Step
	if c.Promises != "-" {
		for set := range strings.SplitSeq(c.Promises, " -> ") {
			pledges = append(pledges, pledgeStep(set, mode))
		}
	}
	var veils []Step
	if c.Unveil != "-" {
		for u := range strings.SplitSeq(c.Unveil, ";") {
			if path, perms, ok := strings.Cut(u, ":"); ok {
				path, perms = strings.TrimSpace(path), strings.Trim(strings.Fields(perms + " ")[0], `"`)
				path, _, _ = strings.Cut(path, " ")
				veils = append(veils, Step{Name: "unveil", A: &path, B: &perms, Ignore: true})
			}
		}
		if !strings.Contains(c.Action, "before any lock") {
			veils = append(veils, Step{Name: "block"})
		}
	}
	holds := strings.Contains(c.Promises, "unveil")
	if holds && len(pledges) > 0 {
		return append(append(pledges[:1:1], veils...), pledges[1:]...)
	}
	if len(pledges) > 0 && len(veils) > 0 && veils[len(veils)-1].Name == "block" {
		veils = veils[:len(veils)-1] // the pledge blocks, with its whitelist
	}
	return append(veils, pledges...)
}

func pledgeStep(set, mode string) Step {
	words, exec, two := strings.Cut(set, " / ")
	words = strings.Trim(words, `"`)
	if mode == "error" {
		words = strings.TrimSpace(words + " error")
	}
	s := Step{Name: "pledge"}
	if words != "-" {
		s.A = &words
	}
	if exec = strings.Trim(exec, `"`); two {
		s.B = &exec
	}
	return s
}

var call = regexp.MustCompile(`(pledge|unveil|block)\((?:("[^"]*"|NULL),("[^"]*"|NULL))?\)(\?)?(?:\*(\d+))?`)

// ParseCalls reads calls of pledge, unveil and block.
func ParseCalls(text string) []Step {
	var list []Step
	for _, m := range call.FindAllStringSubmatch(text, -1) {
		n := 1
		if m[5] != "" {
			n, _ = strconv.Atoi(m[5])
		}
		for range n {
			list = append(list, Step{Name: m[1], A: argument(m[2]), B: argument(m[3]), Ignore: m[4] != ""})
		}
	}
	return list
}

func argument(s string) *string {
	if s == "NULL" || s == "" {
		return nil
	}
	text, err := strconv.Unquote(s)
	if err != nil {
		panic(err)
	}
	return &text
}

// Rank is which of the results that the row names was got: 0 for OpenBSD's own, -1 for none.
func Rank(c conformance.Case, mode, got string) int {
	for i, want := range strings.Split(c.Expected, "|") {
		if mode == "error" && want == "killed" {
			want = "ENOSYS"
		}
		if want == got || want == "allowed" && got == "exit:0" || want == "exit:0" && got == "allowed" ||
			(want == "exit:134" || want == "exit:159") && got == "killed" || want == "killed" && got == "exit:139" && strings.Contains(c.Script, "_int80") {
			return i
		}
		if w, ok := strings.CutPrefix(want, "mode:"); ok {
			if g, ok := strings.CutPrefix(got, "mode:"); ok && strings.TrimLeft(w, "0") == strings.TrimLeft(g, "0") {
				return i
			}
		}
	}
	return -1
}
