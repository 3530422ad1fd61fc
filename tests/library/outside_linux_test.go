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
	"fmt"
	"log"
	"os"

	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/launcher/event"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

type sink struct{ refused []*event.Event }

func (s *sink) Event(e *event.Event) error { s.refused = append(s.refused, e); return nil }
func (s *sink) Summary(line string) error  { fmt.Println(line); return nil }

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
}
`

// Another module can launch programs and take the reports.
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
	r := testbed.Run(t, os.Getuid(), dir, nil, "", filepath.Join(dir, "program"))
	want := "pledge: refused 1 call; to allow, add \"rpath\"\n1 <nil> <nil> 1 1 rpath\n"
	if r.Status != 0 || r.Stdout != want || !strings.Contains(r.Stderr, `openat("/etc/hostname", O_RDONLY): needs promise "rpath"`) {
		t.Errorf("%+v\nwant %s", r, want)
	}
}
