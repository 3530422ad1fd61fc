package program

import (
	"io"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// A File is a regular file that was opened once. Whatever takes its name later,
// what is read of it, and rules that are made of FD, are of the same file.
type File struct {
	Path string // as it was asked for
	Real string // links resolved
	FD   int    // O_PATH; closes on exec
	Stat unix.Stat_t
}

// ErrNotRegular is the error of opening a directory, a device, a FIFO or a socket.
const ErrNotRegular = notRegular("not a regular file")

type notRegular string

func (e notRegular) Error() string { return string(e) }

// Open opens a path, following links, without access to what it names. The error
// is ErrNotRegular or that of open(2).
func Open(path string) (*File, error) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	f := &File{Path: path, FD: fd}
	if err := f.inspect(); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return f, nil
}

func (f *File) inspect() error {
	if err := unix.Fstat(f.FD, &f.Stat); err != nil {
		return err
	}
	if f.Stat.Mode&unix.S_IFMT != unix.S_IFREG {
		return ErrNotRegular
	}
	var err error
	if f.Real, err = nameOf(f.FD); err == nil && f.Real[0] == '/' {
		return nil
	}
	// Where /proc is not mounted the name is looked up again, and must still be
	// the file's.
	if f.Real, err = filepath.EvalSymlinks(f.Path); err != nil {
		return err
	}
	var st unix.Stat_t
	if err := unix.Lstat(f.Real, &st); err != nil || !f.Same(&st) {
		return unix.ENOENT
	}
	return nil
}

// nameOf is what the kernel calls an open file.
func nameOf(fd int) (string, error) {
	b := make([]byte, 256) // PATH_MAX on the stack would make that grow
	for {
		n, err := unix.Readlink("/proc/self/fd/"+strconv.Itoa(fd), b)
		switch {
		case err != nil:
			return "", err
		case n == 0:
			return "", unix.ENOENT
		case n < len(b):
			return string(b[:n]), nil
		}
		b = make([]byte, 2*len(b))
	}
}

// Close closes the descriptor.
func (f *File) Close() { unix.Close(f.FD) }

// Same reports whether the file is the one that a status describes.
func (f *File) Same(st *unix.Stat_t) bool {
	return f.Stat.Dev == st.Dev && f.Stat.Ino == st.Ino
}

// Reopen opens the very file for reading, with further flags of open(2). Its
// name is only used where /proc is not mounted, and must still be its own.
func (f *File) Reopen(flags int) (int, error) {
	flags |= unix.O_CLOEXEC | unix.O_NOCTTY
	fd, err := unix.Open("/proc/self/fd/"+strconv.Itoa(f.FD), flags&^unix.O_NOFOLLOW, 0)
	if err != unix.ENOENT {
		return fd, err
	}
	if fd, err = unix.Open(f.Real, flags|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0); err != nil {
		return -1, err
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil || !f.Same(&st) {
		unix.Close(fd)
		return -1, unix.ENOENT
	}
	return fd, nil
}

// A Reader reads a file by the system call itself: os.File would ask four times
// what kind of file it is. The front, where the headers are, is read once.
type Reader struct {
	fd, have int
	front    [1024]byte
}

// Reader opens the file for reading.
func (f *File) Reader() (*Reader, error) {
	fd, err := f.Reopen(unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	r := &Reader{fd: fd}
	if n, err := unix.Pread(fd, r.front[:], 0); err == nil {
		r.have = n
	}
	return r, nil
}

// Close closes it.
func (r *Reader) Close() { unix.Close(r.fd) }

// Head is the front of the file, as far as the kernel looks for a #! line.
func (r *Reader) Head() []byte { return r.front[:min(r.have, lineSize)] }

// ReadAt implements io.ReaderAt.
func (r *Reader) ReadAt(p []byte, at int64) (int, error) {
	if at >= 0 && at+int64(len(p)) <= int64(r.have) {
		return copy(p, r.front[at:]), nil
	}
	n, err := unix.Pread(r.fd, p, at)
	if err == nil && n < len(p) {
		err = io.ErrUnexpectedEOF
	}
	return max(n, 0), err
}

// IsELF reports whether an open file begins as an ELF file.
func IsELF(fd int) bool {
	var b [len(Magic)]byte
	n, err := unix.Pread(fd, b[:], 0)
	return err == nil && n == len(b) && string(b[:]) == Magic
}
