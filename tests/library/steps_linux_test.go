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

// What is given up step by step is given up: after the last of several pledges the
// process can do no more than after that one alone, under the same veil.
func TestStepsAreNoMore(t *testing.T) {
	if landlock.At(landlock.ABI()).Net == 0 {
		testbed.Skip(t, "Landlock ABI 4")
	}
	for _, cgo := range []string{"0", "1"} {
		if cgo == "1" {
			testbed.Need(t, "gcc")
		}
		bin := buildSequence(t, cgo)
		testbed.Users(t, func(t *testing.T, uid int) {
			pid := testbed.Other(t, uid)
			dir := testbed.Dir(t, uid)
			for _, f := range []string{"a/f", "a/keep/f", "b/f", "a/moves", "a/sub/f"} {
				testbed.Write(t, uid, filepath.Join(dir, f), "", 0o644)
			}
			os.Chown(filepath.Join(dir, "a"), uid, -1)
			run := func(calls []string) (lines []string, res testbed.Result) {
				res = testbed.Run(t, uid, dir, []string{"SEQUENCE_DIR=" + dir, "SEQUENCE_PID=" + pid}, "", append([]string{bin}, calls...)...)
				return strings.Split(strings.TrimSuffix(res.Stdout, "\n"), "\n"), res
			}
			rapid.Check(t, func(r *rapid.T) {
				veil, steps := steps(r)
				lines, res := run(append(slices.Clone(veil), steps...))
				if res.Status != 0 || len(lines) != len(veil)+len(steps)+1 {
					r.Fatalf("%q %q: %+v", veil, steps, res)
				}
				for _, line := range lines {
					if strings.HasPrefix(line, "error") {
						return // which TestFewerWords judges
					}
				}
				alone, res := run(append(slices.Clone(veil), steps[len(steps)-1]))
				if res.Status != 0 || strings.HasPrefix(alone[len(alone)-1], "error") {
					r.Fatalf("%q, alone: %+v", steps[len(steps)-1], res)
				}
				once := strings.Fields(alone[len(alone)-1])
				for _, p := range strings.Fields(lines[len(lines)-1]) {
					if !slices.Contains(once, p) {
						r.Fatalf("%q: after %q %s is admitted, after the last alone only %q", veil, steps, p, once)
					}
				}
			})
		})
	}
}

// steps draws a veil, and pledges of ever fewer words that are tried out.
func steps(r *rapid.T) (veil, calls []string) {
	if rapid.Bool().Draw(r, "veil") {
		veil = []string{"unveil:rwc:/a"}
	}
	words := []string{"rpath", "wpath", "cpath", "dns", "getpw", "inet", "unix", "proc", "exec", "tty"}
	for range rapid.IntRange(2, 4).Draw(r, "calls") {
		words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return rapid.IntRange(0, 2).Draw(r, w) == 0 })
		calls = append(calls, "pledge:stdio "+strings.Join(words, " "))
	}
	return veil, calls
}
