package attacks

import (
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// Who holds no promise for a call does not come by it without the penalty: not
// behind a filter of his own, and not by ending the supervisor.
func TestPenaltyComes(t *testing.T) {
	bin, penalty := testbed.Pledge(t), buildC(t, "penalty.c")
	const violation = 134
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		run := func(argv ...string) testbed.Result { return testbed.Run(t, uid, dir, nil, "", argv...) }
		for _, way := range []string{"filter", "filter log", "prctl"} {
			if r := run(bin, "-q", "stdio", "--", penalty, way); r.Status != 0 || !strings.Contains(r.Stdout, way+": ok") {
				t.Errorf("%s, without --kill: status %d, %s: programs filter themselves", way, r.Status, r.Stdout)
			}
			r := run(bin, "-q", "--kill", "stdio proc exec id rpath wpath", "--", penalty, way)
			if r.Status != violation || strings.Contains(r.Stdout, "ok") {
				t.Errorf("%s: status %d, %s", way, r.Status, r.Stdout)
			}
		}
		if landlock.At(landlock.ABI()).Scopes == 0 {
			testbed.Skip(t, "Landlock's signal scope (ABI 6)")
		}
		r := run(bin, "-q", "--kill", "stdio proc", "--", penalty, "orphan")
		if r.Status != violation || strings.Contains(r.Stdout, "kill: ok") || strings.Contains(r.Stdout, "mkdir: ok") {
			t.Errorf("orphan: status %d, %s", r.Status, r.Stdout)
		}
		// Without --kill the words are OpenBSD's: it ends, or goes on without a
		// supervisor, and what that would answer is refused.
		r = run("sh", "-c", `"$@"; sleep 1`, "sh", bin, "-q", "stdio proc", "--", penalty, "orphan")
		if strings.Contains(r.Stdout, "mkdir: ok") {
			t.Errorf("orphan, without --kill: %s", r.Stdout)
		}
	})
}
