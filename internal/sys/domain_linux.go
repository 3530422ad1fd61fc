package sys

import "golang.org/x/sys/unix"

// EnterDomain puts the calling thread into the Landlock domain of a ruleset, with
// the flags of landlock_restrict_self(2). Linux 5.13. The thread has no new
// privileges and the goroutine is locked to it.
func EnterDomain(ruleset int, flags uint64) unix.Errno {
	_, _, e := unix.RawSyscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), uintptr(flags), 0)
	return e
}
