// Package learn learns the programs of tests/programs and runs them under what
// was learned.
package learn

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/tests/programs"
)

// TestRoundTrip: what a run was learned to need is enough for the same run, and
// is no more than what was found by hand.
func TestRoundTrip(t *testing.T) {
	learned := map[string]string{}
	for _, p := range programs.Table {
		t.Run(p.Name, func(t *testing.T) {
			testbed.Need(t, p.Needs...)
			if strings.Contains(p.Name, "i386") && !testbed.RunsI386(t) {
				return
			}
			testbed.Users(t, func(t *testing.T, uid int) { roundTrip(t, p, uid, learned) })
		})
	}
	// Not every kernel runs i386 programs; -run may have left others out.
	if !t.Failed() && os.Getuid() == 0 && len(learned) >= len(programs.Table)-1 {
		document(t, learned)
	}
}

var update = flag.Bool("update", false, "write doc/learned.md")

const above = `# Promises that were learned

Each program of doc/programs.md was run once by ` + "`pledge learn`" + ` as root, then once more under what came out,
with ` + "`--kill`" + `: it did the same, nothing was refused, and without any of the words something was. Made
by the test of tests/learn.

| program | by hand | learned |
|---|---|---|
`

// document compares the table of what was learned with the document, or writes it.
func document(t *testing.T, learned map[string]string) {
	var b strings.Builder
	b.WriteString(above)
	for _, p := range programs.Table {
		if set := learned[p.Name]; set != "" && !strings.Contains(p.Name, "i386") {
			fmt.Fprintf(&b, "| %s | `%s` | `%s` |\n", p.Name, p.Promises, set)
		}
	}
	const file = "../../doc/learned.md"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(have), b.String()); diff != "" {
		t.Errorf("%s is not what was learned (make doc):\n%s", file, diff)
	}
}

func roundTrip(t *testing.T, p programs.Program, uid int, found map[string]string) {
	dir, kept := testbed.Dir(t, uid), testbed.Dir(t, uid)
	learned := filepath.Join(kept, "learned.toml")
	prepare(t, p, uid, dir)
	r := shell(t, p, uid, dir, "learn --merge "+learned+" -o "+learned+" --as toml --", p.Run)
	if r.Status != 0 || r.Stdout != p.Want {
		t.Fatalf("learning: status %d, %q, want %q\n%s", r.Status, r.Stdout, p.Want, r.Stderr)
	}
	prepare(t, p, uid, dir)
	text, err := os.ReadFile(learned)
	if err != nil {
		t.Fatal(err)
	}
	result, err := profile.Parse(text, learned)
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
	if uid == os.Getuid() {
		found[p.Name] = result.Promises
		needed(t, p, uid, dir, set, result.Unveil)
	}
}

// needed takes away one word after the other: without any of them something is
// refused.
func needed(t *testing.T, p programs.Program, uid int, dir string, set promises.Set, unveil []string) {
	for _, word := range (set &^ promises.Stdio.Set()).Promises() {
		prepare(t, p, uid, dir)
		options := "'" + (set &^ word.Set()).String() + "'"
		for _, u := range unveil {
			options += " --unveil-optional '" + u + "'" // a file of another time may be gone
		}
		r := shell(t, p, uid, dir, options+" --", p.Run)
		if !strings.Contains(r.Stderr, "pledge: refused") {
			t.Errorf("learned %q, and without %s nothing is refused: %+v", set, word, r)
		}
	}
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
	return testbed.Run(t, uid, dir, []string{"T=" + dir, "HOME=" + dir + "/home"}, "", "sh", "-c", script)
}
