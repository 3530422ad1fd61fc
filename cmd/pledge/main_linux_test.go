package main

import (
	"os"
	"path/filepath"
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
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", bin+":"+os.Getenv("PATH"))
			e.Setenv("BIN", bin)
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("XDG_CONFIG_HOME", e.WorkDir+"/config")
			return os.Chmod(e.WorkDir, 0o755)
		},
	})
}
