package convert

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/internal/gocode"
	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/quote"
)

// Command returns a command line for a shell. Arguments that it is given
// follow the program's name.
func (r *Result) Command() string {
	if r.Detached {
		return shellPath("", r.Program) + ` "$@"`
	}
	args := []string{"pledge", quote.ShellString(r.Promises.String())}
	for _, u := range r.Unveils {
		flag := "-u"
		if u.Missing {
			flag = "--unveil-optional"
		}
		args = append(args, flag, shellPath(u.Perms.String()+":", u.Path))
	}
	if len(r.TCPConnect) > 0 {
		args = append(args, "--tcp-connect", numbers(r.TCPConnect))
	}
	if len(r.TCPBind) > 0 {
		args = append(args, "--tcp-bind", numbers(r.TCPBind))
	}
	args = append(args, "--")
	if r.Program != "" {
		args = append(args, shellPath("", r.Program))
	}
	return strings.Join(args, " ") + ` "$@"`
}

func numbers(list []int) string {
	var s []string
	for _, n := range list {
		s = append(s, strconv.Itoa(n))
	}
	return strings.Join(s, ",")
}

// variable is what a path of a policy may begin with and be told by whoever runs
// the program.
const variable = "$HOME"

// belowHome returns what follows the variable in a path that begins with it.
func belowHome(path string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, variable)
	return rest, ok && (rest == "" || rest[0] == '/')
}

// shellPath quotes a path, in which $HOME keeps its meaning, with what stands
// before it.
func shellPath(before, path string) string {
	rest, ok := belowHome(path)
	if !ok {
		return quote.ShellString(before + path)
	}
	home := `"` + before + variable
	if quoted := quote.ShellString(rest); quoted == `"`+rest+`"` {
		return home + rest + `"`
	}
	return home + `"` + quote.ShellString(rest)
}

// Profile returns a TOML profile.
func (r *Result) Profile() ([]byte, error) {
	p := profile.Profile{Promises: r.Promises.String(), TCPConnect: r.TCPConnect, TCPBind: r.TCPBind,
		Description: quote.Text(strings.TrimSpace(r.Program + " as its policy of systrace had it (" + r.Pos.String() + ")"))}
	for _, u := range r.Unveils {
		if u.Missing {
			p.Optional = append(p.Optional, u.String())
			continue
		}
		p.Unveil = append(p.Unveil, u.String())
	}
	return p.Marshal()
}

// GoFile returns a file of functions in Go that confine their own process:
// confine, confine2 and so on. Above each stands its report.
func GoFile(results []*Result, every bool) ([]byte, error) {
	var funcs []gocode.Func
	for i, r := range results {
		f := gocode.Func{Name: "confine", Doc: "confines this process as the policy of " + quote.Word(r.subject()) + " for systrace did", Promises: r.Promises}
		if i > 0 {
			f.Name += strconv.Itoa(i + 1)
		}
		for _, u := range r.Unveils {
			p := gocode.Path{Path: u.Path, Perms: u.Perms.String(), Optional: u.Missing}
			if rest, ok := belowHome(u.Path); ok {
				p.Path, p.Home = rest, true
			}
			f.Paths = append(f.Paths, p)
		}
		var report strings.Builder
		r.Report(&report, "", every)
		f.Comments = strings.Split(strings.TrimSpace(report.String()), "\n")
		funcs = append(funcs, f)
	}
	return gocode.File(nil, funcs)
}

func (r *Result) subject() string {
	if r.Program == "" {
		return r.Pos.String()
	}
	return r.Program
}

// Report writes what becomes of each rule that is not exact, each line begun
// with prefix; all of them if every is set. What a policy has in it stays on its
// line.
func (r *Result) Report(w io.Writer, prefix string, every bool) {
	line := func(format string, args ...any) {
		fmt.Fprintln(w, prefix+quote.Comment(fmt.Sprintf(format, args...)))
	}
	n := r.Count()
	line("%s: %d rules: %d exact, %d wider, %d narrower, %d without a counterpart", quote.Word(r.subject()), len(r.Losses), n[Exact], n[Wider], n[Narrower], n[NoCounterpart])
	for _, l := range r.Losses {
		for _, reason := range l.Reasons {
			if reason.Class == Exact && !every {
				continue
			}
			line("%s: %s: %s-%s: %s", l.Rule.Pos, reason.Class, l.Rule.Emulation, l.Rule.Call, reason.Text)
		}
		if every && len(l.Reasons) == 0 {
			line("%s: exact: %s-%s: %s", l.Rule.Pos, l.Rule.Emulation, l.Rule.Call, l.Rule.Text())
		}
	}
}
