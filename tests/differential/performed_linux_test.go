package differential

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// count is how many calls are compared: PERFORMED more on demand.
func count(t *testing.T) int {
	if n, err := strconv.Atoi(os.Getenv("PERFORMED")); err == nil {
		return n
	}
	return 4000
}

// Calls on sockets that are performed give what they give unconfined.
func TestPerformedCalls(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	bin := filepath.Join(dir, "calls")
	if out, err := exec.Command("gcc", "-O1", "-static", "-o", bin, "testdata/calls.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	const words = "stdio rpath wpath cpath unix inet sendfd recvfd"
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, options := range [][]string{{words}, {"-u", "rwc:.", words}} {
			seed := time.Now().UnixNano() & 0xffffff
			if s, err := strconv.ParseInt(os.Getenv("SEED"), 10, 64); err == nil {
				seed = s
			}
			const each = 500
			for n := 0; n < count(t)/2; n += each {
				compare(t, uid, bin, strconv.FormatInt(seed+int64(n), 10), strconv.Itoa(each), append([]string{pledge}, options...))
			}
		}
	})
}

func compare(t *testing.T, uid int, bin, seed, n string, launcher []string) {
	t.Helper()
	alone, under := testbed.Dir(t, uid), testbed.Dir(t, uid)
	want := testbed.Run(t, uid, alone, nil, "", bin, seed, n)
	got := testbed.Run(t, uid, under, nil, "", append(launcher, "--", bin, seed, n)...)
	if got.Status != want.Status || got.Stderr != "" {
		t.Errorf("seed %s, %q: status %d, want %d; %s", seed, launcher, got.Status, want.Status, got.Stderr)
	}
	w, g := strings.Split(want.Stdout, "\n"), strings.Split(got.Stdout, "\n")
	if len(w) < 2 {
		t.Fatalf("seed %s: nothing was done: %+v", seed, want)
	}
	for i := range w {
		if i >= len(g) || g[i] != w[i] {
			have := "nothing"
			if i < len(g) {
				have = g[i]
			}
			t.Errorf("seed %s, %q, call %d:\n got %s\nwant %s", seed, launcher[1:], i, have, w[i])
			return
		}
	}
}
