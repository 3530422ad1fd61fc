//go:build unix

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/promises/explain"
)

// explainWords says what promises admit, or which words a call needs.
func explainWords(w io.Writer, args []string) error {
	if len(args) == 0 {
		for _, p := range promises.All() {
			fmt.Fprintf(w, "%-10s %s\n", p, p.Summary())
		}
		return nil
	}
	expr := strings.Join(args, " ")
	if set, err := promises.Parse(expr); err == nil {
		return explainSet(w, set)
	}
	lines, err := explain.Call(expr)
	if err != nil {
		return err
	}
	printLines(w, lines, true)
	return nil
}

func explainSet(w io.Writer, set promises.Set) error {
	for _, p := range set.Promises() {
		fmt.Fprintf(w, "%s: %s\n", p, p.Summary())
		if p == promises.Tmppath {
			fmt.Fprintln(w, "  legacy: OpenBSD 7.9 has removed this word; unveil /tmp with rpath wpath cpath instead")
		}
	}
	printLines(w, explain.Set(set), false)
	return nil
}

// printLines prints a line a rule: the words it takes, the call, what happens
// if that is not simply allowed, and why.
func printLines(w io.Writer, lines []explain.Line, words bool) {
	for _, l := range lines {
		needs := ""
		if words {
			needs = fmt.Sprintf("%-18s ", needsText(l))
		}
		verdict := ""
		if l.Answer != explain.Allowed {
			verdict = l.Answer + ": "
		}
		tail := ""
		if l.Situation != "" {
			tail = " (" + l.Situation + ")"
		}
		fmt.Fprintf(w, "  %s%-18s %s%s%s\n", needs, l.Call, verdict, l.Why, tail)
	}
}

func needsText(l explain.Line) string {
	switch {
	case l.Needs != 0:
		return l.Needs.String()
	case l.Answer == explain.Refused:
		return "no promise"
	}
	return "any promises"
}
