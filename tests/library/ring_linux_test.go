package library

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// A ring of io_uring makes calls that no layer sees: with one a process is not
// confined, and told so.
func TestRings(t *testing.T) {
	testbed.Need(t, "gcc")
	if landlock.ABI() < 3 {
		testbed.Skip(t, "Landlock ABI 3")
	}
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	bin := filepath.Join(dir, "ring")
	cmd := exec.Command("go", "build", "-o", bin, "./testdata/ring")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, kept := range []string{"open", "closed"} {
			for _, how := range []string{"pledge", "best", "block"} {
				r := testbed.Run(t, uid, testbed.Dir(t, uid), nil, "", bin, kept, how)
				if strings.Contains(r.Stdout, "no ring") {
					testbed.Skip(t, "io_uring: "+r.Stdout)
				}
				if !strings.HasPrefix(r.Stdout, "true ") || !strings.Contains(r.Stdout, "io_uring") {
					t.Errorf("%s, %s: %+v", kept, how, r)
				}
			}
		}
	})
}
