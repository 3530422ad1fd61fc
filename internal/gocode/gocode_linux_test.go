package gocode_test

import (
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/gocode"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
)

// main calls the functions by their names, the first argument, and says what
// becomes of reading each of the files on standard input, NUL after each.
const main = `package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strings"
)

func main() {
	names, _ := io.ReadAll(os.Stdin)
	if err := map[string]func() error{%s}[os.Args[1]](); err != nil {
		log.Fatal(err)
	}
	for _, name := range strings.Split(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		_, err := os.ReadFile(name)
		fmt.Println(err == nil)
	}
}
`

// build compiles functions into a program.
func build(t *testing.T, comments []string, funcs []gocode.Func) (program string) {
	t.Helper()
	code, err := gocode.File(comments, funcs)
	if err != nil {
		t.Fatal(err)
	}
	if tidy, err := format.Source(code); err != nil || string(tidy) != string(code) {
		t.Errorf("not as gofmt writes it: %v", err)
	}
	dir, err := os.MkdirTemp(".", "built") // inside the module, which it imports
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	calls := ""
	for _, f := range funcs {
		calls += fmt.Sprintf("%q: %s, ", f.Name, f.Name)
	}
	testbed.Write(t, os.Getuid(), filepath.Join(dir, "confine.go"), string(code), 0o644)
	testbed.Write(t, os.Getuid(), filepath.Join(dir, "main.go"), fmt.Sprintf(main, calls), 0o644)
	program = filepath.Join(shared(t), "program")
	c := exec.Command("go", "build", "-o", program, "./"+dir)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, code)
	}
	return program
}

// shared is a directory that every user can look into.
func shared(t *testing.T) string {
	t.Helper()
	dir := testbed.Dir(t, os.Getuid())
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// What is written is compiled into a program and does what it says: the paths
// that it has can be read, whatever they are called, and so can what a promise
// is for; nothing else can. A path that is missing ends the program.
func TestFile(t *testing.T) {
	dir := shared(t)
	var names, comments []string
	for i := range 80 {
		names = append(names, filepath.Join(dir, "d")+"/"+testbed.FileName().Example(i))
		comments = append(comments, testbed.Bytes(5000).Example(i))
	}
	slices.Sort(names)
	names = slices.Compact(names)
	hostile := gocode.Func{Name: "hostile", Doc: comments[0], Comments: comments, Promises: promises.Rpath.Set()}
	for _, name := range names {
		testbed.Write(t, os.Getuid(), name, "x", 0o644)
		hostile.Paths = append(hostile.Paths, gocode.Path{Path: name, Perms: "r"})
	}
	for _, name := range []string{"open", "shut"} {
		testbed.Write(t, os.Getuid(), filepath.Join(dir, name), "x", 0o644)
	}
	open := gocode.Path{Path: "/open", Perms: "r", Home: true}
	rpath := promises.Rpath.Set()
	funcs := []gocode.Func{
		hostile,
		{Name: "dns", Doc: "is for names", Promises: rpath | promises.DNS.Set(), Paths: []gocode.Path{open}},
		{Name: "missing", Promises: rpath, Paths: []gocode.Path{open, {Path: dir + "/none", Perms: "r"}}},
		{Name: "optional", Promises: rpath, Paths: []gocode.Path{open, {Path: dir + "/none", Perms: "r", Optional: true}}},
		{Name: "words", Promises: rpath},
		{Name: "nothing"},
	}
	program := build(t, comments, funcs)
	testbed.Users(t, func(t *testing.T, uid int) {
		run := func(f string, files ...string) testbed.Result {
			return testbed.Run(t, uid, dir, nil, strings.Join(files, "\x00"), program, f)
		}
		if r := run("hostile", append(names, dir+"/shut")...); r.Status != 0 || r.Stdout != strings.Repeat("true\n", len(names))+"false\n" {
			t.Errorf("%+v", r)
		}
		for f, want := range map[string]string{
			"dns":      "true\ntrue\nfalse\nfalse\n", // resolv.conf is what dns is for
			"optional": "true\nfalse\nfalse\nfalse\n",
			"words":    "true\ntrue\ntrue\nfalse\n",
		} {
			if r := run(f, dir+"/open", "/etc/resolv.conf", dir+"/shut", dir+"/none"); r.Status != 0 || r.Stdout != want {
				t.Errorf("%s: %+v\nwant %s", f, r, want)
			}
		}
		if r := run("missing", dir+"/open"); r.Status != 1 || r.Stdout != "" || !strings.Contains(r.Stderr, "no such file") {
			t.Errorf("a missing path: %+v", r)
		}
		if r := run("nothing", dir+"/open"); r.Stdout != "false\n" || r.Status != 0 {
			t.Errorf("without words: %+v", r)
		}
	})
}
