package quote

import (
	"encoding/json"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// What is learned of hostile names is, in every format, exactly those names.
func TestLearn(t *testing.T) {
	testbed.Users(t, func(t *testing.T, uid int) {
		w := newWorld(t, uid)
		learn := func(as string) string {
			t.Helper()
			file := filepath.Join(w.dir, as)
			r := w.run(w.script("o"), testbed.Pledge(t), "learn", "--max-unveils", "1000", "--as", as, "-o", file, "--html", "page.html", "--", w.probe)
			if r.Status != 0 || strings.Count(r.Stderr, "\n") != 1 || !strings.HasPrefix(r.Stderr, "pledge learn: ") {
				t.Fatalf("%+v", r) // it says what it wrote, in one line
			}
			w.shown(r.Stderr)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if as != "systrace" { // whose language has no escapes for all
				w.shown(string(text))
			}
			return string(text)
		}
		shell := learn("shell")
		args := w.words(shell)
		w.same("shell", args)
		if args[0] != "stdio rpath" {
			t.Errorf("promises: %q", args[0])
		}
		learn("toml")
		p, err := w.profile("toml")
		if err != nil {
			t.Fatal(err)
		}
		w.same("TOML", p.Unveil)
		if p.Promises != "stdio rpath" || p.KeepCaps || len(p.Optional)+len(p.Env) > 0 {
			t.Errorf("%+v", p)
		}
		w.same("Go", fromGo(t, learn("go")))
		w.same("JSON", fromJSON(t, learn("json")))
		w.same("systrace", fromPolicy(t, learn("systrace")))
		w.page(args)
	})
}

// What an earlier run has left in a profile is merged, and quoted again.
func TestMerge(t *testing.T) {
	w := newWorld(t, os.Getuid())
	for range 2 {
		if r := w.run(w.script("o"), testbed.Pledge(t), "learn", "--max-unveils", "1000", "--as", "toml", "--merge", "p.toml", "--", w.probe); r.Status != 0 {
			t.Fatalf("%+v", r)
		}
	}
	p, err := w.profile("p.toml")
	if err != nil {
		t.Fatal(err)
	}
	w.same("TOML", p.Unveil)
	show := w.run("", testbed.Pledge(t), "profile", "show", "./p.toml")
	testbed.Write(t, w.uid, filepath.Join(w.dir, "q.toml"), show.Stdout, 0o644)
	if p, err = w.profile("q.toml"); err != nil {
		t.Fatal(err)
	}
	w.same("profile show", p.Unveil)
}

// profile reads one that is another user's.
func (w *world) profile(name string) (*profile.Profile, error) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return profile.Parse(text, name)
}

// fromGo reads the paths out of a file of Go.
func fromGo(t *testing.T, text string) (unveils []string) {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "x.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	if tidy, err := format.Source([]byte(text)); err != nil || string(tidy) != text {
		t.Errorf("not as gofmt writes it: %v", err)
	}
	if len(f.Decls) != 2 {
		t.Errorf("%d declarations", len(f.Decls))
	}
	ast.Inspect(f, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok || len(lit.Elts) != 2 {
			return true
		}
		if _, ok := lit.Elts[0].(*ast.BasicLit); !ok {
			return true
		}
		path, err1 := strconv.Unquote(lit.Elts[0].(*ast.BasicLit).Value)
		perms, err2 := strconv.Unquote(lit.Elts[1].(*ast.BasicLit).Value)
		if err1 != nil || err2 != nil {
			t.Error(err1, err2)
		}
		unveils = append(unveils, perms+":"+path)
		return true
	})
	return unveils
}

func fromJSON(t *testing.T, text string) (unveils []string) {
	t.Helper()
	var r struct {
		Unveil []struct {
			Path  string
			Perms string
			Bytes []byte `json:"path_bytes"`
		}
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	for _, u := range r.Unveil {
		if u.Bytes != nil {
			u.Path = string(u.Bytes)
		}
		unveils = append(unveils, u.Perms+":"+u.Path)
	}
	return unveils
}

// fromPolicy reads the paths that fsread has, out of patterns.
func fromPolicy(t *testing.T, text string) (unveils []string) {
	t.Helper()
	f, err := syntax.Parse("learned", []byte(text), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Sections) != 1 {
		t.Fatalf("%d policies", len(f.Sections))
	}
	for _, r := range f.Sections[0].Rules {
		c, ok := r.Expr.(*syntax.Cond)
		if r.Call != "fsread" || !ok || r.Action != syntax.Permit {
			continue
		}
		path := c.Operand
		if c.Op.String() == "match" {
			path = regexp.MustCompile(`(?s)\\(.)`).ReplaceAllString(path, "$1")
		}
		unveils = append(unveils, "r:"+path)
	}
	return unveils
}

// page looks at the page: the command line in it is the one that was learned, and
// no name became a part of it.
func (w *world) page(args []string) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "page.html"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.shown(string(text))
	if strings.Contains(string(text), "<script") || strings.Count(string(text), "</pre>") != 1 {
		w.t.Error("a name became a part of the page")
	}
	m := regexp.MustCompile(`(?s)<pre id="command">(.*?)</pre>`).FindSubmatch(text)
	if m == nil {
		w.t.Fatal("no command line in the page")
	}
	got := w.words(html.UnescapeString(string(m[1])) + "\n")
	if strings.Join(got, "\x00") != strings.Join(args, "\x00") {
		w.t.Errorf("the page has %.300q\nwant %.300q", got, args)
	}
}
