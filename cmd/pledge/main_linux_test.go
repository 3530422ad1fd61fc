package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// The scripts run the commands as they are installed, one beside the other.
func TestScripts(t *testing.T) {
	bin := filepath.Dir(testbed.Pledge(t))
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "root":
				return os.Geteuid() == 0, nil
			case "static": // the race detector needs C
				return os.Getenv("TESTS_RACE") == "", nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+":"+os.Getenv("PATH"))
			e.Setenv("BIN", bin)
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CONFIG_HOME", e.WorkDir+"/config")
			return os.Chmod(e.WorkDir, 0o755)
		},
	})
}

// Nothing that a launch does not need is made before main begins: no package of
// ours has a variable that takes code, and none that is heavy is linked.
func TestNothingBeforeMain(t *testing.T) {
	cmd := exec.Command(testbed.Pledge(t), "stdio", "--", "true")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "init runtime @") {
		t.Fatalf("%v\n%s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "init" && (strings.Contains(f[1], ".") && f[1] != "golang.org/x/sys/unix" || heavy[f[1]]) {
			t.Errorf("made at every start: %s", line)
		}
	}
}

var heavy = map[string]bool{"net": true, "net/netip": true, "encoding/json": true, "encoding/base64": true, "debug/elf": true, "regexp": true,
	"compress/flate": true, "log": true, "flag": true, "context": true, "text/template": true}
