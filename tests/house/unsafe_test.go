package house

import (
	"go/ast"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rooms are where all unsafe code and all raw system calls live.
const rooms = "internal/sys/"

// exceptions are the files and folders elsewhere that have some, with the reason.
var exceptions = map[string]string{
	"internal/libseccomp/":        "calls the library of C that the tag libseccomp asks for; Go takes no assembly beside cgo",
	"pledge/pledge_linux_test.go": "replaces the handler of SIGSYS, as C code in the same process could",
	"tests/attacks/":              "attackers make any system call",
	"tests/fuzz/testdata/":        "makes random system calls",
	"tests/library/testdata/":     "has programs that use cgo",
}

// TestUnsafe finds what the compiler does not check, and system calls that are
// made by number.
func TestUnsafe(t *testing.T) {
	found := map[string]string{}
	for _, f := range tree(t) {
		if what := unchecked(f.ast); len(what) > 0 && !strings.HasPrefix(f.name, rooms) {
			found[f.name] = strings.Join(what, ", ")
		}
	}
	for _, name := range names(t, ".s") {
		if !strings.HasPrefix(name, rooms) {
			found[name] = "assembly"
		}
	}
	used := map[string]bool{}
	for name, what := range found {
		e := exception(name)
		used[e] = true
		if e == "" {
			t.Errorf("%s: %s: it belongs to %s", name, what, rooms)
		}
	}
	for e := range exceptions {
		if !used[e] {
			t.Errorf("%s is an exception and has nothing unsafe", e)
		}
	}
}

// exception is the one that a file falls under.
func exception(name string) string {
	for e := range exceptions {
		if name == e || strings.HasSuffix(e, "/") && strings.HasPrefix(name, e) {
			return e
		}
	}
	return ""
}

// unchecked is what a file has of that.
func unchecked(f *ast.File) (what []string) {
	for _, s := range f.Imports {
		if s.Path.Value == `"unsafe"` || s.Path.Value == `"C"` {
			what = append(what, "import "+s.Path.Value)
		}
	}
	for _, group := range f.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:linkname") {
				what = append(what, "go:linkname")
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && (x.Name == "unix" || x.Name == "syscall") && isRaw(n.Sel.Name) {
				what = append(what, x.Name+"."+n.Sel.Name)
			}
		case *ast.FuncDecl:
			if n.Body == nil {
				what = append(what, "no body: "+n.Name.Name)
			}
		}
		return true
	})
	return what
}

func isRaw(name string) bool {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "AllThreads"), "Raw")
	return strings.HasPrefix(name, "Syscall")
}

func TestUncheckedFinds(t *testing.T) {
	got := unchecked(parsed(t, "package a\nimport \"unsafe\"\nimport \"C\"\n//go:linkname a b\nfunc a()\nvar _, _, _ = unix.RawSyscall(0, 0, 0, 0)\nvar _ = syscall.AllThreadsSyscall6\n"))
	want := []string{`import "unsafe"`, `import "C"`, "go:linkname", "no body: a", "unix.RawSyscall", "syscall.AllThreadsSyscall6"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
