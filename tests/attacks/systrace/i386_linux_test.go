package systrace

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// TestI386: the races by i386 programs, and i386's calls by a program of amd64.
func TestI386(t *testing.T) {
	b := build(t)
	if !testbed.RunsI386(t) {
		t.Skip("this kernel runs no i386 programs")
	}
	amd64, i386 := b.attack, filepath.Join(b.dir, "attack32")
	must(t, exec.Command("gcc", "-m32", "-O1", "-static", "-pthread", "-o", i386, "testdata/attack.c"))
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, a := range []struct {
			program, emulation, args string
			naive                    int // -1: it is not run
		}{
			{i386, "linux", "open DIR/good DIR/evil", 1},
			{i386, "linux", "process DIR/good DIR/evil", 1},
			{i386, "linux", "unlink DIR/good DIR/evil", 1},
			{i386, "linux", "exec DIR/runs DIR/bans", 1},
			{i386, "native", "open DIR/good DIR/evil", 1},
			{amd64, "linux64", "int80 DIR/good DIR/evil", -1},
		} {
			t.Run(a.emulation+" "+strings.Fields(a.args)[0], func(t *testing.T) {
				b.attack = a.program
				for naive, want := range map[bool]int{true: a.naive, false: 0} {
					if want < 0 {
						continue
					}
					r := won(want, func() testbed.Result {
						dir := b.ground(t, uid)
						r := b.run(t, uid, naive, a.emulation, dir, strings.Fields(strings.ReplaceAll(a.args, "DIR", dir))...)
						if strings.HasPrefix(a.args, "unlink") && !exists(filepath.Join(dir, "evil")) {
							r.Status = 1
						}
						return r
					})
					if r.Status != want {
						t.Errorf("naive %v: status %d, want %d\n%.1000s%.1000s", naive, r.Status, want, r.Stdout, r.Stderr)
					}
				}
			})
		}
	})
}
