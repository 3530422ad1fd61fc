//go:build !linux

package sys

import "path/filepath"

// RealPath is filepath.EvalSymlinks.
func RealPath(path string) (string, error) { return filepath.EvalSymlinks(path) }
