package systrace

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// TestElevated: what is opened by root for a program that is not root must not
// be chosen by the program: neither by links that change places with
// directories, nor by descriptors, nor by paths that change.
func TestElevated(t *testing.T) {
	if os.Getuid() != 0 {
		testbed.Skip(t, "root, for rules with \"as\"")
	}
	b := build(t)
	windows := filepath.Join(b.dir, "windows")
	must(t, exec.Command("gcc", "-O1", "-static", "-pthread", "-o", windows, "testdata/windows.c"))
	attack := b.attack
	for _, a := range []struct{ program, args string }{
		{attack, "swap DIR/real DIR/link DIR/real/file"},
		{attack, "open DIR/good DIR/evil"},
		{attack, "process DIR/good DIR/evil"},
		{windows, "juggle DIR/real DIR/hell"},
	} {
		t.Run(strings.Fields(a.args)[0], func(t *testing.T) {
			const nobody = 65534
			b.attack = a.program
			dir := b.ground(t, nobody)
			for _, secret := range []string{"evil", "hell/file"} { // root could read them, the program cannot
				os.Chown(filepath.Join(dir, secret), 0, 0)
				os.Chmod(filepath.Join(dir, secret), 0o600)
			}
			fill := strings.NewReplacer("DIR", dir)
			policy := strings.ReplaceAll(b.policy("linux64", dir)+fill.Replace(beyond), "match \""+dir+"/good\" then permit", "match \""+dir+"/good\" then permit as root")
			policy = strings.ReplaceAll(policy, "match \""+dir+"/real\" then permit", "match \""+dir+"/real\" then permit as root")
			policy = strings.ReplaceAll(policy, "	linux64-fsread: filename match \"SLOW\" then permit\n", "")
			if strings.Count(policy, "as root") != 2 {
				t.Fatalf("%s", policy)
			}
			testbed.Write(t, 0, filepath.Join(b.dir, "elevated"), policy, 0o644)
			argv := append([]string{b.supervisor[false], "-c", "nobody:nogroup", "-a", "-e", "-U", "-f", filepath.Join(b.dir, "elevated"), b.attack}, strings.Fields(fill.Replace(a.args))...)
			r := testbed.Run(t, 0, dir, []string{"PATH=/usr/bin:/bin", "SECONDS=" + seconds()}, "", argv...)
			if r.Status != 0 {
				t.Errorf("status %d, want 0\n%.1000s%.1000s", r.Status, r.Stdout, r.Stderr)
			}
		})
	}
}
