package convert

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

var update = flag.Bool("update", false, "write what is generated instead of comparing with it")

// fixed makes results the same on every machine.
var fixed = Options{
	User: "alice", UID: 1000, GID: 1000,
	Exists: func(string) bool { return true },
	IsDir: func(p string) bool {
		return filepath.Ext(p) == "" && strings.Count(p, "/") < 3 && !strings.HasPrefix(p, "/dev")
	},
}

func parse(t testing.TB, file string) *syntax.File {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, err := syntax.Parse(filepath.Base(file), src, syntax.Options{Fragment: "fragment"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestReport compares everything that is said of one policy.
func TestReport(t *testing.T) {
	for _, widen := range []bool{false, true} {
		o := fixed
		o.Widen = widen
		r := Section(parse(t, "testdata/mailqd.policy").Sections[0], o)
		var b strings.Builder
		r.Report(&b, "", true)
		fmt.Fprintln(&b, r.Command())
		toml, err := r.Profile()
		if err != nil {
			t.Fatal(err)
		}
		b.Write(toml)
		code, err := GoFile([]*Result{r}, false)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(code)
		golden := fmt.Sprintf("testdata/mailqd.widen=%v.txt", widen)
		if *update {
			if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), b.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", golden, diff)
		}
	}
}

// sections are those of the old policies, where they are there, and of testdata.
func sections(t testing.TB) (list []*syntax.Section) {
	files, _ := filepath.Glob("testdata/*.policy")
	if os.Getenv("SYSTRACE_CORPUS") != "" {
		files = append(files, testbed.SystraceCorpus(t)...)
	}
	for _, file := range files {
		list = append(list, parse(t, file).Sections...)
	}
	return list
}

// TestMinimal: without any one of the words, something that a rule permits
// would be refused; with them, nothing is. Paths likewise.
func TestMinimal(t *testing.T) {
	for _, s := range sections(t) {
		o := fixed
		c := &conversion{options: o, section: s, policy: effective(s, &o)}
		c.network()
		for _, e := range c.policy.entries {
			c.entry(e)
		}
		set := c.words()
		for _, x := range c.examples {
			if !admitted(x.call, x.args, set) {
				t.Errorf("%s: %s %x is not admitted by %q", x.entry.rule.Pos, x.call, x.args, set)
			}
		}
		for _, p := range set.Promises() {
			if !needed(c, set, p) {
				t.Errorf("%s: no rule needs %s of %q", s.Pos, p, set)
			}
		}
		checkPaths(t, c)
	}
}

// needed looks for a rule that fails without the word.
func needed(c *conversion, set promises.Set, p promises.Promise) bool {
	for _, x := range c.examples {
		if !admitted(x.call, x.args, set&^p.Set()) {
			return true
		}
	}
	// These are for files that no unveil is made for, and for ioctls that no
	// rule names.
	for _, e := range c.policy.entries {
		for _, t := range e.terms {
			for _, l := range t {
				_, user := userFiles[l.Operand]
				if p == promises.Getpw && user || p == promises.Tty && isTerminal(l.Operand) {
					return true
				}
			}
		}
	}
	return false
}

// checkPaths: every path that a rule named is unveiled with the permissions it
// needs, and no path is unveiled that no rule named.
func checkPaths(t *testing.T, c *conversion) {
	t.Helper()
	list := c.unveils()
	perms := map[string]unveil.Perms{}
	for _, u := range list {
		perms[u.Path] = u.Perms
	}
	for _, g := range c.paths {
		p := c.inRoot(g.path)
		if reduced(g.entry) || c.isHole(p) {
			continue
		}
		have, ok := perms[p]
		if !ok {
			have = inherited(perms, p)
		}
		if g.perms&^have != 0 {
			t.Errorf("%s: %s needs %s, unveiled %s", g.entry.rule.Pos, p, g.perms, have)
		}
	}
	for _, u := range list {
		named := u.Path == "/" && c.anyPath != 0 || c.isHole(u.Path)
		for _, g := range c.paths {
			named = named || c.inRoot(g.path) == u.Path
		}
		if !named {
			t.Errorf("%s: %s is unveiled, no rule named it", c.section.Pos, u)
		}
	}
}

func reduced(e *entry) bool {
	return slices.ContainsFunc(e.reasons, func(r Reason) bool { return r.Class == Narrower })
}

// TestFine: with the fine policy nothing is permitted that the original
// refused, as far as promises do not refuse it; and all that it permitted.
func TestFine(t *testing.T) {
	env := &policy.Env{Root: true, UID: 1000, GID: 1000, Home: "/home/alice", User: "alice", Cwd: "/work",
		UserID: testID, GroupID: testID}
	for _, s := range sections(t) {
		r := Section(s, fixed)
		original, err := policy.Compile(s, env)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		fine, err := policy.Compile(r.Fine, env)
		if err != nil {
			t.Errorf("fine policy of %s: %v", s.Pos, err)
			continue
		}
		wider := map[string]bool{}
		for _, l := range r.Losses {
			wider[l.Rule.Call] = wider[l.Rule.Call] || l.Class == Wider
		}
		for _, q := range questions(s) {
			was, is := original.Decide(&q), fine.Decide(&q)
			permitted := was.Covered && was.Action == syntax.Permit
			now := is.Covered && is.Action == syntax.Permit
			if permitted && !now || now && !permitted && wider[q.Names[0]] {
				t.Errorf("%s: %s %v: original %v, fine %v", s.Pos, q.Names[0], q.Args, permitted, now)
			}
		}
	}
}

func testID(string) (uint32, bool) { return 0, true }

// questions are made of the operands of a policy, each to each rule.
func questions(s *syntax.Section) (list []policy.Question) {
	operands := map[string]bool{"/elsewhere": true}
	for _, r := range s.Rules {
		if r.Expr != nil {
			syntax.Walk(r.Expr, func(e syntax.Expr) {
				if c, ok := e.(*syntax.Cond); ok {
					operands[strings.NewReplacer("*", "x", "$", "").Replace(c.Operand)] = true
				}
			})
		}
	}
	calls := map[string]bool{}
	for _, r := range s.Rules {
		if calls[r.Call] {
			continue
		}
		calls[r.Call] = true
		for o := range operands {
			var args []policy.Arg
			for _, name := range []string{"filename", "filename", "sockaddr", "prot", "cmd", "sockdom", "uid", "gid", "argv"} {
				args = append(args, policy.Arg{Name: name, Text: o})
			}
			list = append(list, policy.Question{Names: []string{r.Call}, Args: args})
		}
	}
	return list
}

// TestExportImport: words and paths survive both ways.
func TestExportImport(t *testing.T) {
	paths := []string{"/", "/usr", "/usr/share", "/srv/www", "/home/alice/.config", "/tmp"}
	rapid.Check(t, func(r *rapid.T) {
		set := promises.Set(rapid.Uint64().Draw(r, "set"))&Expressible | promises.Stdio.Set()
		if set&promises.DNS.Set() != 0 {
			set &^= promises.Inet.Set() // inet reaches name servers by itself
		}
		var list []Unveil
		for _, p := range paths {
			if perms := unveil.Perms(rapid.IntRange(0, 15).Draw(r, p)); perms != 0 {
				list = append(list, Unveil{Path: p, Perms: perms})
			}
		}
		if len(list) > 0 { // every word has something that it is for
			list = append(list, Unveil{Path: "/var/all", Perms: 15})
		}
		text := syntax.Print(&syntax.File{Sections: []*syntax.Section{Export("/bin/x", set, list)}})
		f, err := syntax.Parse("x", []byte(text), syntax.Options{})
		if err != nil {
			r.Fatalf("%v in\n%s", err, text)
		}
		o := fixed
		o.IsDir = func(string) bool { return false }
		back := Section(f.Sections[0], o)
		if back.Promises != set {
			r.Errorf("%q became %q by\n%s", set, back.Promises, text)
		}
		for _, p := range paths {
			for _, q := range []string{p, p + "/x", "/var/all/y", "/boot"} {
				if was, is := visible(list, q, set), visible(back.Unveils, q, set); list != nil && was != is {
					r.Errorf("%s was %q, became %q by\n%s", q, was, is, text)
				}
			}
		}
	})
}

// visible are the permissions of a path that some promise has a use for.
func visible(list []Unveil, path string, set promises.Set) unveil.Perms {
	perms := map[string]unveil.Perms{}
	for _, u := range list {
		perms[u.Path] = u.Perms
	}
	have, ok := perms[path]
	if !ok {
		have = inherited(perms, path)
	}
	for perm, word := range map[unveil.Perms]promises.Promise{r: promises.Rpath, w: promises.Wpath, cr: promises.Cpath, x: promises.Exec} {
		if set&word.Set() == 0 {
			have &^= perm
		}
	}
	return have
}

const tableBegin, tableEnd = "<!-- table: go test ./compat/convert -update -->\n", "<!-- end of table -->\n"

// TestDocument: the table of doc/systrace-compat.md is what conversion gives.
func TestDocument(t *testing.T) {
	files := testbed.SystraceCorpus(t)
	var b strings.Builder
	b.WriteString("| policy | rules | exact | wider | narrower | no counterpart | promises |\n|---|--:|--:|--:|--:|--:|---|\n")
	total := [5]int{}
	for _, file := range files {
		rel, _ := filepath.Rel(os.Getenv("SYSTRACE_CORPUS"), file)
		for _, s := range parse(t, file).Sections {
			r := Section(s, fixed)
			n := r.Count()
			name := regexp.MustCompile(`-[0-9a-f]{10}$`).ReplaceAllString(rel, "")
			if r.Program != "" {
				name += " " + filepath.Base(r.Program)
			}
			fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %s |\n", name, len(r.Losses), n[Exact], n[Wider], n[Narrower], n[NoCounterpart], r.Promises)
			for i, v := range []int{len(r.Losses), n[Exact], n[Wider], n[Narrower], n[NoCounterpart]} {
				total[i] += v
			}
		}
	}
	fmt.Fprintf(&b, "| all | %d | %d | %d | %d | %d | |\n", total[0], total[1], total[2], total[3], total[4])
	const doc = "../../doc/systrace-compat.md"
	text, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), tableBegin)
	was, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", doc)
	}
	if *update {
		if err := os.WriteFile(doc, []byte(before+tableBegin+b.String()+tableEnd+after), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(was, b.String()); diff != "" {
		t.Errorf("%s (-there +now); make doc\n%s", doc, diff)
	}
}
