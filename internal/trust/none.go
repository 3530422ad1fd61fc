//go:build !unix || aix || dragonfly || illumos || solaris

package trust

import (
	"errors"
	"io/fs"
)

// Without openat, readlinkat and owners as most Unixes have them nothing can be judged,
// so nothing is trusted.

// Absent reports whether a file is not there: nothing is known of links here.
func Absent(path string, err error) bool { return errors.Is(err, fs.ErrNotExist) }

// Dir trusts no directory.
func Dir(path string) error { return refused("dir", path) }

// ReadFile reads no file.
func ReadFile(path string, most int64) ([]byte, fs.FileInfo, error) {
	return nil, nil, refused("read", path)
}

func refused(op, path string) error {
	return &fs.PathError{Op: op, Path: path, Err: errors.ErrUnsupported}
}
