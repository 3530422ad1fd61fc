package learn

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// TestCodeIsLearned: making code of what is code already takes prot_exec, whoever does it but
// arm64's loader: the learned words have it.
func TestCodeIsLearned(t *testing.T) {
	testbed.Need(t, "gcc")
	dir := testbed.Dir(t, os.Getuid())
	source, program := filepath.Join(dir, "code.c"), filepath.Join(dir, "code")
	testbed.Write(t, os.Getuid(), source, `#include <sys/mman.h>
static int code(void) { return 0; }
int main(void) { return mprotect((void *)((long)code & ~4095L), 4096, PROT_READ | PROT_EXEC) != 0; }
`, 0o644)
	if out, err := exec.Command("gcc", "-o", program, source).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r := testbed.Run(t, os.Getuid(), dir, nil, "", testbed.Pledge(t), "learn", "--", program)
	if r.Status != 0 || !strings.Contains(r.Stdout+r.Stderr, `pledge "stdio prot_exec"`) {
		t.Errorf("status %d\n%s%s", r.Status, r.Stdout, r.Stderr)
	}
}
