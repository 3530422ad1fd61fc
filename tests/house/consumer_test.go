package house

import (
	"debug/elf"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// consumer is a program of another module that confines itself.
const consumer = `package main

import (
	"log"

	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/unveil"
)

func main() {
	if err := unveil.Unveil("/usr", "r"); err != nil {
		log.Fatal(err)
	}
	if err := pledge.Promises("stdio rpath"); err != nil {
		log.Fatal(err)
	}
}
`

// TestConsumer holds the library to what it costs whoever imports it: golang.org/x/sys
// is the only module whose code is needed, and a static program stays static, with
// cgo, too.
func TestConsumer(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"main.go": consumer,
		"go.mod":  "module example.com/consumer\n\ngo 1.26.0\n\nrequire " + module + " v0.0.0\n\nreplace " + module + " => " + root + "\n",
		"go.sum":  string(sums),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	offline := []string{"GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "CGO_ENABLED=1"}
	run(t, offline, "go", "-C", dir, "mod", "tidy")
	run(t, offline, "go", "-C", dir, "mod", "vendor")
	run(t, append(offline, "GOFLAGS="), "go", "-C", dir, "build", "-o", "consumer", ".")
	var got []string
	vendored, err := os.ReadFile(filepath.Join(dir, "vendor/modules.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(vendored)) {
		if name, ok := strings.CutPrefix(line, "# "); ok && !strings.Contains(line, module) {
			got = append(got, strings.Fields(name)[0])
		}
	}
	if !slices.Equal(got, []string{"golang.org/x/sys"}) {
		t.Errorf("a program that imports pledge takes code of %q", got)
	}
	if runtime.GOOS != "linux" {
		return
	}
	f, err := elf.Open(filepath.Join(dir, "consumer"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("a program that imports pledge is dynamically linked")
		}
	}
}
