// Package conformance holds the cases of OpenBSD's behaviour and runs those
// that a launcher can express. Rows about calls to pledge() and unveil() from
// inside a program are the library's.
package conformance

import (
	_ "embed"
	"strings"
)

//go:embed cases.tsv
var casesText string

//go:embed scripts.tsv
var scriptsText string

// A Case is a row of cases.tsv, with the probe's script for it.
type Case struct {
	ID, Promises, Unveil, Action, Expected, Source string

	Script, Setup string
	Flags         []string
}

// Cases returns every row; those without a Script are not the launcher's.
func Cases() []Case {
	scripts := map[string][]string{}
	for line := range strings.Lines(scriptsText) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		scripts[f[0]] = append(f[1:], "", "")
	}
	var list []Case
	for i, line := range strings.Split(strings.TrimSpace(casesText), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 || len(f) < 6 {
			continue
		}
		c := Case{ID: f[0], Promises: f[1], Unveil: f[2], Action: f[3], Expected: f[4], Source: f[5]}
		if s := scripts[c.ID]; s != nil {
			c.Script, c.Setup, c.Flags = s[0], s[1], strings.Fields(s[2])
		}
		list = append(list, c)
	}
	return list
}

// Section is the letter of the row.
func (c *Case) Section() string { return c.ID[:1] }

// promiseArgs returns the words for the command line, and false if the row
// leaves the process unpledged.
func (c *Case) promiseArgs() (string, bool) {
	words := strings.TrimPrefix(c.Promises, "launcher: ")
	switch words {
	case "-":
		return "", false
	case `""`:
		return "", true
	}
	return words, true
}

// unveilArgs returns PERMS:PATH for the command line.
func (c *Case) unveilArgs() []string {
	var list []string
	if c.Unveil == "-" {
		return nil
	}
	for u := range strings.SplitSeq(c.Unveil, ";") {
		if path, perms, ok := cutLast(u); ok {
			perms, _, _ = strings.Cut(perms, " ")
			list = append(list, strings.Trim(perms, `"`)+":"+path)
		}
	}
	return list
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, "", false
	}
	path, _, _ := strings.Cut(s[:i], " (")
	return path, s[i+1:], true
}
