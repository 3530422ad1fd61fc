package sys

import "golang.org/x/sys/unix"

// RestrictThread enforces a Landlock ruleset on the calling thread alone, with
// the flags of landlock_restrict_self(2). It needs no_new_privs or
// CAP_SYS_ADMIN. Linux 5.13, and later for flags.
func RestrictThread(ruleset int, flags uint64) unix.Errno {
	_, _, e := unix.RawSyscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), uintptr(flags), 0)
	return e
}
