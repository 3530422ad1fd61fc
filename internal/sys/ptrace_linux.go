package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// PtraceSeize attaches to a thread without stopping it, with options in force
// from the start: they could otherwise be set only when it stops.
func PtraceSeize(tid, options int) error {
	if _, _, e := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(tid), 0, uintptr(options), 0, 0); e != 0 {
		return e
	}
	return nil
}

// A siginfo is the part of the kernel's that signals of kill(2), and of children, have.
type siginfo struct {
	signo, errno, code, _ int32
	pid, uid, status      int32
	_                     [100]byte
}

// ptraceSender is who sent the signal that has stopped a tracee, 0 if no process
// did. What the kernel sends for execve comes from the tracee itself.
func ptraceSender(tid int) int {
	var si siginfo
	if ptraceSiginfo(tid, &si) != 0 || si.code != 0 {
		return 0
	}
	return int(si.pid)
}

// PtraceHalted reports whether a tracee that is stopped is so with its whole process,
// and not to be asked about a signal.
func PtraceHalted(tid int) bool {
	var si siginfo
	return ptraceSiginfo(tid, &si) == unix.EINVAL
}

func ptraceSiginfo(tid int, si *siginfo) unix.Errno {
	const get = 0x4202
	_, _, e := unix.Syscall6(unix.SYS_PTRACE, get, uintptr(tid), 0, uintptr(unsafe.Pointer(si)), 0, 0)
	return e
}

// EndedOtherwise waits for the end of a child that was killed, and reports whether it
// ended of something else before. Its status is left to be waited for.
func EndedOtherwise(pid int) bool {
	const exited = 1 // CLD_EXITED
	var si siginfo
	_, _, e := unix.Syscall6(unix.SYS_WAITID, unix.P_PID, uintptr(pid), uintptr(unsafe.Pointer(&si)), unix.WEXITED|unix.WNOWAIT|unix.WALL, 0, 0)
	return e == 0 && (si.code == exited || si.status != int32(unix.SIGKILL))
}
