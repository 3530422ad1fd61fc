package house

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestGenerated runs every generator in a copy of the tree and compares: no file
// lags behind what it is written from.
func TestGenerated(t *testing.T) {
	dir := duplicate(t)
	generate(t, dir)
	for _, name := range sourceFiles(t) {
		if !same(t, name, dir) {
			t.Errorf("%s is old: run go generate ./...", name)
		}
	}
}

// TestGeneratedFails holds the check above to account: what is written from other
// tables differs.
func TestGeneratedFails(t *testing.T) {
	dir := duplicate(t)
	table := filepath.Join(dir, "internal/rules/table_baseline.go")
	text, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(text, []byte(`{"prctl", stdio, 0,`), []byte(`{"prctl", rpath, 0,`), 1)
	if err := os.WriteFile(table, changed, 0o666); err != nil || bytes.Equal(changed, text) {
		t.Fatalf("nothing changed: %v", err)
	}
	generate(t, dir)
	for _, name := range []string{"internal/filter/znumbers_linux.go", "libpledge/tables.h"} {
		if same(t, name, dir) {
			t.Errorf("%s does not follow the tables of package rules", name)
		}
	}
}

// sourceFiles are all files but what make builds.
func sourceFiles(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(names(t, ""), func(name string) bool { return strings.HasPrefix(name, "bin/") })
}

// duplicate copies the tree.
func duplicate(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range sourceFiles(t) {
		to := filepath.Join(dir, name)
		data, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func generate(t *testing.T, dir string) {
	t.Helper()
	cmd := exec.Command("go", "generate", "./...")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go generate: %v\n%s", err, out)
	}
}

// same reports whether a file of the tree and its copy agree.
func same(t *testing.T, name, dir string) bool {
	t.Helper()
	a, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	return err == nil && bytes.Equal(a, b)
}
