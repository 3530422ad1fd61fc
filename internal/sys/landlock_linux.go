package sys

import "golang.org/x/sys/unix"

// RestrictThread enforces a Landlock ruleset on the calling thread alone. It
// needs no_new_privs or CAP_SYS_ADMIN. Linux 5.13.
func RestrictThread(ruleset int) unix.Errno {
	_, _, e := unix.RawSyscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), 0, 0)
	return e
}
