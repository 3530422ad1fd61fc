package terminal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// An interrupt ends the program, and with it the learning: what was learned is
// there, and the status is the program's.
func TestLearnInterrupted(t *testing.T) {
	for _, test := range []struct {
		name, script string
		waits        []string // for these before the interrupt
		status       int
		learned      string
	}{
		{"by default", "cat f; while :; do sleep 0.05; done", []string{"text"}, 130, `pledge "stdio rpath proc exec"`},
		{"a handler", `trap "echo caught; exit 5" INT; echo ready; while :; do sleep 0.05; done`, []string{"ready"}, 5, `proc exec" \`},
		// A daemon that the program has left behind is watched until then.
		{"a daemon", `setsid sh -c "sleep 0.3; cat f; sleep 5" & echo started`, []string{"interrupt to end that", "text"}, 0, `/f"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := testbed.Dir(t, os.Getuid())
			testbed.Write(t, os.Getuid(), filepath.Join(dir, "f"), "text\n", 0o644)
			x := testbed.OpenTerminal(t, os.Getuid(), dir, nil, testbed.Pledge(t), "learn", "-o", "learned", "--", "sh", "-c", test.script)
			for _, text := range test.waits {
				x.Expect(text, 0)
			}
			x.Type("\x03")
			if status := x.Wait(); status != test.status {
				t.Errorf("status %d, want %d", status, test.status)
			}
			learned, err := os.ReadFile(filepath.Join(dir, "learned"))
			if err != nil || !strings.Contains(string(learned), test.learned) {
				t.Errorf("%v: no %s in\n%s", err, test.learned, learned)
			}
		})
	}
}

// A program that needs the terminal has it.
func TestLearnLess(t *testing.T) {
	testbed.Need(t, "less")
	x := open(t, `seq 500 >n; LESSHISTFILE=- pledge learn -o learned -- less n; echo status=$?; LESSHISTFILE=- sh learned; echo again=$?`)
	for _, end := range []string{"status=0", "again=0"} {
		at := x.Expect("23", 0)
		x.Type("G")
		at = x.Expect("500", at)
		x.Type("q")
		x.Expect(end, at)
	}
	if strings.Contains(x.Seen(), "pledge: ") {
		t.Errorf("something was refused: %q", x.Seen())
	}
}

// How far a long run is, is said on the terminal where the program writes
// elsewhere, and otherwise only on request.
func TestLearnProgress(t *testing.T) {
	x := open(t, `pledge learn -o learned -- sh -c 'cat /etc/hostname; sleep 1.5' >out; echo status=$?; cat out learned >/dev/null`)
	x.Expect(`paths, "stdio rpath proc exec" so far`, 0)
	x.Expect("status=0", 0)
	dir := testbed.Dir(t, os.Getuid())
	for option, want := range map[string]bool{"": false, "--progress": true} {
		argv := []string{testbed.Pledge(t), "learn", "-o", filepath.Join(dir, "learned")}
		if option != "" {
			argv = append(argv, option)
		}
		r := testbed.Run(t, os.Getuid(), dir, nil, "", append(argv, "--", "sleep", "1.5")...)
		if got := strings.Contains(r.Stderr, "so far"); got != want {
			t.Errorf("%q: %+v", option, r)
		}
	}
}
