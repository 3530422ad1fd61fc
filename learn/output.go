package learn

import (
	"encoding/json"
	"fmt"
	"go/format"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// provenance says when and from what was learned: a line a run, the oldest
// first.
func (r *Result) provenance() []string {
	own := fmt.Sprintf("learned %s from: %s (%s)", r.Time.Format(time.DateOnly), oneLine(strings.Join(r.Command, " ")), plural(r.Calls, "call"))
	return append(append([]string{}, r.History...), own)
}

// oneLine makes a text fit a comment.
func oneLine(s string) string {
	const longest = 200
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	return s[:min(len(s), longest)]
}

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
		s += oneLine(e.First)
	}
	if e.Program != "" {
		s += " by " + e.Program
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
		lines = append(lines, u.String()+": "+text)
	}
	for _, e := range r.Never {
		lines = append(lines, "in no promise: "+e.Text())
	}
	for _, n := range r.Notes {
		lines = append(lines, "note: "+n)
	}
	return lines
}

// Args are the arguments of pledge that run the command under the result.
func (r *Result) Args() []string {
	args := []string{r.Promises.String()}
	for _, u := range r.Unveils {
		args = append(args, "-u", u.String())
	}
	return append(append(args, "--"), r.Command...)
}

// Shell returns a command line with its evidence.
func (r *Result) Shell() []byte {
	var b strings.Builder
	for _, l := range r.comments() {
		b.WriteString("# " + l + "\n")
	}
	return []byte(b.String() + r.commandLine() + "\n")
}

// commandLine is a line for a shell.
func (r *Result) commandLine() string {
	var b strings.Builder
	b.WriteString("pledge " + quote(r.Promises.String()))
	for _, u := range r.Unveils {
		b.WriteString(" \\\n\t-u " + quote(u.String()))
	}
	if len(r.Unveils) > 0 {
		b.WriteString(" \\\n\t")
	} else {
		b.WriteByte(' ')
	}
	b.WriteString("--")
	for _, a := range r.Command {
		b.WriteString(" " + word(a))
	}
	return b.String()
}

// quote puts s in double quotes.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", "$", `\$`).Replace(s) + `"`
}

// word quotes s if a shell would not take it as it is.
func word(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// profileText is the part of a profile that is learned.
type profileText struct {
	Description string   `toml:"description"`
	Promises    string   `toml:"promises"`
	Unveil      []string `toml:"unveil,multiline,omitempty"`
}

// TOML returns a profile.
func (r *Result) TOML() ([]byte, error) {
	p := profileText{Description: "learned from " + oneLine(strings.Join(r.Command, " ")), Promises: r.Promises.String()}
	for i := range r.Unveils {
		p.Unveil = append(p.Unveil, r.Unveils[i].String())
	}
	body, err := toml.Marshal(p)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for _, l := range r.comments() {
		b.WriteString("# " + l + "\n")
	}
	return append([]byte(b.String()), body...), nil
}

// Go returns a function that confines the calling process.
func (r *Result) Go() ([]byte, error) {
	var b strings.Builder
	for _, l := range r.comments() {
		b.WriteString("// " + l + "\n")
	}
	b.WriteString("package main\n\nimport (\n\"github.com/pledge-linux/pledge/pledge\"\n")
	if len(r.Unveils) > 0 {
		b.WriteString("\"github.com/pledge-linux/pledge/unveil\"\n")
	}
	b.WriteString(")\n\n// confine confines this process to what a run of it did.\nfunc confine() error {\n")
	if len(r.Unveils) > 0 {
		b.WriteString("for _, u := range [][2]string{\n")
		for _, u := range r.Unveils {
			fmt.Fprintf(&b, "{%q, %q},\n", u.Path, u.Perms)
		}
		b.WriteString("} {\nif err := unveil.Unveil(u[0], u[1]); err != nil {\nreturn err\n}\n}\nif err := unveil.Block(); err != nil {\nreturn err\n}\n")
	}
	fmt.Fprintf(&b, "return pledge.Promises(%q)\n}\n", r.Promises)
	return format.Source([]byte(b.String()))
}

// JSON returns everything for programs.
func (r *Result) JSON() ([]byte, error) {
	type path struct {
		Path  string `json:"path"`
		Perms string `json:"perms"`
		Wider bool   `json:"wider,omitempty"`
		Evidence
	}
	out := struct {
		Command  []string   `json:"command"`
		Learned  string     `json:"learned"`
		Calls    int        `json:"calls"`
		Promises string     `json:"promises"`
		Words    []Word     `json:"words"`
		Unveil   []path     `json:"unveil"`
		Never    []Evidence `json:"never,omitempty"`
		Notes    []string   `json:"notes,omitempty"`
		History  []string   `json:"history,omitempty"`
	}{r.Command, r.Time.Format(time.RFC3339), r.Calls, r.Promises.String(), r.Words, []path{}, r.Never, r.Notes, r.History}
	for _, u := range r.Unveils {
		out.Unveil = append(out.Unveil, path{u.Path, u.Perms.String(), u.Wider, u.Evidence})
	}
	b, err := json.MarshalIndent(out, "", "  ")
	return append(b, '\n'), err
}
