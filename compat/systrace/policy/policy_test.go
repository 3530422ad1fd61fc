package policy

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

func compile(t testing.TB, text string, env *Env) *Policy {
	t.Helper()
	f, err := syntax.Parse("p", []byte(text), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(f.Sections[0], env)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const ordered = `Policy: /bin/x, Emulation: native
	native-open: filename eq "/a" then deny[eacces]
	native-open: filename eq "/a" then permit
	native-open: filename match "/q" then ask
	native-open: filename eq "/alias-denies" then permit log
	native-fsread: filename match "/q/ok" then permit
	native-fsread: filename eq "/alias" then permit
	native-fsread: filename eq "/alias-denies" then deny
	native-fsread: permit
	native-stat: deny[enoent]
	native-stat: filename eq "/a" then permit
	native-read: permit
	native-read: deny[eio]
	native-execve: true then permit[inherit]
	native-setuid: true then permit as root:wheel, if user = 1000
	native-setuid: true then deny, if user != 1000
	native-fswrite: filename eq "/w" then permit
`

// TestDecide: simple before filters, the first filter, aliases last, "ask" as
// if nothing had matched.
func TestDecide(t *testing.T) {
	env := &Env{Root: true, UID: 1000, UserID: testUser, GroupID: func(n string) (uint32, bool) { return 10, n == "wheel" }}
	p := compile(t, ordered, env)
	for _, c := range []struct {
		names, path, alias string
		want               string
	}{
		{"open", "/a", "fsread", "deny EACCES by open"},
		{"openat open", "/A", "fsread", "deny EACCES by open"},
		{"open", "/q/x", "fswrite", "asked"},
		{"open", "/q/ok/x", "fsread", "permit by fsread asked"},
		{"open", "/alias-denies", "fsread", "permit by open"},
		{"access", "/alias-denies", "fsread", "deny EPERM by fsread"},
		{"access", "/alias", "fsread", "permit by fsread"},
		{"access", "/other", "fsread", "permit by fsread"},
		{"mkdir", "/w", "fswrite", "permit by fswrite"},
		{"mkdir", "/v", "fswrite", "nothing"},
		{"stat", "/a", "fsread", "deny ENOENT by stat"},
		{"read", "", "", "deny EIO by read"},
		{"execve", "/a", "", "permit by execve"},
		{"setuid", "", "", "permit by setuid as 0:10"},
		{"nosuch", "", "", "nothing"},
	} {
		args := []Arg{{"filename", c.path}}
		q := &Question{Names: strings.Fields(c.names), Args: args, Alias: c.alias, AliasArgs: args}
		if got := say(p.Decide(q)); got != c.want {
			t.Errorf("%s %s (%s): %s, want %s", c.names, c.path, c.alias, got, c.want)
		}
	}
	if p.Simple("stat") == nil || p.Simple("open") != nil || p.Simple("fsread") != nil {
		t.Error("simple rules are stat's and read's")
	}
}

func say(v Verdict) string {
	s := "nothing"
	if v.Covered {
		s = v.Action.String()
		if v.Action == syntax.Deny {
			s += " " + v.Errno.Name
		}
		s += " by " + v.Name
	} else if v.Asked {
		return "asked"
	}
	if v.As != nil {
		s += fmt.Sprintf(" as %d:%d", *v.As.UID, *v.As.GID)
	}
	if v.Asked {
		s += " asked"
	}
	return s
}

// TestCompileErrors: all of them, each with its place.
func TestCompileErrors(t *testing.T) {
	f, err := syntax.Parse("p", []byte("Policy: /x, Emulation: native\n\tnative-a: true then permit as root\n\tnative-b: filename re \"(\" then permit\n\tnative-c: true then deny, if group = nobody-here\n"), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Compile(f.Sections[0], &Env{UserID: testUser, GroupID: testUser})
	want := "p:2:2: \"as\" needs systrace to run as root\np:3:12: invalid regular expression \"(\": parenthesis without an end\np:4:2: unknown group nobody-here"
	if err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}

// TestIndex: the index finds the same rule as trying one after the other.
func TestIndex(t *testing.T) {
	components := []string{"a", "B", "ab", "*", "?", "[a-b]", "c.d", ""}
	path := rapid.Custom(func(r *rapid.T) string {
		return "/" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(components), 0, 4).Draw(r, "path"), "/")
	})
	rapid.Check(t, func(r *rapid.T) {
		s := &syntax.Section{Emulation: "native"}
		for range rapid.IntRange(1, 12).Draw(r, "rules") {
			s.Rules = append(s.Rules, &syntax.Rule{Call: "open", Expr: anyCondition(r, path, 3), Action: rapid.SampledFrom([]syntax.Action{syntax.Permit, syntax.Deny}).Draw(r, "action")})
		}
		p, err := Compile(s, &Env{})
		if err != nil {
			r.Fatal(err)
		}
		for range 20 {
			args := []Arg{{"filename", path.Draw(r, "text")}, {"filename", path.Draw(r, "text")}}
			args = args[:rapid.IntRange(0, 2).Draw(r, "count")]
			list := p.calls["open"].filters
			i := slices.IndexFunc(list, func(f *filter) bool { return f.cond.holds(args) })
			got := p.calls["open"].index.first(list, args)
			if i < 0 && got != nil || i >= 0 && got != list[i] {
				r.Fatalf("%v: index %v, one by one %d", args, got, i)
			}
		}
	})
}

func anyCondition(r *rapid.T, path *rapid.Generator[string], depth int) syntax.Expr {
	kind := rapid.IntRange(0, 5).Draw(r, "kind")
	if depth == 0 {
		kind %= 3
	}
	switch kind {
	case 3:
		return syntax.And{X: anyCondition(r, path, depth-1), Y: anyCondition(r, path, depth-1)}
	case 4:
		return syntax.Or{X: anyCondition(r, path, depth-1), Y: anyCondition(r, path, depth-1)}
	case 5:
		return syntax.Not{X: anyCondition(r, path, depth-1)}
	}
	return &syntax.Cond{Name: rapid.SampledFrom([]string{"filename", "FileName", "uid"}).Draw(r, "name"), Index: rapid.IntRange(-1, 1).Draw(r, "index"),
		Op: syntax.Op(rapid.IntRange(0, 5).Draw(r, "op")), Operand: path.Draw(r, "operand")}
}

func TestExpand(t *testing.T) {
	e := &Env{Home: "/home/a", User: "a", Cwd: "/w"}
	for in, want := range map[string]string{
		"$HOME/x": "/home/a/x", "$HOMEX": "$HOMEX", "$HOME9": "$HOME9", "$HOME_x": "/home/a_x", "${HOME}": "${HOME}",
		"$$HOME": "$$HOME", "$CWD$HOME": "/w$HOME", "$CWD/$HOME": "/w//home/a", "$USER$HOME": "a/home/a", "x$USER": "xa",
	} {
		if got := e.expand(in); got != want {
			t.Errorf("expand(%q) = %q, want %q", in, got, want)
		}
	}
	loop := &Env{Home: "$HOME/x"}
	if got := loop.expand("$HOME"); len(got) > 1000 {
		t.Errorf("a home with a variable: %d bytes", len(got))
	}
}

func TestERE(t *testing.T) {
	for _, c := range []struct {
		re, text string
		want     bool
	}{
		{"^/a/[0-9]+$", "/a/12", true}, {"a|b", "xbx", true}, {"a{2,3}$", "baaa", true}, {"a{2}", "aba", false},
		{`a\.b`, "axb", false}, {`[\.]`, `\`, true}, {"[]a]", "]", true}, {"[^]a]", "b", true}, {"[[:digit:]]x", "5x", true},
		{"[[.a.]]", "a", true}, {"(ab)*c", "ababc", true}, {"a**", "", true}, {"x+?y", "xxy", true}, {".", "\n", true},
		{"^a$", "a\nb", false}, {"a^b", "ab", false}, {"\xe9", "\xe9", true}, {"[\xe0-\xef]", "\xe9", true}, {".", "\xff", true}, {"}", "}", true},
	} {
		re, err := compileERE(c.re)
		if err != nil {
			t.Errorf("%q: %v", c.re, err)
			continue
		}
		if got := matchERE(re, c.text); got != c.want {
			t.Errorf("%q matches %q: %v, want %v", c.re, c.text, got, c.want)
		}
	}
	for _, re := range []string{"*", "(*a)", "(", ")", "[", "[a", "a{", "a{2", "a{3,2}", "a{999}", `\`, `\d`, `(a)\1`, "[[:nope:]]", "[z-a]", "+"} {
		if _, err := compileERE(re); err == nil {
			t.Errorf("%q is accepted", re)
		}
	}
}

// large is a policy of n rules, and calls that its rules are about.
func large(n int) (string, []*Question) {
	var b strings.Builder
	b.WriteString("Policy: /bin/x, Emulation: native\n")
	var qs []*Question
	for i := range n {
		path := fmt.Sprintf("/usr/lib%d/dir%d/file%d", i%7, i%31, i)
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, "\tnative-fsread: filename eq %q then permit\n", path)
		case 1:
			fmt.Fprintf(&b, "\tnative-fsread: filename match %q then permit\n", path+"/*")
			path += "/below"
		case 2:
			fmt.Fprintf(&b, "\tnative-connect: sockaddr eq \"inet-[10.0.0.%d]:80\" then permit\n", i%250)
		}
		args := []Arg{{"filename", path}}
		qs = append(qs, &Question{Names: []string{"openat", "open"}, Args: append(args, Arg{"oflags", "ro"}), Alias: "fsread", AliasArgs: args})
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(qs), func(i, j int) { qs[i], qs[j] = qs[j], qs[i] })
	return b.String(), qs
}

// BenchmarkDecide: the time must not grow with the number of rules.
func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{5, 50, 500, 5000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			text, qs := large(n)
			p := compile(b, text, &Env{})
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p.Decide(qs[i%len(qs)])
			}
		})
	}
}

// The value of a variable stands for itself, whatever the operator: a name that
// somebody gave a directory is no pattern.
func TestValuesAreNames(t *testing.T) {
	name := rapid.Custom(func(r *rapid.T) string {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"/", "*", "?", "[a-z]", "[", "]", "x|", "(", ")", ".*", "+", "{1}", "^", "$", "\\", "$CWD", "$HOME", "$USER", "a", "b", "é", "!", "."}), 0, 6).Draw(r, "name")
		return "/" + strings.Join(parts, "")
	})
	rapid.Check(t, func(r *rapid.T) {
		dir, other := name.Draw(r, "directory"), name.Draw(r, "other")
		variable := rapid.SampledFrom([]string{"$CWD", "$HOME", "$USER"}).Draw(r, "variable")
		env := &Env{Home: "/h", User: "u", Cwd: "/c"}
		switch variable {
		case "$CWD":
			env.Cwd = dir
		case "$HOME":
			env.Home = dir
		case "$USER":
			env.User = dir
		}
		for op, operand := range map[syntax.Op]string{syntax.Match: variable, syntax.Re: "^" + variable + "$", syntax.Eq: variable} {
			c, err := compileCond(&syntax.Cond{Name: "filename", Index: -1, Op: op, Operand: operand}, env)
			if err != nil {
				r.Fatalf("%q: %v", dir, err)
			}
			for _, path := range []string{dir, other, dir + "x"} {
				want := path == dir || op == syntax.Match && strings.HasPrefix(path, dir+"/")
				if got := c.holds([]Arg{{Name: "filename", Text: path}}); got != want {
					r.Fatalf("%s %v %q is %v of %q, in %q", variable, op, operand, got, path, dir)
				}
			}
		}
	})
}
