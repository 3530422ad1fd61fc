package sys

import (
	"errors"
	"path/filepath"
	"strconv"
	"strings"

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

// OpenReal opens an absolute path of which no component, the last one included,
// may be a link: it was resolved before, and somebody may have put a link there
// since. The error is ELOOP then. Needs Linux 5.6 (openat2), or goes component by
// component.
func OpenReal(path string, flags int) (int, error) {
	flags |= unix.O_CLOEXEC | unix.O_NOFOLLOW
	how := unix.OpenHow{Flags: uint64(flags), Resolve: unix.RESOLVE_NO_SYMLINKS}
	for {
		fd, err := unix.Openat2(unix.AT_FDCWD, path, &how)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM): // an older kernel, a sandbox
			return openByComponents(path, flags)
		default:
			return fd, err
		}
	}
}

func openByComponents(path string, flags int) (int, error) {
	at, err := unix.Open("/", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	names := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	if len(names) == 0 {
		names = []string{"."}
	}
	for _, dir := range names[:len(names)-1] {
		next, err := unix.Openat(at, dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		unix.Close(at)
		if err != nil {
			return -1, err
		}
		at = next
	}
	defer unix.Close(at)
	fd, err := unix.Openat(at, names[len(names)-1], flags, 0)
	if err != nil || flags&unix.O_PATH == 0 {
		return fd, err
	}
	var st unix.Stat_t // O_PATH opens a link itself
	if err := unix.Fstat(fd, &st); err != nil || st.Mode&unix.S_IFMT == unix.S_IFLNK {
		unix.Close(fd)
		return -1, unix.ELOOP
	}
	return fd, nil
}
