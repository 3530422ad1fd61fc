package library

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// What the probes of testdata/sequence need, any of these words; "never" is no
// word.
var needs = map[string]string{
	"read-a": "rpath", "read-b": "rpath", "write-a": "wpath", "write-b": "wpath", "truncate-b": "wpath", "create-a": "cpath",
	"move-a": "cpath", "hosts": "rpath dns", "passwd": "rpath getpw", "connect": "inet", "connect-53": "inet dns", "bind": "inet",
	"unix": "unix", "signal": "proc", "memory": "never", "null": "stdio wpath",
}

// What a word gives for certain, if no paths are hidden.
var gives = map[string][]string{
	"rpath": {"read-a", "read-b", "hosts", "passwd"}, "wpath": {"write-a", "write-b"}, "stdio": {"null"}, "dns": {"hosts", "connect-53"},
	"getpw": {"passwd"}, "inet": {"connect", "connect-53", "bind"}, "unix": {"unix"}, "proc": {"signal"},
}

// Sequences of calls: what is admitted never grows; a nil error means that what
// was asked for is in force; after an error nothing has changed, or nothing can be
// pledged any more.
func TestSequences(t *testing.T) {
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
			rapid.Check(t, func(r *rapid.T) {
				s := sequence{uid: uid, pid: pid, cgo: cgo == "1", calls: rapid.SliceOfN(drawCall(), 1, 5).Draw(r, "calls")}
				s.run(t, r, bin)
			})
		})
	}
}

func buildSequence(t *testing.T, cgo string) string {
	t.Helper()
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	bin := filepath.Join(dir, "sequence"+cgo)
	cmd := exec.Command("go", "build", "-o", bin, "./testdata/sequence")
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// drawCall draws a call; words come often enough together that sequences shrink.
func drawCall() *rapid.Generator[string] {
	words := rapid.Custom(func(r *rapid.T) string {
		var list []string
		for _, w := range []string{"rpath", "wpath", "cpath", "inet", "dns", "getpw", "unix", "proc", "exec", "unveil"} {
			if rapid.IntRange(0, 2).Draw(r, w) > 0 {
				list = append(list, w)
			}
		}
		return strings.Join(append([]string{"stdio"}, list...), " ")
	})
	return rapid.Custom(func(r *rapid.T) string {
		switch rapid.IntRange(0, 9).Draw(r, "kind") {
		case 0:
			return "unveil:" + rapid.SampledFrom([]string{"r", "rw", "rwc", "bogus"}).Draw(r, "perms") + ":/a"
		case 1:
			return "unveil:r:/missing"
		case 2:
			return "block"
		case 3:
			return "exec:" + words.Draw(r, "words")
		case 4:
			return "best:" + words.Draw(r, "words")
		}
		return "pledge:" + words.Draw(r, "words")
	})
}

type sequence struct {
	uid   int
	pid   string
	cgo   bool
	calls []string
	// held are the words in force, "*" for all; veiled says that paths are hidden,
	// failed that a path could not be unveiled.
	held                   []string
	asked, veiled, blocked bool
	// lax is set if the last pledge accepted with BestEffort that something is missing.
	lax    bool
	failed map[string]bool
}

func (s *sequence) run(t *testing.T, r *rapid.T, bin string) {
	dir := testbed.Dir(t, s.uid)
	for _, name := range []string{"a", "b", "a/sub"} {
		os.Mkdir(filepath.Join(dir, name), 0o755)
		os.Chown(filepath.Join(dir, name), s.uid, -1)
	}
	for _, name := range []string{"a/f", "b/f", "a/moves"} {
		testbed.Write(t, s.uid, filepath.Join(dir, name), "", 0o644)
	}
	res := testbed.Run(t, s.uid, dir, []string{"SEQUENCE_DIR=" + dir, "SEQUENCE_PID=" + s.pid}, "", append([]string{bin}, s.calls...)...)
	lines := strings.Split(strings.TrimSuffix(res.Stdout, "\n"), "\n")
	if res.Status != 0 || len(lines) != len(s.calls)+1 {
		r.Fatalf("%q: status %d, it prints\n%s%s", s.calls, res.Status, res.Stdout, res.Stderr)
	}
	_, free, _ := strings.Cut(lines[0], " ")
	before := strings.Fields(free)
	if len(before) < len(needs)-1 { // memory is Yama's
		r.Fatalf("unconfined: only %q: that proves nothing", before)
	}
	s.held, s.failed = []string{"*"}, map[string]bool{}
	for i, call := range s.calls {
		word, text, _ := strings.Cut(lines[i+1], " ")
		after := strings.Fields(text)
		for _, p := range after {
			if !slices.Contains(before, p) {
				r.Fatalf("%q: after %q %s is admitted, which was not\n%s", s.calls, call, p, res.Stderr)
			}
		}
		if word == "nil" {
			s.accept(r, call, after)
		} else {
			s.refuse(r, call, i, lines, len(after) != len(before))
		}
		before = after
	}
}

// accept checks that what was asked for is in force.
func (s *sequence) accept(r *rapid.T, call string, after []string) {
	op, rest, _ := strings.Cut(call, ":")
	switch op {
	case "unveil":
		_, path, _ := strings.Cut(rest, ":")
		s.asked, s.failed[path] = true, false
	case "block":
		s.veiled, s.blocked = s.veiled || s.asked, true
	case "pledge", "best":
		s.held, s.lax = strings.Fields(rest), op == "best"
		if !slices.Contains(s.held, "unveil") {
			s.veiled, s.blocked = s.veiled || s.asked, true
		}
	}
	if op != "unveil" {
		for path, failed := range s.failed {
			if failed {
				r.Fatalf("%q: %q is accepted, though %s could not be unveiled", s.calls, call, path)
			}
		}
	}
	if s.veiled && (slices.Contains(after, "read-b") || slices.Contains(after, "write-b") || slices.Contains(after, "truncate-b")) {
		r.Fatalf("%q: after %q hidden files are open: %q", s.calls, call, after)
	}
	if s.held[0] == "*" {
		return
	}
	for _, p := range after {
		if s.cgo && s.lax && (p == "hosts" || p == "passwd") {
			continue // which Status says
		}
		if !slices.ContainsFunc(s.held, func(w string) bool { return slices.Contains(strings.Fields(needs[p]), w) }) {
			r.Fatalf("%q: after %q %s is admitted", s.calls, call, p)
		}
	}
	for _, w := range s.held {
		for _, p := range gives[w] {
			if !slices.Contains(after, p) && !s.excused(p) {
				r.Fatalf("%q: after %q %s is refused", s.calls, call, p)
			}
		}
	}
}

// excused: hidden paths, and what cannot be listed any more; see pledge.Status.
func (s *sequence) excused(probe string) bool {
	path := strings.Contains(probe, "read") || strings.Contains(probe, "write") || slices.Contains([]string{"hosts", "passwd", "null"}, probe)
	return s.veiled && path || s.cgo && (path || probe == "signal") && len(s.calls) > 1
}

// live says why a call has to be accepted: promises only shrink, so fewer words can
// be pledged whatever is held. With cgo that may take rpath.
func (s *sequence) live(call string) string {
	op, rest, _ := strings.Cut(call, ":")
	if op != "pledge" && op != "best" || s.cgo && s.held[0] != "*" && !slices.Contains(s.held, "rpath") {
		return ""
	}
	for _, failed := range s.failed {
		if failed {
			return ""
		}
	}
	for _, w := range strings.Fields(rest) {
		if s.held[0] != "*" && !slices.Contains(s.held, w) {
			return ""
		}
	}
	return "which takes nothing back"
}

// refuse checks that an error changed nothing, or lets nothing be pledged.
func (s *sequence) refuse(r *rapid.T, call string, i int, lines []string, changed bool) {
	if strings.HasPrefix(call, "unveil:") && !s.blocked {
		_, path, _ := strings.Cut(strings.TrimPrefix(call, "unveil:"), ":")
		s.failed[path] = s.held[0] == "*" || slices.Contains(s.held, "unveil")
	}
	if why := s.live(call); why != "" {
		r.Fatalf("%q: %q is refused, %s: %s", s.calls, call, why, lines[i+1])
	}
	if !changed {
		return
	}
	for j := i + 1; j < len(s.calls); j++ {
		if strings.HasPrefix(s.calls[j], "pledge:") && !strings.HasPrefix(lines[j+1], "error") {
			r.Fatalf("%q: %q failed and changed what is admitted, and %q is accepted", s.calls, call, s.calls[j])
		}
	}
}
