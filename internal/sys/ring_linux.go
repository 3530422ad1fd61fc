package sys

import (
	"bytes"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// ringName is what /proc calls the descriptor, and the memory, of a ring of
// io_uring(7).
const ringName = "anon_inode:[io_uring]"

// Ring reports whether a descriptor is a ring of io_uring: a second table of
// system calls, whose calls are made by a thread of the kernel.
func Ring(fd int) bool {
	b := make([]byte, len(ringName)+1)
	n, err := unix.Readlink("/proc/self/fd/"+strconv.Itoa(fd), b)
	return err == nil && string(b[:n]) == ringName
}

// Rings says by what this process can use a ring: a descriptor, memory that is
// mapped and stays when that is closed, or the kernel's thread. The error is that
// of /proc, which cannot be read.
func Rings() (by string, err error) {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return "", err
	}
	if bytes.Contains(maps, []byte(ringName)) {
		return "mapped memory", nil
	}
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return "", err
	}
	for _, task := range tasks {
		name, err := os.ReadFile("/proc/self/task/" + task.Name() + "/comm")
		if err == nil && strings.HasPrefix(string(name), "iou-sqp-") {
			return "a thread of the kernel's, " + task.Name(), nil
		}
	}
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return "", err
	}
	for _, fd := range fds {
		if n, err := strconv.Atoi(fd.Name()); err == nil && Ring(n) {
			return "descriptor " + fd.Name(), nil
		}
	}
	return "", nil
}
