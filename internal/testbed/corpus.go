//go:build unix

package testbed

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// SystraceCorpus returns the files of the directory of old systrace policies
// that the environment's SYSTRACE_CORPUS names. They are other people's, and
// not part of the project: without them the test is left out.
func SystraceCorpus(t testing.TB) []string {
	t.Helper()
	root := os.Getenv("SYSTRACE_CORPUS")
	if root == "" {
		t.Skip("SYSTRACE_CORPUS names no directory of old policies")
	}
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && filepath.Ext(path) != ".md" {
			files = append(files, path)
		}
		return err
	})
	if err != nil || len(files) < 100 {
		t.Fatalf("SYSTRACE_CORPUS=%s: %d policies, %v", root, len(files), err)
	}
	return files
}
