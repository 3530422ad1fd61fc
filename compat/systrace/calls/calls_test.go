package calls

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
)

// TestTable: every call and every word that a line names exists.
func TestTable(t *testing.T) {
	for _, c := range table() {
		at := c.Emulation + "-" + c.Name
		if (len(c.Linux) == 0) != (c.Fidelity == None || c.Fidelity == Lossy && len(c.Linux) == 0) {
			t.Errorf("%s: fidelity %s with %q", at, c.Fidelity, c.Linux)
		}
		if !slices.Contains([]Fidelity{Same, Rename, Expand, Nearest, Lossy, None, Alias}, c.Fidelity) {
			t.Errorf("%s: fidelity %q", at, c.Fidelity)
		}
		for _, name := range c.Linux {
			name, _, _ = strings.Cut(name, "(")
			_, amd64 := abi.AMD64.Number(name)
			_, i386 := abi.I386.Number(name)
			if !amd64 && !i386 && !strings.HasPrefix(name, "@") {
				t.Errorf("%s: Linux has no %s", at, name)
			}
		}
		for _, w := range c.Promises {
			if _, ok := promises.ParseWord(w); !ok {
				t.Errorf("%s: no promise %s", at, w)
			}
		}
	}
}

func TestLookup(t *testing.T) {
	for _, c := range []struct{ emulation, name, linux string }{
		{"native", "sigprocmask", "rt_sigprocmask"},
		{"native", "compat_43_olseek", "lseek"},
		{"native", "compat_o99_fstat", "fstat newfstatat statx"},
		{"linux", "#224 (unimplemented gettid)", "gettid"},
		{"linux", "#17 (obsolete break)", ""},
		{"linux", "unknown-224", "gettid"},
		{"linux64", "unknown-435", "clone3"},
		{"linux64", "stat64", "stat newfstatat statx"},
		{"linux64", "openat2", "openat2"},
		{"linux", "ni_syscall-5", ""},
		{"freebsd", "getpid", "getpid"},
		{"svr4", "fsync", "fsync fdatasync"},
	} {
		got, ok := Lookup(c.emulation, c.name)
		if !ok || strings.Join(got.Linux, " ") != c.linux {
			t.Errorf("Lookup(%s, %s) = %v, %v, want %q", c.emulation, c.name, got, ok, c.linux)
		}
	}
	if got, ok := Lookup("klingon", "read"); ok {
		t.Errorf("Lookup(klingon, read) = %v", got)
	}
	for _, name := range []string{"nosuchcall", "compat_43_nosuchcall", "#12", "unknown-x"} {
		if got, ok := Lookup("linux", name); ok {
			t.Errorf("Lookup(linux, %s) = %v", name, got)
		}
	}
}

// TestCorpus: every call that old policies name is known.
func TestCorpus(t *testing.T) {
	names := 0
	for _, file := range testbed.SystraceCorpus(t) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := syntax.Parse(filepath.Base(file), src, syntax.Options{Fragment: "fragment"})
		if err != nil {
			t.Error(err)
			continue
		}
		for _, s := range f.Sections {
			for _, r := range s.Rules {
				names++
				if _, ok := Lookup(r.Emulation, r.Call); !ok {
					t.Errorf("%s: %s-%s is not in the table", r.Pos, r.Emulation, r.Call)
				}
			}
		}
	}
	t.Logf("%d rules", names)
}
