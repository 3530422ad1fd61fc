package attacks

import (
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// A program that stops, and its launcher with it for the shell, is supervised all
// the same: what its processes do meanwhile is answered, and its end is told.
func TestSupervisedWhileStopped(t *testing.T) {
	bin, halt := testbed.Pledge(t), buildC(t, "halt.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, row := range []struct {
			who    string
			flags  []string
			status int
			says   string
		}{
			{"parent", []string{"--kill"}, 134, ""},
			{"parent", nil, 7, "parent: ok"},
			{"child", []string{"--kill"}, 7, ""},
			{"child", nil, 7, "child: ok"},
			{"killed", nil, 137, ""},
			{"none", nil, 7, ""},
		} {
			dir := testbed.Dir(t, uid)
			argv := append(append([]string{"timeout", "-s", "KILL", "30", bin, "-q"}, row.flags...), "stdio proc", "--", halt, row.who)
			r := testbed.Run(t, uid, dir, nil, "", argv...)
			if r.Status != row.status || strings.TrimSpace(r.Stdout) != row.says {
				t.Errorf("%s %v: status %d, %q; want %d, %q\n%s", row.who, row.flags, r.Status, r.Stdout, row.status, row.says, r.Stderr)
			}
		}
	})
}
