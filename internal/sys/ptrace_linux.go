package sys

import "golang.org/x/sys/unix"

// PtraceSeize attaches to a thread without stopping it, with options in force
// from the start: they could otherwise be set only when it stops.
func PtraceSeize(tid, options int) error {
	if _, _, e := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(tid), 0, uintptr(options), 0, 0); e != 0 {
		return e
	}
	return nil
}
