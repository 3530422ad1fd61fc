package convert

import (
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

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
