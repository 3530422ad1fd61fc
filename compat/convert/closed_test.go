package convert

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/compat/systrace/calls"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// pathCases are what is asked of the policy, what the result needs to let it
// happen, and how a line names it.
var pathCases = []struct {
	said               string
	name, alias, flags string
	perm               unveil.Perms
	word               promises.Promise
}{
	{"open to read", "open", "fsread", "ro", r, promises.Rpath},
	{"open to write", "open", "fswrite", "wo", w, promises.Wpath},
	{"create", "open", "fswrite", "woc", cr, promises.Cpath},
	{"mkdir", "mkdir", "fswrite", "", cr, promises.Cpath},
	{"rmdir", "rmdir", "fswrite", "", cr, promises.Cpath},
	{"unlink", "unlink", "fswrite", "", cr, promises.Cpath},
	{"rename", "rename", "", "", cr, promises.Cpath},
	{"link", "link", "", "", cr, promises.Cpath},
	{"symlink", "symlink", "", "", cr, promises.Cpath},
	{"execute", "execve", "", "", x, promises.Exec},
}

// samplePaths are asked of every policy, with those that it names.
func samplePaths(s *syntax.Section) (list []string) {
	list = []string{"/etc/hostname", "/root/.ssh/id", "/srv/www/index.html", "/usr/bin/perl", "/home/alice/x"}
	for _, rule := range s.Rules {
		if rule.Expr == nil {
			continue
		}
		syntax.Walk(rule.Expr, func(e syntax.Expr) {
			c, ok := e.(*syntax.Cond)
			if !ok || !strings.HasPrefix(c.Operand, "/") || strings.ContainsAny(c.Operand, "<$@{\\") {
				return
			}
			fixed := strings.TrimRight(c.Operand, "*?/")
			if !strings.ContainsAny(fixed, globs) && fixed != "" {
				list = append(list, fixed, fixed+"/below", fixed+"-beside")
			}
		})
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// opensPath tells whether a result lets a path be opened.
func opensPath(res *Result, path string, perm unveil.Perms, word promises.Promise) bool {
	if res.Promises&word.Set() == 0 {
		return false
	}
	if len(res.Unveils) == 0 {
		return true // no veil at all
	}
	return visible(res.Unveils, path, res.Promises)&perm != 0
}

// unmapped tells whether a path is on Linux what it is in the policy, and needs
// no word of its own.
func unmapped(path string) bool {
	list, said := onLinux(path)
	_, user := userFiles[path]
	return said == nil && len(list) == 1 && list[0] == path && !user && !isTerminal(path)
}

// genDirs are the directories among the paths of generated policies.
var genDirs = []string{"/", "/srv", "/srv/www", "/etc", "/usr", "/usr/bin", "/root", "/root/.ssh", "/home", "/home/alice"}

// possible tells whether something can be there: nothing lies below a file.
func possible(p string, o Options) bool {
	for p = path.Dir(p); p != "/"; p = path.Dir(p) {
		if !o.IsDir(p) {
			return false
		}
	}
	return true
}

// checkPathsSaid: a path that the policy refuses is not opened by what it became,
// unless a line of what is wider names the call.
func checkPathsSaid(t interface{ Errorf(string, ...any) }, s *syntax.Section, o Options) {
	env := &policy.Env{Root: true, UID: 1000, GID: 1000, Home: "/home/alice", User: "alice", Cwd: "/work",
		UserID: testID, GroupID: testID}
	p, err := policy.Compile(s, env)
	if err != nil {
		return // such a policy is refused as a whole
	}
	res := Section(s, o)
	if res.Detached {
		return
	}
	for _, file := range samplePaths(s) {
		if !unmapped(file) || !possible(file, o) {
			continue
		}
		for _, c := range pathCases {
			if o.IsDir(file) && c.perm != r {
				continue // made and removed by the directory above
			}
			arg := policy.Arg{Name: "filename", Text: file}
			q := policy.Question{Names: []string{c.name}, Alias: c.alias, AliasArgs: []policy.Arg{arg},
				Args: []policy.Arg{arg, arg, {Name: "oflags", Text: c.flags}}}
			v := p.Decide(&q)
			permitted := v.Covered && v.Action == syntax.Permit
			if !permitted && opensPath(res, file, c.perm, c.word) && !saidWider(res, c.said) && !saidWider(res, file+" itself") {
				t.Errorf("%s: %s of %s: refused by the policy, permitted by %s; no line says so\n%s", s.Pos, c.name+" "+c.flags, file, res.Command(), syntax.Print(&syntax.File{Sections: []*syntax.Section{s}}))
			}
		}
	}
}

// saidWider tells whether a line of what is wider has the words.
func saidWider(res *Result, words string) bool {
	for _, l := range res.Losses {
		for _, r := range l.Reasons {
			if r.Class == Wider && regexp.MustCompile(`(^|[ ,:])`+regexp.QuoteMeta(words)+`($|[ ,])`).MatchString(r.Text) {
				return true
			}
		}
	}
	return false
}

// TestWordsSaid: whatever call without a path the words beyond stdio admit and no
// rule permits is named.
func TestWordsSaid(t *testing.T) {
	inverse := calls.Inverse("native")
	plain := map[string][6]uint64{"fork": {}, "vfork": {}, "clone": {17}, "kill": {1, 15}, "socket": {2, 1, 6}, "setpriority": {0, 0, 5}}
	for name := range inverse {
		if _, ok := plain[name]; !ok && !kinds[name].path && len(slices.Concat(inverse[name].Exact, inverse[name].Nearest)) > 0 {
			plain[name] = [6]uint64{}
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.SampledFrom(calls.Names("native")), 1, 6, rapid.ID[string]).Draw(r, "names")
		text := ""
		permitted := map[string]bool{}
		for _, name := range names {
			if name == "fsread" || name == "fswrite" {
				continue
			}
			permitted[name] = true
			text += "\tnative-" + name + ": permit\n"
		}
		res := Section(parseText(r, text), fixed)
		for call, args := range plain {
			named := slices.Concat(inverse[call].Exact, inverse[call].Nearest)
			alias := slices.ContainsFunc(named, func(n string) bool { c, _ := calls.Lookup("native", n); return c.Alias != "" })
			if alias || slices.ContainsFunc(named, func(n string) bool { return permitted[n] }) {
				continue
			}
			if admitted(call, args, res.Promises) && !admitted(call, args, promises.Stdio.Set()) && !saidWider(res, call) {
				r.Errorf("%s is admitted by %q, permitted by no rule of\n%s and not named", call, res.Promises, text)
			}
		}
	})
}

// TestNeverExact: rules that look exact and are not.
func TestNeverExact(t *testing.T) {
	for _, c := range []struct{ rules, said string }{
		{`symlink: filename match "/*" then permit`, "unlink"},
		{`symlink: filename match "/*" then permit`, "rename"},
		{`mkdir: filename match "/srv" then permit`, "unlink"},
		{`kill: permit`, "fork"},
		{`kill: permit`, "clone"},
		{`setpriority: permit`, "fork"},
		{`dup2: deny[eperm]`, "dup2"},
		{`sendto: deny[eperm]`, "sendto"},
		{`socket: sockdom eq "AF_INET" and socktype eq "SOCK_DGRAM" then permit`, "socktype"},
		{`open: filename match "/*" then permit`, "symlink"},
		{"fsread: true then permit\n\tnative-open: true then deny[eperm]", "open to read"},
	} {
		res := Section(parseText(t, "\tnative-read: permit\n\tnative-connect: permit\n\tnative-"+c.rules+"\n"), fixed)
		if !saidWider(res, c.said) {
			t.Errorf("%s becomes %s, and no line says %s: %v", c.rules, res.Command(), c.said, res.Losses)
		}
	}
}

// TestNothingOpensUnsaid asks generated policies and the old ones. Policies
// whose paths are all lost are among both.
func TestNothingOpensUnsaid(t *testing.T) {
	for _, s := range sections(t) {
		for _, widen := range []bool{false, true} {
			o := fixed
			o.Widen = widen
			checkPathsSaid(t, s, o)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		s := genSection(r)
		o := fixed
		o.IsDir = func(p string) bool { return slices.Contains(genDirs, p) }
		o.Widen = rapid.Bool().Draw(r, "widen")
		checkPathsSaid(r, s, o)
	})
}

// TestLostPathsCloseTheVeil: what cannot be unveiled leaves nothing to be seen.
func TestLostPathsCloseTheVeil(t *testing.T) {
	for _, rule := range []string{
		`fsread: filename sub "x" then permit`, `fsread: filename match "*.txt" then permit`,
		`fsread: filename re "x" then permit`, `fsread: filename eq "${UNKNOWN}/x" then permit`,
		`fsread: filename inpath "/srv" then permit`, `fsread: filename match "/srv/*.txt" then permit`,
		`open: filename sub "x" then permit`, `execve: filename sub "x" then permit`, `stat: filename eq "/x" then permit`,
		`chmod: filename eq "/x" then permit`, `fsread: filename eq "/" then permit`,
	} {
		res := Section(parseText(t, "\tnative-read: permit\n\tnative-chdir: permit\n\tnative-"+rule+"\n"), fixed)
		if len(res.Unveils) == 0 {
			t.Errorf("%s becomes %s: everything is visible", rule, res.Command())
		}
	}
	if res := Section(parseText(t, "\tnative-fsread: permit\n"), fixed); len(res.Unveils) != 1 || res.Unveils[0].Perms == 0 {
		t.Errorf("any path became %v", res.Unveils)
	}
	if res := Section(parseText(t, "\tnative-read: permit\n"), fixed); res.Unveils != nil {
		t.Errorf("no path word, and %v", res.Unveils)
	}
}

func parseText(t interface{ Fatal(...any) }, rules string) *syntax.Section {
	f, err := syntax.Parse("x", []byte("Policy: /bin/x, Emulation: native\n"+rules), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return f.Sections[0]
}

// genSection draws a policy with rules on paths and on what stands beside them.
func genSection(r *rapid.T) *syntax.Section {
	operand := rapid.SampledFrom([]string{"/srv/www", "/srv/www/*", "/srv/*.html", "/srv", "/etc/hostname", "/etc/*", "/usr/bin/*", "/*", "/", "*.txt",
		"/home/alice/x", "/root", "^/srv/.*", "x"})
	cond := rapid.Custom(func(r *rapid.T) string {
		not := rapid.SampledFrom([]string{"", "", "", "not "}).Draw(r, "not")
		op := rapid.SampledFrom([]string{"eq", "match", "match", "sub", "nsub", "neq", "inpath", "re"}).Draw(r, "op")
		return fmt.Sprintf("%sfilename %s %s", not, op, syntax.Quote(operand.Draw(r, "operand")))
	})
	action := rapid.SampledFrom([]string{"permit", "permit", "deny[eperm]", "deny"})
	rule := rapid.Custom(func(r *rapid.T) string {
		call := rapid.SampledFrom([]string{"fsread", "fsread", "fswrite", "open", "execve", "chdir", "stat", "unlink", "symlink", "mkdir", "chmod"}).Draw(r, "call")
		expr := rapid.SampledFrom([]string{"", "", "", "true", "and", "or"}).Draw(r, "join")
		switch expr {
		case "":
			expr = cond.Draw(r, "cond")
		case "and", "or":
			expr = cond.Draw(r, "a") + " " + expr + " " + cond.Draw(r, "b")
		}
		return "\tnative-" + call + ": " + expr + " then " + action.Draw(r, "action")
	})
	plain := rapid.SampledFrom([]string{"\tnative-read: permit", "\tnative-chdir: permit", "\tnative-fork: permit", "\tnative-mkdir: permit"})
	lines := append(rapid.SliceOfN(rule, 1, 6).Draw(r, "rules"), rapid.SliceOfN(plain, 0, 2).Draw(r, "plain")...)
	f, err := syntax.Parse("x", []byte("Policy: /bin/x, Emulation: native\n"+strings.Join(lines, "\n")+"\n"), syntax.Options{})
	if err != nil {
		r.Fatalf("%v in %q", err, lines)
	}
	return f.Sections[0]
}

// TestFragment: a part of a policy has what no program starts without, and says
// so.
func TestFragment(t *testing.T) {
	f, err := syntax.Parse("x", []byte("native-execve: permit\n"), syntax.Options{Fragment: "x"})
	if err != nil {
		t.Fatal(err)
	}
	res := Section(f.Sections[0], fixed)
	if !res.Promises.Has(promises.Stdio) || !saidWider(res, "stdio") {
		t.Errorf("%s, %v", res.Command(), res.Losses)
	}
}

// TestChroot: who converts is told how paths below another root are meant.
func TestChroot(t *testing.T) {
	res := Section(parseText(t, "\tnative-read: permit\n\tnative-chroot: filename eq \"/var/named\" then permit\n"), fixed)
	if text := res.Losses[1].Reasons[0].Text; !strings.HasSuffix(text, "--root /var/named") {
		t.Error(text)
	}
}
