package sys

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sigmask sets the signals that the calling thread blocks.
func sigmask(how int, set, old *uint64) {
	unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, uintptr(how), uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
}

// undisturbed puts a descriptor into a caller with all signals blocked: one that
// came meanwhile would take the descriptor back and leave the caller with the
// result 0. Go's runtime sends signals to its own threads.
func undisturbed(fd int, a *seccompNotifAddfd) (uintptr, unix.Errno) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	full := ^uint64(0)
	var old uint64
	sigmask(unix.SIG_SETMASK, &full, &old)
	defer sigmask(unix.SIG_SETMASK, &old, nil)
	return ioctl(fd, notifAddfd, unsafe.Pointer(a))
}
