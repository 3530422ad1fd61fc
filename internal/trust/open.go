//go:build unix && !(aix || dragonfly || illumos || solaris)

package trust

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// Open opens a regular file for reading that nobody but root and the effective
// user could have made what it is. The error is an *Error if somebody could,
// and fs.ErrNotExist if there is none.
func Open(path string) (*os.File, error) { return effective().take(path, unix.O_RDONLY) }

// ReadFile reads such a file, if it is not larger than most bytes, and returns
// what it was when it was opened. /dev/stdin and /dev/fd/N are descriptors that
// the caller has been given, whatever they are.
func ReadFile(path string, most int64) ([]byte, fs.FileInfo, error) {
	f, err := openOrGiven(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	data, err := Read(f, path, most)
	return data, info, err
}

func openOrGiven(path string) (*os.File, error) {
	if fd, ok := descriptor(path); ok {
		fd, err := duplicate(path, fd)
		return os.NewFile(uintptr(fd), path), err
	}
	return Open(path)
}

// Read reads all of a file, if that is not larger than most bytes.
func Read(r io.Reader, path string, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s: larger than %d KiB", path, most>>10)
	}
	return data, err
}

// Absent tells whether err, of this package, is for a file that does not exist.
// A directory that is not trusted may well not have the file: then there is
// none that could be taken.
func Absent(path string, err error) bool {
	var own *Error
	if errors.As(err, &own) {
		_, err = os.Lstat(path)
	}
	return errors.Is(err, fs.ErrNotExist)
}

// Dir judges a directory: what is read and written in it is root's or the
// user's alone as long as these leave it so.
func Dir(path string) error {
	// To a name in it, wherever that leads: the walk ends in the directory.
	w, _, _, err := effective().follow(path+"/.", true)
	var sys *walkError
	if errors.As(err, &sys) && sys.err != unix.EISDIR {
		return &walkError{path, sys.err}
	}
	if err != nil && sys == nil {
		return err
	}
	if w.shared {
		return &Error{path, "others can put files into it", "use a directory of your own"}
	}
	return nil
}

// take opens a trusted regular file.
func (u user) take(path string, flags int) (*os.File, error) {
	w, name, st, err := u.follow(path, true)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if err := w.regular(name, path, &st); err != nil {
		return nil, err
	}
	// Judged again, as what is open: nothing is sure of a name.
	fd, err := unix.Openat(w.dir, name, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &walkError{path, err}
	}
	err = unix.Fstat(fd, &st)
	if err == nil {
		err = w.regular(name, path, &st)
	}
	if err == nil {
		err = u.judge(join(w.at, name), fd, &st)
	}
	if err == nil {
		err = u.mounted(join(w.at, name), fd) // over the file alone
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	unix.SetNonblock(fd, false)
	return os.NewFile(uintptr(fd), path), nil
}

// regular refuses what does not exist, what is no regular file, and what others
// own or could have put there: none of these is opened.
func (w *walk) regular(name, path string, st *unix.Stat_t) error {
	switch {
	case kind(st) == 0:
		return &walkError{path, unix.ENOENT}
	case kind(st) == unix.S_IFDIR:
		return &walkError{path, unix.EISDIR}
	case !w.user.owns(st):
		return w.user.foreign(join(w.at, name), st)
	case kind(st) != unix.S_IFREG:
		return &walkError{path, errors.New("not a regular file")}
	case w.shared:
		return w.planted(name)
	}
	return nil
}
