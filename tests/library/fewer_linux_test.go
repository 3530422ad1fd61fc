package library

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// Fewer words can always be pledged: what a pledge calls is admitted by whatever was
// pledged before, also where a violation kills. With cgo another ruleset takes rpath
// on kernels that cannot restrict all threads: an error then, never death.
func TestFewerWords(t *testing.T) {
	if landlock.At(landlock.ABI()).Net == 0 {
		testbed.Skip(t, "Landlock ABI 4")
	}
	for _, cgo := range []string{"0", "1"} {
		if cgo == "1" {
			testbed.Need(t, "gcc")
		}
		bin := buildSequence(t, cgo)
		testbed.Users(t, func(t *testing.T, uid int) {
			dir := testbed.Dir(t, uid)
			for _, f := range []string{"a/f", "a/keep/f"} {
				testbed.Write(t, uid, filepath.Join(dir, f), "", 0o644)
			}
			os.Chown(filepath.Join(dir, "a"), uid, -1)
			rapid.Check(t, func(r *rapid.T) {
				calls := shrinking(r)
				res := testbed.Run(t, uid, dir, []string{"SEQUENCE_DIR=" + dir, "SEQUENCE_PID=1", "SEQUENCE_PROBES=0"}, "", append([]string{bin}, calls...)...)
				lines := strings.Fields(res.Stdout)
				if res.Status != 0 || len(lines) != len(calls)+1 {
					r.Fatalf("%q: status %d, it prints\n%s%s", calls, res.Status, res.Stdout, res.Stderr)
				}
				if i := slices.Index(lines, "error"); i > 0 && (cgo == "0" || !strings.Contains(res.Stderr, "with cgo")) {
					r.Fatalf("%q: %q fails\n%s", calls, calls[i-1], res.Stderr)
				}
			})
		})
	}
}

// shrinking draws calls of ever fewer words, often none of them rpath.
func shrinking(r *rapid.T) []string {
	words := []string{"rpath", "wpath", "cpath", "dns", "getpw", "tty", "exec", "proc", "inet", "unix", "recvfd", "route", "id", "prot_exec", "unveil", "tmppath", "ps", "fattr"}
	var calls []string
	if rapid.Bool().Draw(r, "veil") {
		calls = []string{"unveil:rwc:/a"}
		if rapid.Bool().Draw(r, "less below") {
			calls = append(calls, "unveil::/a/keep")
		}
	}
	op := rapid.SampledFrom([]string{"kill", "both", "pledge", "best"}).Draw(r, "op")
	mode := rapid.SampledFrom([]string{"", " error"}).Draw(r, "error")
	for range rapid.IntRange(2, 5).Draw(r, "calls") {
		words = slices.DeleteFunc(words, func(w string) bool {
			most := 3
			if w == "rpath" {
				most = 1
			}
			return rapid.IntRange(0, most).Draw(r, w) == 0
		})
		calls = append(calls, op+":stdio "+strings.Join(words, " ")+mode)
	}
	if slices.Contains(words, "unveil") && rapid.Bool().Draw(r, "block") {
		calls = append(calls, "block")
	}
	return calls
}
