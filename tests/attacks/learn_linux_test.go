package attacks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// A ceiling is a directory for a program that is learned, and a secret that it does
// not show.
type ceiling struct {
	uid             int
	dir, in, secret string
	pledge          string
}

func newCeiling(t *testing.T, uid int, secret string) *ceiling {
	dir := testbed.Dir(t, uid)
	x := &ceiling{uid: uid, dir: dir, in: filepath.Join(dir, "in"), secret: filepath.Join(dir, secret), pledge: testbed.Pledge(t)}
	for _, d := range []string{"in", "in/d", "in/ab", "priv"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			t.Fatal(err)
		}
		os.Chown(filepath.Join(dir, d), uid, uid)
	}
	testbed.Write(t, uid, x.secret, "topsecret", 0o600)
	testbed.Write(t, uid, filepath.Join(x.in, "d/s"), "mine", 0o600)
	testbed.Write(t, uid, filepath.Join(x.in, "ab/0123456789abcdef0123"), "", 0o600)
	testbed.Write(t, uid, filepath.Join(x.in, "script"), "#!/bin/true\n", 0o700)
	return x
}

func (x *ceiling) run(t *testing.T, argv ...string) testbed.Result {
	// In a home directories would be shown less readily.
	return testbed.Run(t, x.uid, x.in, []string{"HOME=/nowhere"}, "", argv...)
}

// held fails if the secret was read or written.
func (x *ceiling) held(t *testing.T, what string, r testbed.Result) {
	t.Helper()
	text, err := os.ReadFile(x.secret)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(r.Stdout+r.Stderr, "topsecret") || string(text) != "topsecret" {
		t.Errorf("%s: beyond the ceiling: the secret is now %q: %+v", what, text, r)
	}
}

// What was learned within a ceiling is names, and the program has had its hands on
// what they lead to: neither --check nor the learned command shows it more than the
// ceiling did.
func TestLearnedWithin(t *testing.T) {
	bin := buildC(t, "learn.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		for attack, options := range map[string]string{
			"swap": "-u rwc:.", "store": "-u rwc:ab", "script": "-u rwxc:. -u x:/usr -u x:/bin -u x:/lib -u x:/lib64",
		} {
			secret := "priv/s"
			if attack == "store" {
				secret = "in/s"
			}
			x := newCeiling(t, uid, secret)
			if r := x.run(t, bin, attack, x.secret); !strings.Contains(r.Stdout, "topsecret") {
				t.Fatalf("%s, unconfined: %+v", attack, r)
			}
			x = newCeiling(t, uid, secret)
			out := filepath.Join(x.dir, "learned")
			argv := append([]string{x.pledge, "learn", "--within", "stdio rpath wpath cpath proc exec", "-o", out, "--check"}, strings.Fields(existing(options))...)
			r := x.run(t, append(argv, "--", bin, attack, x.secret)...)
			x.held(t, attack+" with --check", r)
			if !strings.Contains(r.Stdout, "direct: Permission denied") || !strings.Contains(r.Stderr, "check") {
				t.Errorf("%s: not run: %+v", attack, r)
			}
			path := "PATH=" + filepath.Dir(x.pledge) + ":" + os.Getenv("PATH")
			x.held(t, attack+", learned", testbed.Run(t, uid, x.in, []string{path}, "", "sh", out))
		}
	})
}

// existing leaves out the paths that are not there.
func existing(options string) string {
	var kept []string
	for _, u := range strings.Split(options, "-u ") {
		if _, path, _ := strings.Cut(strings.TrimSpace(u), ":"); path != "" {
			if _, err := os.Stat(path); err == nil || path[0] != '/' {
				kept = append(kept, "-u "+strings.TrimSpace(u))
			}
		}
	}
	return strings.Join(kept, " ")
}

// The same options twice: a path below one that may be created in is a link the
// next time.
func TestPlantedBelow(t *testing.T) {
	bin := buildC(t, "learn.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, options := range []string{"-u rwc:. -u rwxc:d/s", "-u rc:. -u rwc:d", "-u rwc:. -u rwc:d", "-u c:. -u rwc:d/s"} {
			x := newCeiling(t, uid, "priv/s")
			argv := append([]string{x.pledge}, strings.Fields(options)...)
			argv = append(argv, "stdio rpath wpath cpath", "--", bin, "swap", x.secret)
			first := x.run(t, argv...)
			if !strings.Contains(first.Stdout, "d/s: mine") || !strings.Contains(first.Stdout, "link 0") {
				t.Errorf("%s: not planted: %+v", options, first)
			}
			r := x.run(t, argv...)
			x.held(t, options, r)
			refused(t, options, r, "through the link")
		}
	})
}

// The program that is learned exchanges where the result goes, for a link to what
// the ceiling does not show it.
func TestLearnedOutputs(t *testing.T) {
	bin := buildC(t, "learn.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, options := range []string{"-o OUT", "-o OUT --as toml", "--merge OUT --as toml", "-o /dev/null --html OUT"} {
			for attack, out := range map[string]string{"plant": "out", "plantdir": "d/out", "plantname": "d/s"} {
				x := newCeiling(t, uid, "priv/s")
				argv := []string{x.pledge, "learn", "--within", "stdio rpath wpath cpath", "-u", "rwc:."}
				argv = append(argv, strings.Fields(strings.ReplaceAll(options, "OUT", out))...)
				if out == "d/s" {
					testbed.Write(t, uid, filepath.Join(x.in, out), "promises = 'stdio'\n", 0o600)
				}
				r := x.run(t, append(argv, "--", bin, strings.Replace(attack, "name", "dir", 1), x.secret, out)...)
				x.held(t, options+", "+attack, r)
				names, err := os.ReadDir(filepath.Dir(x.secret))
				if err != nil || len(names) != 1 {
					t.Errorf("%s, %s: made beyond the ceiling: %v, %v", options, attack, names, err)
				}
				written := filepath.Join(x.in, strings.Replace(out, "d/", "e/", 1))
				if text, err := os.ReadFile(written); !strings.Contains(string(text), "wpath") || !strings.Contains(r.Stdout, "link 0") {
					t.Errorf("%s, %s: %q, %v: %+v", options, attack, text, err, r)
				}
			}
		}
	})
}

// What the program prints is no part of a result that is run.
func TestResultIsItsOwn(t *testing.T) {
	testbed.Users(t, func(t *testing.T, uid int) {
		dir, pledge := testbed.Dir(t, uid), testbed.Pledge(t)
		const printing = ` sh -c 'echo "touch PLANTED"' `
		path := []string{"PATH=" + filepath.Dir(pledge) + ":" + os.Getenv("PATH")}
		r := testbed.Run(t, uid, dir, path, "", "sh", "-c", "pledge learn -o - --check --"+printing+">script; head -n 1 script; PATH=/nowhere; . ./script")
		if _, err := os.Stat(filepath.Join(dir, "PLANTED")); err == nil || !strings.HasPrefix(r.Stdout, "# learned ") || strings.Count(r.Stderr, "touch PLANTED\n") != 2 {
			t.Errorf("%v: %+v", err, r)
		}
		refused(t, "one file", testbed.Run(t, uid, dir, path, "", "sh", "-c", "pledge learn -o - -- echo PLANTED >both 2>&1; s=$?; cat both >&2; exit $s"), "are one file")
	})
}
