//go:build unix && !(aix || dragonfly || illumos || solaris)

package trust

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Append opens a file that lines of a report are added to and returns its
// descriptor. A regular file is made, for its user alone, if there is none; a
// FIFO that somebody reads, and a terminal or another character device, are
// taken as they are. Nothing that a stranger planted is followed: no link of
// theirs, and in a directory that others can write no file or FIFO of theirs
// and no second name of a file. Writes to what is no regular file never wait:
// they fail with EAGAIN. /dev/stdout, /dev/stderr and /dev/fd/N are this
// process's descriptors.
func Append(path string) (fd int, err error) {
	if fd, ok := descriptor(path); ok {
		return duplicate(path, fd)
	}
	w, name, _, err := effective().follow(path, false)
	if err != nil {
		return -1, err
	}
	defer w.close()
	return w.write(path, name, unix.O_APPEND|unix.O_CREAT)
}

// write opens a file for writing and judges what was opened.
func (w *walk) write(path, name string, flags int) (fd int, err error) {
	fd, err = unix.Openat(w.dir, name, flags|unix.O_WRONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_CLOEXEC, 0o600)
	switch {
	case err == unix.ENXIO:
		return -1, &walkError{path, errors.New("nobody reads this FIFO")}
	case err != nil:
		return -1, &walkError{path, err}
	}
	var st unix.Stat_t
	if err = unix.Fstat(fd, &st); err == nil {
		err = w.writable(path, name, &st)
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	if kind(&st) == unix.S_IFREG {
		unix.SetNonblock(fd, false)
	}
	return fd, nil
}

// writable refuses what a stranger could have planted for the user to write to.
func (w *walk) writable(path, name string, st *unix.Stat_t) error {
	switch kind(st) {
	case unix.S_IFCHR:
		return nil
	case unix.S_IFREG, unix.S_IFIFO:
	case unix.S_IFDIR:
		return &walkError{path, unix.EISDIR}
	default:
		return &walkError{path, errors.New("neither a regular file nor a FIFO nor a character device")}
	}
	switch {
	case !w.shared:
		return nil
	case !w.user.owns(st):
		return w.user.foreign(join(w.at, name), st)
	case kind(st) == unix.S_IFREG && st.Nlink > 1:
		return &Error{join(w.at, name), "it has another name, and others can put files into " + w.at, "use a new file"}
	}
	return nil
}

// temporary makes a new file beside the one that is meant, whose mode is exactly
// this one or as the umask has it.
func (w *walk) temporary(data []byte, mode uint32, exactly bool) (name string, err error) {
	name = ".pledge-" + strconv.FormatUint(rand.Uint64(), 36)
	fd, err := unix.Openat(w.dir, name, unix.O_WRONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, mode)
	if err != nil {
		return "", err
	}
	err = writeAll(name, fd, data)
	var st unix.Stat_t
	if exactly && err == nil {
		if err = unix.Fstat(fd, &st); err == nil && uint32(st.Mode)&0o777 != mode {
			err = unix.Fchmod(fd, mode)
		}
	}
	if e := unix.Close(fd); err == nil {
		err = e
	}
	if err != nil {
		unix.Unlinkat(w.dir, name, 0)
	}
	return name, err
}

func writeAll(path string, fd int, data []byte) error {
	for len(data) > 0 {
		n, err := unix.Write(fd, data)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return &walkError{path, err}
		}
		data = data[n:]
	}
	return nil
}

// descriptor tells which of this process's descriptors a path means.
func descriptor(path string) (fd int, ok bool) {
	switch path {
	case "/dev/stdin":
		return 0, true
	case "/dev/stdout":
		return 1, true
	case "/dev/stderr":
		return 2, true
	}
	for _, dir := range []string{"/dev/fd/", "/proc/self/fd/"} {
		if n, found := strings.CutPrefix(path, dir); found {
			fd, err := strconv.ParseUint(n, 10, 16)
			return int(fd), err == nil
		}
	}
	return 0, false
}

// duplicate returns another descriptor, above standard error.
func duplicate(path string, fd int) (int, error) {
	n, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return -1, fmt.Errorf("%s: %w", path, err)
	}
	return n, nil
}
