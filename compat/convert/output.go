package convert

import (
	"fmt"
	"go/format"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// Command returns a command line for a shell. Arguments that it is given
// follow the program's name.
func (r *Result) Command() string {
	if r.Detached {
		return quoteShell(r.Program) + ` "$@"`
	}
	args := []string{"pledge", quoteShell(r.Promises.String())}
	for _, u := range r.Unveils {
		flag := "-u"
		if u.Missing {
			flag = "--unveil-optional"
		}
		args = append(args, flag, quoteShell(u.String()))
	}
	if len(r.TCPConnect) > 0 {
		args = append(args, "--tcp-connect", numbers(r.TCPConnect))
	}
	if len(r.TCPBind) > 0 {
		args = append(args, "--tcp-bind", numbers(r.TCPBind))
	}
	args = append(args, "--")
	if r.Program != "" {
		args = append(args, quoteShell(r.Program))
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

// quoteShell puts s in double quotes, where $HOME keeps its meaning.
func quoteShell(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(s); i++ {
		variable := strings.HasPrefix(s[i:], "$HOME")
		if strings.IndexByte("\"\\`", s[i]) >= 0 || s[i] == '$' && !variable {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String() + `"`
}

// profileText is the TOML profile of a result.
type profileText struct {
	Description string   `toml:"description"`
	Promises    string   `toml:"promises"`
	Unveil      []string `toml:"unveil,omitempty"`
	Optional    []string `toml:"unveil_optional,omitempty"`
	TCPConnect  []int    `toml:"tcp_connect,omitempty"`
	TCPBind     []int    `toml:"tcp_bind,omitempty"`
}

// Profile returns a TOML profile.
func (r *Result) Profile() ([]byte, error) {
	p := profileText{Promises: r.Promises.String(), TCPConnect: r.TCPConnect, TCPBind: r.TCPBind,
		Description: strings.TrimSpace(r.Program + " as its policy of systrace had it (" + r.Pos.String() + ")")}
	for _, u := range r.Unveils {
		if u.Missing {
			p.Optional = append(p.Optional, u.String())
			continue
		}
		p.Unveil = append(p.Unveil, u.String())
	}
	return toml.Marshal(p)
}

// GoCode returns a function in Go that confines its own process.
func (r *Result) GoCode(name string) ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "// %s confines this process as the policy of %s for systrace did.\nfunc %s() error {\n", name, r.subject(), name)
	if len(r.Unveils) > 0 {
		b.WriteString("for _, u := range [][2]string{\n")
		for _, u := range r.Unveils {
			fmt.Fprintf(&b, "{%s, %q},\n", goPath(u.Path), u.Perms)
		}
		b.WriteString("} {\nif err := unveil.Unveil(u[0], u[1]); err != nil && !errors.Is(err, fs.ErrNotExist) {\nreturn err\n}\n}\nif err := unveil.Block(); err != nil {\nreturn err\n}\n")
	}
	fmt.Fprintf(&b, "return pledge.Promises(%q)\n}\n", r.Promises)
	return format.Source([]byte(b.String()))
}

func (r *Result) subject() string {
	if r.Program == "" {
		return r.Pos.String()
	}
	return r.Program
}

func goPath(p string) string {
	if strings.Contains(p, "$") {
		return "os.ExpandEnv(" + strconv.Quote(p) + ")"
	}
	return strconv.Quote(p)
}

// GoImports are the packages that the functions of results need.
func GoImports(results []*Result) []string {
	imports := []string{"github.com/pledge-linux/pledge/pledge"}
	for _, r := range results {
		if len(r.Unveils) > 0 {
			imports = append(imports, "errors", "io/fs", "github.com/pledge-linux/pledge/unveil")
		}
		for _, u := range r.Unveils {
			if strings.Contains(u.Path, "$") {
				imports = append(imports, "os")
			}
		}
	}
	slices.Sort(imports)
	return slices.Compact(imports)
}

// Report writes what becomes of each rule that is not exact, each line begun
// with prefix; all of them if every is set.
func (r *Result) Report(w io.Writer, prefix string, every bool) {
	n := r.Count()
	fmt.Fprintf(w, "%s%s: %d rules: %d exact, %d wider, %d narrower, %d without a counterpart\n", prefix, r.subject(), len(r.Losses), n[Exact], n[Wider], n[Narrower], n[NoCounterpart])
	for _, l := range r.Losses {
		for _, reason := range l.Reasons {
			if reason.Class == Exact && !every {
				continue
			}
			fmt.Fprintf(w, "%s%s: %s: %s-%s: %s\n", prefix, l.Rule.Pos, reason.Class, l.Rule.Emulation, l.Rule.Call, reason.Text)
		}
		if every && len(l.Reasons) == 0 {
			fmt.Fprintf(w, "%s%s: exact: %s-%s: %s\n", prefix, l.Rule.Pos, l.Rule.Emulation, l.Rule.Call, l.Rule.Text())
		}
	}
}
