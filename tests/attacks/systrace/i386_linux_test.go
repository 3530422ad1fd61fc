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

// TestI386Places: an i386 program's chdir and chroot are judged by their paths and
// performed: what is permitted has the results that it has unconfined, what is not
// has none.
func TestI386Places(t *testing.T) {
	b := build(t)
	if !testbed.RunsI386(t) {
		t.Skip("this kernel runs no i386 programs")
	}
	program := filepath.Join(b.dir, "places32")
	must(t, exec.Command("gcc", "-m32", "-O1", "-static", "-nostdlib", "-fno-pie", "-no-pie", "-fno-stack-protector", "-o", program, "testdata/places32.c"))
	dir := testbed.Dir(t, 0)
	for _, name := range []string{"one/file", "one/sub/inner", "one/shut/inner", "sub/inner", "shut/inner"} {
		testbed.Write(t, 0, filepath.Join(dir, name), "", 0o644)
	}
	run := func(argv ...string) string {
		cmd := exec.Command(argv[0], argv[1:]...)
		cmd.Dir = filepath.Join(dir, "one")
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%v: %v\n%s", argv, err, out)
		}
		return string(out)
	}
	policy := filepath.Join(dir, "policy")
	write := func(deny ...string) {
		text := "Policy: " + program + ", Emulation: linux\n\tlinux-write: permit\n\tlinux-exit_group: permit\n\tlinux-execve: permit\n\tlinux-fsread: true then permit\n"
		for _, call := range []string{"chdir", "chroot"} {
			for _, path := range deny {
				text += "\tlinux-" + call + ": filename match \"" + path + "\" then deny[eperm]\n"
			}
			text += "\tlinux-" + call + ": filename match \"/*\" then permit\n"
		}
		testbed.Write(t, 0, policy, text, 0o644)
	}
	systrace := b.supervisor[false]
	bare := run(program)
	if !strings.Contains(bare, "chroot . 0\nopen /inner 6\n") {
		t.Fatalf("unconfined:\n%s", bare)
	}
	write()
	if got := run(systrace, "-a", "-e", "-f", policy, program); got != bare {
		t.Errorf("unconfined:\n%s\nconfined:\n%s", bare, got)
	}
	write(dir+"/shut", dir+"/one/shut")
	got := run(systrace, "-a", "-e", "-f", policy, program)
	if !strings.Contains(got, "chdir shut -1\nopen inner -2\nchdir ../sub 0\n") || !strings.Contains(got, "chroot ../shut -1\nopen /inner -2\nchroot . 0\n") {
		t.Errorf("refused:\n%s", got)
	}
}
