package conformance

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// bar is the share of rows that must give OpenBSD's own result.
const bar = 0.9

// report prints the table, checks the bar and, with -update, writes the
// document.
func report(t *testing.T, all []outcome) {
	type sum struct{ first, tolerated, failed int }
	sums := map[string]*sum{}
	worst := map[string]outcome{}
	total := sum{}
	for _, o := range all {
		s := sums[o.Section()]
		if s == nil {
			s = &sum{}
			sums[o.Section()] = s
		}
		for _, s := range []*sum{s, &total} {
			switch {
			case o.rank == 0:
				s.first++
			case o.rank > 0:
				s.tolerated++
			default:
				s.failed++
			}
		}
		if o.rank != 0 {
			worst[o.ID] = o
		}
	}
	fmt.Println("section  OpenBSD's  tolerated  failed")
	for _, sec := range slices.Sorted(mapKeys(sums)) {
		fmt.Printf("%-8s %9d %10d %7d\n", sec, sums[sec].first, sums[sec].tolerated, sums[sec].failed)
	}
	fmt.Printf("%-8s %9d %10d %7d\n", "all", total.first, total.tolerated, total.failed)
	if share := float64(total.first) / float64(len(all)); share < bar {
		t.Errorf("%.1f %% of the rows give OpenBSD's own result, want %.0f %%", 100*share, 100*bar)
	}
	if *update {
		write(t, worst)
	}
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// write lists the rows that give another result than OpenBSD's, with reasons.
func write(t *testing.T, worst map[string]outcome) {
	var b strings.Builder
	b.WriteString(docHead)
	for _, id := range slices.Sorted(mapKeys(worst)) {
		o := worst[id]
		fmt.Fprintf(&b, "| %s | `%s` | `%s` | %s | %s | %s |\n", id, o.Promises, strings.ReplaceAll(o.Action, "|", `\|`),
			strings.Split(o.Expected, "|")[0], o.got, reason(o))
	}
	if err := os.WriteFile("../../doc/conformance.md", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

const docHead = `# Conformance

` + "`make conformance`" + ` performs the rows of tests/conformance/cases.tsv that a launcher can
express, as root and as an ordinary user, with ` + "`--kill`" + ` and again with the promise
` + "`error`" + `. Rows about calls to pledge() and unveil() from inside a program are not
among them. These rows do not give OpenBSD's own result:

| row | promises | action | OpenBSD | here | why |
|---|---|---|---|---|---|
`

// reasons are by what the row is about; the first that matches is told.
var reasons = []struct{ in, why string }{
	{"statfs", "--strict-unveil hides file systems of hidden paths, too"},
	{"access", "Landlock does not mediate access(2)"},
	{"AT_EMPTY_PATH", "the path is a string, which a filter cannot see; fstat() of libc is this call"},
	{"chdir", "Landlock does not mediate chdir(2)"},
	{"stat(", "Landlock does not mediate stat(2)"},
	{"realpath", "Landlock does not mediate readlink(2) and stat(2)"},
	{"O_PATH", "Landlock does not mediate O_PATH"},
	{"inotify", "Landlock does not mediate inotify"},
	{"xattr", "Landlock does not mediate extended attributes"},
	{"chmod", "Landlock does not mediate changes of attributes, which fattr admits"},
	{"utimensat", "Landlock does not mediate changes of attributes, which fattr admits"},
	{"04755", "a filter cannot change a mode: creating setuid is EPERM instead of masked"},
	{"04600", "a filter cannot change a mode: creating setuid is EPERM instead of masked"},
	{"06711", "a filter cannot change a mode: setting setuid is EPERM instead of masked"},
	{"07777", "Linux keeps the sticky bit in mkdir's mode"},
	{"connect", "before Landlock ABI 9 connecting to a socket's path is not mediated"},
	{"adjtimex", "whether it only reads is inside a structure"},
	{"link", "Landlock allows no link between hierarchies of different rights (EXDEV)"},
	{"rename", "Landlock allows no rename between hierarchies of different rights (EXDEV)"},
	{"getpid", "raise() of libc needs it"},
	{"lstat", "Landlock does not mediate lstat(2)"},
}

func reason(o outcome) string {
	for _, r := range reasons {
		if strings.Contains(o.Action+o.Script, r.in) {
			if strings.HasPrefix(o.got, "E") && o.got == "EACCES" {
				break
			}
			return r.why
		}
	}
	switch o.got {
	case "EACCES":
		return "what Landlock hides answers EACCES; OpenBSD says the path does not exist"
	case "EPERM":
		return "a polite errno instead of a kill"
	case "ENOSYS":
		return "answered as by a kernel without the call"
	case "EINVAL", "EAFNOSUPPORT", "EOPNOTSUPP":
		return "the kernel's own answer"
	}
	return "see doc/security.md"
}
