package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/pledge-linux/pledge"

// everywhere are the packages that a program for any system may import. The commands,
// and what talks to terminals and sockets, need a Unix.
var everywhere = []string{
	"pledge", "pledgetest", "unveil", "promises", "promises/explain", "launcher", "launcher/event", "compat/convert",
	"compat/systrace/syntax", "compat/systrace/calls", "compat/systrace/policy", "compat/systrace/translate", "compat/systrace/lint", "compat/systrace/enforce",
}

// onUnix are the systems beside Linux for which all builds, though most of it does
// less there.
var onUnix = []string{"linux/amd64", "linux/arm64", "openbsd/amd64", "darwin/arm64", "freebsd/amd64", "netbsd/amd64"}

// outside are the modules that importing package pledge may bring along.
var outside = []string{
	"golang.org/x/sys/unix",
}

// TestBuildsEverywhere checks the types of the public packages, and of all that
// they import, for every system that Go knows. It reads sources: building
// would compile the standard library 47 times.
func TestBuildsEverywhere(t *testing.T) {
	pairs := strings.Fields(run(t, nil, "go", "tool", "dist", "list"))
	if len(pairs) < 30 {
		t.Fatalf("go tool dist list names %d systems", len(pairs))
	}
	sources := newSources()
	for _, pair := range pairs {
		t.Run(strings.ReplaceAll(pair, "/", "-"), func(t *testing.T) {
			names := everywhere
			if slices.Contains(onUnix, pair) || strings.HasPrefix(pair, "linux/") {
				names = []string{"..."}
			}
			goos, goarch, _ := strings.Cut(pair, "/")
			if err := sources.check(goos, goarch, list(t, goos, goarch, names...)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestWeight bounds what package pledge brings into a program.
func TestWeight(t *testing.T) {
	for _, cgo := range []string{"0", "1"} {
		found := 0
		for _, name := range strings.Fields(run(t, []string{"CGO_ENABLED=" + cgo}, "go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./pledge")) {
			found++
			if !strings.HasPrefix(name, module+"/") && !slices.Contains(outside, name) {
				t.Errorf("with CGO_ENABLED=%s, package pledge imports %s", cgo, name)
			}
		}
		if found < 5 {
			t.Errorf("go list names %d packages", found)
		}
	}
}

// TestBuildCheckFails holds the check above to account: it has to see what a
// compiler would not take.
func TestBuildCheckFails(t *testing.T) {
	for name, code := range map[string]string{
		"a type of another system": "package a\nimport \"syscall\"\nvar _ syscall.Handle",
		"a constant too large":     "package a\nvar _ uintptr = 1 << 40",
		"no body":                  "package a\nfunc f()",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte(code), 0o666); err != nil {
			t.Fatal(err)
		}
		packages := append(list(t, "linux", "386", "syscall"), entry{ImportPath: module + "/a", Dir: dir, GoFiles: []string{"a.go"}})
		sources := newSources()
		if err := sources.check("linux", "386", packages); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}

// An entry is what go list tells of a package.
type entry struct {
	ImportPath string
	Dir        string
	Standard   bool
	GoFiles    []string
	SFiles     []string
	ImportMap  map[string]string
	Error      *struct{ Err string }
}

// list are packages of this tree and all that they import, the imported first.
func list(t *testing.T, goos, goarch string, names ...string) []entry {
	t.Helper()
	args := []string{"list", "-e", "-deps", "-json=ImportPath,Dir,Standard,GoFiles,SFiles,ImportMap,Error"}
	for _, name := range names {
		if name != "syscall" {
			name = "./" + name
		}
		args = append(args, name)
	}
	env := []string{"GOOS=" + goos, "GOARCH=" + goarch, "CGO_ENABLED=0"}
	return entries(t, run(t, env, "go", args...))
}

func entries(t *testing.T, text string) (all []entry) {
	t.Helper()
	for d := json.NewDecoder(strings.NewReader(text)); ; {
		var e entry
		if err := d.Decode(&e); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
}

// run is what a command prints, at the root of the tree.
func run(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, stderr.Bytes())
	}
	return string(out)
}

// sources keeps the files that were read: most are those of all systems.
type sources struct {
	mu    sync.Mutex
	set   *token.FileSet
	files map[string]*ast.File
}

func newSources() *sources { return &sources{set: token.NewFileSet(), files: map[string]*ast.File{}} }

func (s *sources) parse(path string) (*ast.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.files[path]; f != nil {
		return f, nil
	}
	f, err := parser.ParseFile(s.set, path, nil, parser.SkipObjectResolution)
	if err == nil {
		s.files[path] = f
	}
	return f, err
}

// check checks packages of which each stands after those that it imports.
func (s *sources) check(goos, goarch string, packages []entry) error {
	_, err := s.types(goos, goarch, packages)
	return err
}

// types does, and returns them by their paths.
func (s *sources) types(goos, goarch string, packages []entry) (map[string]*types.Package, error) {
	checked := map[string]*types.Package{"unsafe": types.Unsafe}
	for _, p := range packages {
		if p.Error != nil {
			return nil, fmt.Errorf("%s: %s", p.ImportPath, p.Error.Err)
		}
		if p.ImportPath == "unsafe" {
			continue
		}
		files, err := s.load(p)
		if err != nil {
			return nil, err
		}
		var problems []error
		conf := types.Config{
			IgnoreFuncBodies: !strings.HasPrefix(p.ImportPath, module),
			Importer:         importer{p.ImportMap, checked},
			Sizes:            types.SizesFor("gc", goarch),
			Error:            func(err error) { problems = append(problems, err) },
		}
		checked[p.ImportPath], _ = conf.Check(p.ImportPath, s.set, files, nil)
		if len(problems) > 0 {
			return nil, fmt.Errorf("GOOS=%s GOARCH=%s: %w", goos, goarch, errors.Join(problems...))
		}
	}
	return checked, nil
}

// load parses a package's files. A function without a body needs assembly.
func (s *sources) load(p entry) (files []*ast.File, err error) {
	for _, name := range p.GoFiles {
		f, err := s.parse(filepath.Join(p.Dir, name))
		if err != nil {
			return nil, err
		}
		files = append(files, f)
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body == nil && len(p.SFiles) == 0 && !p.Standard {
				return nil, fmt.Errorf("%s: %s has no body, and the package no assembly", p.ImportPath, d.Name.Name)
			}
		}
	}
	return files, nil
}

type importer struct {
	names   map[string]string // of vendored packages
	checked map[string]*types.Package
}

func (i importer) Import(path string) (*types.Package, error) {
	if name, ok := i.names[path]; ok {
		path = name
	}
	if p := i.checked[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s is not imported", path)
}
