//go:build linux && (amd64 || arm64)

package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// startHelper starts a process that shares this one's memory and descriptors,
// performs the steps and ends. All its signals are blocked: it runs no handler of
// ours. It tells nobody of its end but by its pidfd, and can be waited for with
// WALL. Linux 5.3.
func startHelper(steps []step, failure *failure) (pid, pidfd int, err error) {
	full := ^uint64(0)
	var old uint64
	sigmask(unix.SIG_SETMASK, &full, &old)
	defer sigmask(unix.SIG_SETMASK, &old, nil)
	const shared = unix.CLONE_VM | unix.CLONE_FILES
	fd := int32(-1)
	args := &cloneArgs{0: shared | unix.CLONE_PIDFD, 1: uint64(uintptr(unsafe.Pointer(&fd)))}
	id, errno := vforkSteps(unix.SYS_CLONE3, uintptr(unsafe.Pointer(args)), unsafe.Sizeof(*args), &steps[0], uintptr(len(steps)), failure)
	if unix.Errno(errno) != unix.ENOSYS && unix.Errno(errno) != unix.EPERM {
		if errno != 0 {
			return 0, -1, unix.Errno(errno)
		}
		return int(id), int(fd), nil
	}
	// Sandboxes refuse clone3, because a filter cannot look at its arguments.
	if id, errno = vforkSteps(unix.SYS_CLONE, shared, 0, &steps[0], uintptr(len(steps)), failure); errno != 0 {
		return 0, -1, unix.Errno(errno)
	}
	if pidfd, err = unix.PidfdOpen(int(id), 0); err != nil {
		unix.Kill(int(id), unix.SIGKILL)
		unix.Wait4(int(id), nil, unix.WALL, nil)
		return 0, -1, err
	}
	return int(id), pidfd, nil
}

func asErrno(err error) unix.Errno {
	if e, ok := err.(unix.Errno); ok {
		return e
	}
	return unix.EAGAIN
}
