// Package gocode writes Go functions that confine their own process: what was
// learned of a program, or a policy of systrace, for the program's own source.
//
//	text, err := gocode.File(comments, []gocode.Func{{Name: "confine", Promises: set, Paths: paths}})
//
// A function unveils, stops at the first error, and pledges. It does not block
// unveil before that: the pledge does, and leaves the files that its words are
// for to be seen, as resolv.conf under dns. Promises always have stdio, without
// which no process of Go lives.
package gocode

import (
	"fmt"
	"go/format"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/promises"
)

// A Path is one to unveil.
type Path struct {
	Path  string
	Perms string
	// Optional is not unveiled where it does not exist.
	Optional bool
	// Home is set where Path stands below the user's home directory.
	Home bool
}

// A Func confines the process that calls it.
type Func struct {
	Name     string
	Doc      string   // what follows the name in the first sentence, without a stop
	Comments []string // lines that stand apart, above
	Promises promises.Set
	Paths    []Path
}

// File returns a file of package main, formatted. Comments stand above the
// package clause; whatever is in them stays there.
func File(comments []string, funcs []Func) ([]byte, error) {
	var b strings.Builder
	writeComments(&b, comments)
	b.WriteString("package main\n\nimport (\n")
	standard, own := imports(funcs)
	for _, p := range standard {
		fmt.Fprintf(&b, "%q\n", p)
	}
	b.WriteByte('\n')
	for _, p := range own {
		fmt.Fprintf(&b, "%q\n", p)
	}
	b.WriteString(")\n")
	for _, f := range funcs {
		b.WriteByte('\n')
		writeComments(&b, f.Comments)
		f.write(&b)
	}
	return format.Source([]byte(b.String()))
}

// writeComments writes comments that belong to nothing.
func writeComments(b *strings.Builder, lines []string) {
	for _, l := range lines {
		b.WriteString("// " + strings.TrimRight(quote.Comment(l), " ") + "\n")
	}
	if len(lines) > 0 {
		b.WriteByte('\n')
	}
}

const module = "github.com/pledge-linux/pledge/"

// imports are the packages that the functions need.
func imports(funcs []Func) (standard, own []string) {
	own = append(own, module+"pledge")
	for _, f := range funcs {
		for _, p := range f.Paths {
			own = append(own, module+"unveil")
			if p.Optional {
				standard = append(standard, "errors", "io/fs", "os")
			}
			if p.Home {
				standard = append(standard, "os")
			}
		}
	}
	slices.Sort(standard)
	slices.Sort(own)
	return slices.Compact(standard), slices.Compact(own)
}

func (f *Func) write(b *strings.Builder) {
	fmt.Fprintf(b, "// %s %s.\n// The program has to end if it returns an error: it is not confined then.\nfunc %s() error {\n", f.Name, quote.Comment(f.Doc), f.Name)
	if slices.ContainsFunc(f.Paths, func(p Path) bool { return p.Home }) {
		b.WriteString("home, err := os.UserHomeDir()\nif err != nil {\nreturn err\n}\n")
	}
	f.unveils(b, false)
	f.unveils(b, true)
	fmt.Fprintf(b, "return pledge.Promises(%q)\n}\n", f.Promises|promises.Stdio.Set())
}

// unveils writes the loop over the paths that may be missing, or over the
// others. One that is missing is not given to unveil: after an error of it
// nothing may be pledged.
func (f *Func) unveils(b *strings.Builder, optional bool) {
	var list []Path
	for _, p := range f.Paths {
		if p.Optional == optional {
			list = append(list, p)
		}
	}
	if list == nil {
		return
	}
	b.WriteString("for _, u := range [][2]string{\n")
	for _, p := range list {
		home := ""
		if p.Home {
			home = "home + "
		}
		fmt.Fprintf(b, "{%s%s, %s},\n", home, quote.String(p.Path), quote.String(p.Perms))
	}
	b.WriteString("} {\n")
	if optional {
		b.WriteString("if _, err := os.Stat(u[0]); errors.Is(err, fs.ErrNotExist) {\ncontinue\n}\n")
	}
	b.WriteString("if err := unveil.Unveil(u[0], u[1]); err != nil {\nreturn err\n}\n}\n")
}
