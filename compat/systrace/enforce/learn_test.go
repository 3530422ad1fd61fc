package enforce

import (
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
)

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
