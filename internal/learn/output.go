//go:build unix

package learn

import (
	"fmt"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/internal/gocode"
	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/quote"
)

// provenance says when and from what was learned: a line a run, the oldest
// first.
func (r *Result) provenance() []string {
	own := fmt.Sprintf("learned %s from: %s (%s)", r.Time.Format(time.DateOnly), short(quote.Words(r.Command)), plural(r.Calls, "call"))
	return append(append([]string{}, r.History...), own)
}

// short makes a text fit a comment.
func short(s string) string { return quote.Short(quote.Text(s), 200) }

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// Text is evidence for people.
func (e Evidence) Text() string {
	s := plural(e.Calls, "call")
	if e.Calls == 0 {
		s = ""
	}
	if e.First != "" {
		if s != "" {
			s += ", first "
		}
		s += short(e.First)
	}
	if e.Program != "" {
		s += " by " + quote.Word(e.Program)
	}
	return s
}

// comments are what stands above the result in every format that has comments.
func (r *Result) comments() (lines []string) {
	lines = r.provenance()
	for _, w := range r.Words {
		if w.Calls > 0 {
			lines = append(lines, w.Promise+": "+w.Text())
		}
	}
	for _, u := range r.Unveils {
		text := u.Text()
		if u.Wider {
			text = "a directory; " + text
		}
		lines = append(lines, quote.Word(u.String())+": "+text)
	}
	for _, e := range r.Never {
		lines = append(lines, "in no promise: "+e.Text())
	}
	for _, n := range r.Notes {
		lines = append(lines, "note: "+quote.Text(n))
	}
	return lines
}

// commented are the comments of shells and of TOML.
func (r *Result) commented() string {
	var b strings.Builder
	for _, l := range r.comments() {
		b.WriteString("# " + quote.Comment(l) + "\n")
	}
	return b.String()
}

// Shell returns a command line with its evidence.
func (r *Result) Shell() []byte {
	return []byte(r.commented() + r.commandLine() + "\n")
}

// commandLine is a line for a shell.
func (r *Result) commandLine() string {
	var b strings.Builder
	b.WriteString("pledge " + quote.ShellString(r.Promises.String()))
	for _, u := range r.Unveils {
		b.WriteString(" \\\n\t-u " + quote.ShellString(u.String()))
	}
	if len(r.Unveils) > 0 {
		b.WriteString(" \\\n\t")
	} else {
		b.WriteByte(' ')
	}
	b.WriteString("--")
	for _, a := range r.Command {
		b.WriteString(" " + quote.Shell(a))
	}
	return b.String()
}

// TOML returns a profile.
func (r *Result) TOML() ([]byte, error) {
	p := profile.Profile{Description: "learned from " + short(quote.Words(r.Command)), Promises: r.Promises.String()}
	for i := range r.Unveils {
		p.Unveil = append(p.Unveil, r.Unveils[i].String())
	}
	body, err := p.Marshal()
	return append([]byte(r.commented()), body...), err
}

// Go returns a function that confines the calling process.
func (r *Result) Go() ([]byte, error) {
	f := gocode.Func{Name: "confine", Doc: "confines this process to what a run of it did", Promises: r.Promises}
	for _, u := range r.Unveils {
		f.Paths = append(f.Paths, gocode.Path{Path: u.Path, Perms: u.Perms.String()})
	}
	return gocode.File(r.comments(), []gocode.Func{f})
}
