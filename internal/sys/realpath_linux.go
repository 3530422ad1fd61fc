package sys

import (
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// RealPath resolves the symbolic links of an absolute path, as
// filepath.EvalSymlinks does component by component: the kernel does it in three
// calls. Where /proc is not mounted it is filepath.EvalSymlinks.
func RealPath(path string) (string, error) {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return "", err
	}
	defer unix.Close(fd)
	b := make([]byte, 256)
	for {
		n, err := unix.Readlink("/proc/self/fd/"+strconv.Itoa(fd), b)
		switch {
		case err != nil || n == 0 || b[0] != '/':
			return filepath.EvalSymlinks(path)
		case n < len(b):
			return string(b[:n]), nil
		}
		b = make([]byte, 2*len(b))
	}
}
