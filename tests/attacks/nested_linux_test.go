package attacks

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// What an outer launch performs does not go past the unveil of an inner one.
func TestNestedTemporary(t *testing.T) {
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		secret := "/tmp/pledge-test-" + strconv.Itoa(os.Getpid())
		t.Cleanup(func() { os.Remove(secret) })
		inner := []string{pledge, "-q", "stdio rpath wpath cpath", "-u", "rwxc:" + dir, "-u", "rx:" + filepath.Dir(bin), "--", bin, "temp", secret}
		outer := append([]string{pledge, "-q", "stdio rpath wpath tmppath exec proc", "--"}, inner...)
		run := func(argv ...string) string {
			if err := os.WriteFile(secret, []byte("secret\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			os.Chown(secret, uid, uid)
			defer os.Remove(secret)
			return testbed.Run(t, uid, dir, nil, "", argv...).Stdout
		}
		if r := run(bin, "temp", secret); !strings.Contains(r, "open: ok") {
			t.Fatalf("unconfined: %q", r)
		}
		for _, argv := range [][]string{inner, outer} {
			if r := run(argv...); !strings.Contains(r, "open: Permission denied") {
				t.Errorf("%q: %q", argv, r)
			}
		}
	})
}

// The program reaches none of the launcher's threads and helpers, of which some
// are in a domain that is around its own.
func TestLauncherOutOfReach(t *testing.T) {
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		alone := testbed.Run(t, uid, dir, nil, "", "sh", "-c", bin+" above; :").Stdout
		if !strings.Contains(alone, "signal: ok") || !strings.Contains(alone, "memory: ok") {
			t.Fatalf("unconfined: %q: it proves nothing", alone)
		}
		for _, options := range [][]string{{"stdio rpath"}, {"--kill", "stdio rpath proc"}, {"stdio rpath", "-u", "rx:/"}, {"stdio rpath proc id", "--kill"}, {"--keep-caps", "--kill", "stdio rpath wpath proc"}} {
			r := testbed.Run(t, uid, dir, nil, "", append(append([]string{pledge, "-q"}, options...), "--", bin, "above")...)
			if !strings.Contains(r.Stdout, "memory: Operation not permitted") {
				t.Errorf("%q: %+v", options, r)
			}
			if options[0] == "--kill" && !strings.Contains(r.Stdout, "signal: Operation not permitted") {
				t.Errorf("%q: %+v", options, r)
			}
		}
	})
}

// Many who ask at once all get what the rules allow, also where the launcher may
// have few descriptors.
func TestCrowd(t *testing.T) {
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		r := testbed.Run(t, uid, testbed.Dir(t, uid), nil, "", "sh", "-c", `ulimit -n 200; exec "$0" stdio -- "$1" crowd 150`, pledge, bin)
		if r.Stdout != "all opened: ok\n" || r.Stderr != "" {
			t.Errorf("%+v", r)
		}
	})
}
