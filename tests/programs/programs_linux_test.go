package programs

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// Every program does its job under its promises, as root and as an ordinary
// user, with nothing refused; and what goes beyond is refused and named.
func TestPrograms(t *testing.T) {
	pledge := testbed.Pledge(t)
	for _, p := range Table {
		t.Run(p.Name, func(t *testing.T) {
			testbed.Need(t, p.Needs...)
			if strings.Contains(p.Name, "i386") && !testbed.RunsI386(t) {
				testbed.Users(t, func(t *testing.T, uid int) { refusedByKernel(t, pledge, p, uid) })
				return
			}
			testbed.Users(t, func(t *testing.T, uid int) { check(t, pledge, p, uid) })
		})
	}
}

func check(t *testing.T, pledge string, p Program, uid int) {
	dir := testbed.Dir(t, uid)
	testbed.Write(t, uid, filepath.Join(dir, "f"), "hello\n", 0o644)
	testbed.Write(t, uid, filepath.Join(dir, "d/a.c"), "int main(){return 0;}\n", 0o644)
	testbed.Write(t, uid, filepath.Join(dir, "d/e/b.c"), "int main(){}\n", 0o644)
	env := []string{"T=" + dir}
	shell := func(script string) testbed.Result {
		return testbed.Run(t, uid, dir, env, "", "sh", "-c", expand(p, pledge, dir, script))
	}
	if p.Setup != "" {
		if r := shell(p.Setup); r.Status != 0 {
			t.Fatalf("setup: %+v", r)
		}
	}
	r := shell(p.Run)
	if r.Status != 0 || r.Stdout != p.Want {
		t.Errorf("%s: status %d, stdout %q, want %q\n%s", p.Run, r.Status, r.Stdout, p.Want, r.Stderr)
	}
	if strings.Contains(r.Stderr, "pledge: ") {
		t.Errorf("%s: refused though it works:\n%s", p.Run, r.Stderr)
	}
	if r := shell(p.Beyond); !strings.Contains(r.Stderr, p.Report) {
		t.Errorf("%s: status %d, the report does not say %s:\n%s", p.Beyond, r.Status, p.Report, r.Stderr)
	}
}

// refusedByKernel: a program that the kernel does not run is told so.
func refusedByKernel(t *testing.T, pledge string, p Program, uid int) {
	dir := testbed.Dir(t, uid)
	r := testbed.Run(t, uid, dir, []string{"T=" + dir}, "", "sh", "-c", p.Setup+"\n"+expand(p, pledge, dir, p.Run))
	if r.Status != 126 || !strings.Contains(r.Stderr, "this kernel runs no 386 programs") {
		t.Errorf("%+v, want status 126 and why", r)
	}
}

// expand puts the command and the promises in place.
func expand(p Program, pledge, dir, script string) string {
	confined := pledge + " '" + p.Promises + "'"
	for _, u := range p.Unveil {
		confined += " -u " + strings.ReplaceAll(u, "$T", dir)
	}
	script = strings.ReplaceAll(script, "$P --report-unveil ", confined+" --report-unveil -- ")
	script = strings.ReplaceAll(script, "$P ", confined+" -- ")
	return "pledge() { " + pledge + " \"$@\"; }; " + script
}
