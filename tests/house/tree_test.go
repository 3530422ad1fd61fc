package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// A goFile is a file of the tree, whatever system it is for.
type goFile struct {
	name string // from the root of the tree
	ast  *ast.File
}

// tree parses every Go file.
func tree(t *testing.T) (files []goFile) {
	t.Helper()
	for _, name := range names(t, ".go") {
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../..", name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, goFile{name, f})
	}
	if len(files) < 100 {
		t.Fatalf("%d files found", len(files))
	}
	return files
}

// names are the files of the tree that end so.
func names(t *testing.T, suffix string) (found []string) {
	t.Helper()
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || strings.HasPrefix(d.Name(), "built") || strings.HasSuffix(path, "tests/bench/peers")):
			return filepath.SkipDir
		case !d.IsDir() && strings.HasSuffix(path, suffix):
			name, err := filepath.Rel("../..", path)
			found = append(found, filepath.ToSlash(name))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func parsed(t *testing.T, text string) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "a.go", text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
