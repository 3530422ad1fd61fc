package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pledge-linux/pledge/internal/testbed"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"systrace": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Condition: func(cond string) (bool, error) {
			if cond == "root" {
				return os.Geteuid() == 0, nil
			}
			if cond == "i386" {
				return testbed.RunsI386(t), nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("LC_ALL", "C")
			for dir := e.WorkDir; dir != filepath.Dir(os.TempDir()) && dir != os.TempDir(); dir = filepath.Dir(dir) {
				if err := os.Chmod(dir, 0o755); err != nil { // other users run what is in it
					return err
				}
			}
			source, err := os.ReadFile("testdata/show.c")
			if err == nil {
				err = os.WriteFile(e.WorkDir+"/show.c", source, 0o644)
			}
			if err != nil {
				return err
			}
			// A program of two calls or so, whose policies are short.
			cmd := exec.Command("gcc", "-static", "-O1", "-o", e.WorkDir+"/show", "testdata/show.c")
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("gcc: %w: %s", err, out)
			}
			return nil
		},
	})
}
