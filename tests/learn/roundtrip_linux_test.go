// Package learn learns the programs of tests/programs and runs them under what
// was learned.
package learn

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/profile"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/tests/programs"
)

// TestRoundTrip: what a run was learned to need is enough for the same run, and
// is no more than what was found by hand.
func TestRoundTrip(t *testing.T) {
	for _, p := range programs.Table {
		t.Run(p.Name, func(t *testing.T) {
			testbed.Need(t, p.Needs...)
			if strings.Contains(p.Name, "i386") && !testbed.RunsI386(t) {
				return
			}
			testbed.Users(t, func(t *testing.T, uid int) { roundTrip(t, p, uid) })
		})
	}
}

func roundTrip(t *testing.T, p programs.Program, uid int) {
	dir, kept := testbed.Dir(t, uid), testbed.Dir(t, uid)
	learned := filepath.Join(kept, "learned.toml")
	prepare(t, p, uid, dir)
	r := shell(t, p, uid, dir, "learn --merge "+learned+" -o "+learned+" --as toml --", p.Run)
	if r.Status != 0 || r.Stdout != p.Want {
		t.Fatalf("learning: status %d, %q, want %q\n%s", r.Status, r.Stdout, p.Want, r.Stderr)
	}
	prepare(t, p, uid, dir)
	result, err := profile.File(learned)
	if err != nil {
		t.Fatal(err)
	}
	r = shell(t, p, uid, dir, "--kill --report-unveil --profile "+learned+" --", p.Run)
	if r.Status != 0 || r.Stdout != p.Want || strings.Contains(r.Stderr, "pledge: ") {
		t.Errorf("under %q %q: status %d, %q, want %q\n%s", result.Promises, result.Unveil, r.Status, r.Stdout, p.Want, r.Stderr)
	}
	byHand, err := promises.Parse(p.Promises)
	if err != nil {
		t.Fatal(err)
	}
	set, err := promises.Parse(result.Promises)
	if err != nil {
		t.Fatal(err)
	}
	if more := set &^ byHand &^ promises.Stdio.Set(); more != 0 {
		t.Errorf("learned %q, by hand %q", set, byHand)
	}
	t.Logf("%q %q", result.Promises, result.Unveil)
}

// prepare makes the directory as the table's programs expect it.
func prepare(t *testing.T, p programs.Program, uid int, dir string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		os.RemoveAll(name)
	}
	testbed.Write(t, uid, filepath.Join(dir, "f"), "hello\n", 0o644)
	testbed.Write(t, uid, filepath.Join(dir, "d/a.c"), "int main(){return 0;}\n", 0o644)
	testbed.Write(t, uid, filepath.Join(dir, "d/e/b.c"), "int main(){}\n", 0o644)
	if p.Setup == "" {
		return
	}
	if r := shell(t, p, uid, dir, "", p.Setup); r.Status != 0 {
		t.Fatalf("setup: %+v", r)
	}
}

func shell(t *testing.T, p programs.Program, uid int, dir, options, script string) testbed.Result {
	script = strings.ReplaceAll(script, "$P --report-unveil ", "$P ")
	script = strings.ReplaceAll(script, "$P ", testbed.Pledge(t)+" "+options+" ")
	return testbed.Run(t, uid, dir, []string{"T=" + dir}, "", "sh", "-c", script)
}
