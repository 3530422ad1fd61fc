package sys

import "golang.org/x/sys/unix"

// PtraceListen leaves a thread that was stopped with its process stopped, and
// hears of its going on (PTRACE_LISTEN).
func PtraceListen(tid int) error {
	const listen = 0x4208
	if _, _, e := unix.Syscall6(unix.SYS_PTRACE, listen, uintptr(tid), 0, 0, 0, 0); e != 0 {
		return e
	}
	return nil
}
