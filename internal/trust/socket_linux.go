package trust

import (
	"os"

	"golang.org/x/sys/unix"
)

// Socket opens the name of a local socket that nobody but root and the user could
// have put there. Others may write to it, as to any socket that serves all. To
// connect to it, and to nothing that came in its place since, connect to
// /proc/self/fd/N.
func Socket(path string) (*os.File, error) {
	u := effective()
	w, name, st, err := u.follow(path, true)
	if err != nil {
		return nil, err
	}
	defer w.close()
	if w.shared {
		return nil, w.planted(name)
	}
	if kind(&st) == 0 {
		return nil, &walkError{path, unix.ENOENT}
	}
	fd, err := unix.Openat(w.dir, name, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &walkError{path, err}
	}
	err = unix.Fstat(fd, &st)
	switch {
	case err != nil:
	case kind(&st) != unix.S_IFSOCK:
		err = &walkError{path, unix.ENOTSOCK}
	case !u.owns(&st):
		err = u.foreign(path, &st)
	}
	if err != nil {
		unix.Close(fd)
		return nil, err
	}
	return os.NewFile(uintptr(fd), path), nil
}
