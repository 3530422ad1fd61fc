//go:build unix && !linux

package program

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// A File is a regular file that was opened once.
type File struct {
	Path string // as it was asked for
	Real string // links resolved
	FD   int
	file *os.File
}

// ErrNotRegular is the error of opening something else than a regular file.
var ErrNotRegular = errors.New("not a regular file")

// Open opens a path for reading, following links.
func Open(path string) (*File, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	st, err := file.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = ErrNotRegular
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	real, err := filepath.EvalSymlinks(path)
	return &File{Path: path, Real: real, FD: int(file.Fd()), file: file}, err
}

// Close closes it.
func (f *File) Close() { f.file.Close() }

// A Reader reads a file.
type Reader struct{ io.ReaderAt }

// Reader returns what reads the file.
func (f *File) Reader() (*Reader, error) { return &Reader{f.file}, nil }

// Close does nothing: the file stays open.
func (r *Reader) Close() {}

// Head is the front of the file, as far as the kernel looks for a #! line.
func (r *Reader) Head() []byte {
	head := make([]byte, lineSize)
	n, _ := r.ReadAt(head, 0)
	return head[:max(n, 0)]
}
