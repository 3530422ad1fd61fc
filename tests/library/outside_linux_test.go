package library

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// outside is a program of another module that runs another one, with a place for
// reports of its own.
const outside = `package main

import (
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/pledge-linux/pledge/compat/convert"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/launcher/event"
	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/promises/explain"
	"github.com/pledge-linux/pledge/unveil"
)

type sink struct{ refused []*event.Event }

func (s *sink) Event(e *event.Event) error { s.refused = append(s.refused, e); return nil }
func (s *sink) Summary(line string) error  { fmt.Println(line); return nil }

const policy = "Policy: /bin/cat, Emulation: native\n\tnative-fsread: filename eq \"/etc/hostname\" then permit\n"

// imported is the command line that a policy of systrace becomes.
func imported() string {
	file, err := syntax.Parse("bin_cat", []byte(policy), syntax.Options{})
	if err != nil {
		log.Fatal(err)
	}
	there := func(string) bool { return true }
	r := convert.Section(file.Sections[0], convert.Options{Exists: there, IsDir: func(string) bool { return false }})
	return r.Command()
}

// explained are the words of the lines that decide a call.
func explained() (words []string) {
	lines, err := explain.Call("flock")
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range lines {
		words = append(words, l.Needs.String())
	}
	return words
}

func main() {
	set, err := promises.Parse("stdio")
	if err != nil {
		log.Fatal(err)
	}
	plan := &unveil.Plan{}
	if err := plan.Add("/usr", unveil.Read|unveil.Exec); err != nil {
		log.Fatal(err)
	}
	s := &sink{}
	report := &launcher.Report{Sinks: []event.Sink{s, event.Lines{W: event.FD(2)}}}
	status, err := launcher.Run(&launcher.Spec{Argv: []string{"cat", "/etc/hostname"}, Env: os.Environ(), Promises: set, Unveil: plan, Report: report})
	fmt.Println(status, err, report.Close(), report.Total(), len(s.refused), s.refused[0].Promise)
	fmt.Println(imported())
	fmt.Println(explained())
	err = pledge.Promises("no such word")
	fmt.Println(err, errors.Is(err, pledge.ErrNotSupported))
}
`

// Another module can launch programs and take the reports, import policies of
// systrace, ask which words a call takes, and build for other systems.
func TestOutside(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := testbed.Dir(t, os.Getuid())
	gomod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	const module = "module github.com/pledge-linux/pledge\n"
	text := strings.Replace(string(gomod), module, "module example.com/outside\n\nrequire github.com/pledge-linux/pledge v0.0.0\n\nreplace github.com/pledge-linux/pledge => "+root+"\n", 1)
	testbed.Write(t, os.Getuid(), filepath.Join(dir, "go.mod"), text, 0o644)
	testbed.Write(t, os.Getuid(), filepath.Join(dir, "go.sum"), string(sum), 0o644)
	testbed.Write(t, os.Getuid(), filepath.Join(dir, "main.go"), outside, 0o644)
	build := exec.Command("go", "build", "-mod=mod", "-o", "program", ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOPROXY=off", "GOFLAGS=", "GOWORK=off", "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, system := range []string{"linux", "openbsd", "darwin"} {
		vet := exec.Command("go", "vet", "-mod=mod", ".")
		vet.Dir, vet.Env = dir, append(build.Env, "GOOS="+system)
		if out, err := vet.CombinedOutput(); err != nil {
			t.Errorf("go vet for %s: %v\n%s", system, err, out)
		}
	}
	r := testbed.Run(t, os.Getuid(), dir, nil, "", filepath.Join(dir, "program"))
	want := "pledge: refused 1 call; to allow, add \"rpath\"\n1 <nil> <nil> 1 1 rpath\n" +
		`pledge "rpath" -u "r:/etc/hostname" -- "/bin/cat" "$@"` + "\n[flock]\npledge: invalid promise \"no\": see \"pledge explain\" false\n"
	if r.Status != 0 || r.Stdout != want || !strings.Contains(r.Stderr, `openat("/etc/hostname", O_RDONLY): needs promise "rpath"`) {
		t.Errorf("%+v\nwant %s", r, want)
	}
}
