package systrace

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// TestOldPolicies: policies of systrace's and the BSDs' own regression tests are
// in force. They know neither today's libraries nor today's calls: what is
// missing is learned into them, without a rule of theirs being lost.
func TestOldPolicies(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	files := testbed.SystraceCorpus(t)
	testbed.Need(t, "nm", "gcc")
	supervisor := testbed.Systrace(t)
	for name, command := range map[string][]string{"uniq.policy": {"uniq", "data"}, "nm.policy": {"nm", "prog"}, "id.policy": {"id"}} {
		for _, file := range files {
			if !strings.HasPrefix(filepath.Base(file), name) || !strings.Contains(file, "regress") {
				continue
			}
			t.Run(filepath.Base(file), func(t *testing.T) {
				program, err := exec.LookPath(command[0])
				if err == nil {
					program, err = filepath.EvalSymlinks(program)
				}
				if err != nil {
					t.Fatal(err)
				}
				dir := testbed.Dir(t, 0)
				testbed.Write(t, 0, filepath.Join(dir, "data"), "a\na\nb\n", 0o644)
				testbed.Write(t, 0, filepath.Join(dir, "prog.c"), "int main(){return 0;}", 0o644)
				if out, err := exec.Command("gcc", "-o", filepath.Join(dir, "prog"), filepath.Join(dir, "prog.c")).CombinedOutput(); err != nil {
					t.Fatalf("%s", out)
				}
				old, rules := headedFor(t, file, program)
				policies := filepath.Join(dir, "policies")
				stored := filepath.Join(policies, policy.FileName(program))
				testbed.Write(t, 0, stored, old, 0o600)
				run := func(argv ...string) testbed.Result { return testbed.Run(t, 0, dir, nil, "", argv...) }
				bare := run(command...)
				first := run(append([]string{supervisor, "-a", "-e", "-d", policies}, command...)...)
				if !strings.Contains(first.Stderr, "systrace: deny") {
					t.Errorf("nothing of today was missing in it: %+v", first)
				}
				run(append([]string{supervisor, "-A", "-d", policies}, command...)...)
				again := run(append([]string{supervisor, "-a", "-e", "-d", policies}, command...)...)
				if again.Status != bare.Status || again.Stdout != bare.Stdout || again.Stderr != bare.Stderr {
					t.Errorf("after learning: %+v, want %+v", again, bare)
				}
				text, err := os.ReadFile(stored)
				if err != nil {
					t.Fatal(err)
				}
				for _, rule := range rules {
					if !strings.Contains(string(text), rule) {
						t.Errorf("%q is lost", rule)
					}
				}
			})
		}
	}
}

// headedFor is a policy with the name of a program of here, and its rules.
func headedFor(t *testing.T, file, program string) (text string, rules []string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if _, rest, ok := strings.Cut(line, ","); strings.HasPrefix(line, "Policy: ") && ok {
			line = "Policy: " + program + "," + rest
		} else if call, _, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && !strings.HasPrefix(line, "#") {
			rules = append(rules, call)
		}
		text += line
	}
	return text, rules
}
