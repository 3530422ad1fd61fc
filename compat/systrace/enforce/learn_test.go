package enforce

import (
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// TestPattern: a rule of a pattern holds for names like the one that it was made
// from, not for what lies below them.
func TestPattern(t *testing.T) {
	q := &policy.Question{Names: []string{"rename"}, Args: []policy.Arg{{Name: "filename", Text: "/proc/12"}, {Name: "filename", Text: "/tmp/abcdef"}}}
	r, err := learned("linux64", "rename", []likeness{{q.Args[0], "/proc/*"}, {q.Args[1], "/tmp/??????"}}, true)
	if err != nil {
		t.Fatal(err)
	}
	f, err := syntax.Parse("p", []byte("Policy: /x, Emulation: linux64\n\tlinux64-rename: "+r.Text()+"\n"), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Compile(f.Sections[0], &policy.Env{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"/proc/12", "/tmp/abcdef", true}, {"/proc/34", "/tmp/ghijkl", true}, {"/proc/34/environ", "/tmp/ghijkl", false},
		{"/proc/34", "/tmp/ghijkl/x", false}, {"/proc/34", "/tmp/other", false}, {"/proc/a/b/c", "/tmp/ghijkl/x/y", false},
	} {
		q.Args[0].Text, q.Args[1].Text = c.from, c.to
		if v := p.Decide(q); v.Covered != c.want {
			t.Errorf("%s to %s: covered %v by %s", c.from, c.to, v.Covered, r.Text())
		}
	}
}

// TestLearned: the rules that -A writes, as the original wrote them.
func TestLearned(t *testing.T) {
	for _, c := range []struct {
		q      policy.Question
		judged bool
		want   string
	}{
		{policy.Question{Names: []string{"openat", "open"}, Args: []policy.Arg{{Name: "filename", Text: "/etc/passwd"}, {Name: "oflags", Text: "ro"}}, Alias: "fsread", AliasArgs: []policy.Arg{{Name: "filename", Text: "/etc/passwd"}}}, true, `fsread: filename eq "/etc/passwd" then permit`},
		{policy.Question{Names: []string{"renameat2", "renameat", "rename"}, Args: []policy.Arg{{Name: "filename", Text: "/a"}, {Name: "filename", Text: "/b"}}}, true, `rename: filename eq "/a" and filename[1] eq "/b" then permit`},
		{policy.Question{Names: []string{"symlink"}, Args: []policy.Arg{{Name: "string", Text: "target"}, {Name: "filename", Text: "/link"}}}, true, `symlink: string eq "target" and filename eq "/link" then permit`},
		{policy.Question{Names: []string{"socket"}, Args: []policy.Arg{{Name: "sockdom", Text: "AF_INET"}, {Name: "socktype", Text: "SOCK_STREAM"}}}, true, `socket: sockdom eq "AF_INET" and socktype eq "SOCK_STREAM" then permit`},
		{policy.Question{Names: []string{"read"}}, false, "read: permit"},
		{policy.Question{Names: []string{"sendto"}}, true, "sendto: true then permit"},
		{policy.Question{Names: []string{"mkdir"}, Args: []policy.Arg{{Name: "filename", Text: "/a\n\"b\\"}}, Alias: "fswrite", AliasArgs: []policy.Arg{{Name: "filename", Text: "/a\n\"b\\"}}}, true, `fswrite: filename eq "/a\n\"b\\" then permit`},
	} {
		name, args := asked(&c.q, false)
		r, err := learned("linux64", name, asTheyAre(args), c.judged)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := r.Call + ": " + r.Text(); got != c.want {
			t.Errorf("%v: %s, want %s", c.q, got, c.want)
		}
	}
}
