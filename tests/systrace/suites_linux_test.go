package systrace

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/tests/internal/bypath"
)

// suites are Go's own tests of what it asks the kernel for.
var suites = []string{"os", "path/filepath", "io/fs", "os/user", "os/exec", "os/signal", "syscall", "net"}

// unlike are the tests that end otherwise under systrace, and why.
var unlike = map[string]string{
	"TestCloneTimeNamespace": "skipped: clone3 answers ENOSYS, its flags lie in memory",
	"TestPidFDClone3":        "skipped: clone3 answers ENOSYS",
}

// TestSuites runs tests that nobody here wrote, confined by path: each must end
// as it does without.
func TestSuites(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	if testing.Short() {
		t.Skip("long")
	}
	source := filepath.Join(strings.TrimSpace(output(t, "go", "env", "GOROOT")), "src")
	dir, supervisor := testbed.Dir(t, 0), testbed.Systrace(t)
	os.Chmod(dir, 0o755)
	for _, suite := range suites {
		t.Run(suite, func(t *testing.T) {
			program := filepath.Join(dir, strings.ReplaceAll(suite, "/", "_"))
			build := exec.Command("go", "test", "-c", "-o", program, suite)
			build.Env = append(os.Environ(), "CGO_ENABLED=0")
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			testbed.Write(t, 0, program+".policy", bypath.Policy(program, "linux64", nil), 0o644)
			argv := []string{program, "-test.short", "-test.v"}
			confined := append([]string{supervisor, "-a", "-i", "-e", "-U", "-f", program + ".policy"}, argv...)
			want := verdicts(testbed.Run(t, os.Getuid(), filepath.Join(source, suite), nil, "", argv...))
			r := testbed.Run(t, os.Getuid(), filepath.Join(source, suite), nil, "", confined...)
			if len(want) == 0 {
				t.Fatal("no test ran")
			}
			for name, verdict := range verdicts(r) {
				if test, _, _ := strings.Cut(name, "/"); want[name] != verdict && unlike[test] == "" {
					t.Errorf("%s: %s, want %s", name, verdict, want[name])
				}
			}
			if t.Failed() {
				t.Logf("%.4000s", r.Stderr)
			}
		})
	}
}

func output(t *testing.T, argv ...string) string {
	out, err := exec.Command(argv[0], argv[1:]...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

var verdict = regexp.MustCompile(`--- (PASS|FAIL|SKIP): (\S+)`)

// verdicts are how each test ended.
func verdicts(r testbed.Result) map[string]string {
	ends := map[string]string{}
	for _, m := range verdict.FindAllStringSubmatch(r.Stdout, -1) {
		ends[m[2]] = m[1]
	}
	return ends
}
