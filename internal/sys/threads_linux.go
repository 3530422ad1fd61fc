package sys

import (
	"fmt"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"
)

// ListsThreads reports whether RestrictAllThreads has to list /proc/self/task: Go's
// runtime knows all threads, unless it is linked with one of C. It asks once.
func ListsThreads() bool {
	listsThreads.Do(func() {
		_, _, e := syscall.AllThreadsSyscall(unix.SYS_GETPID, 0, 0, 0)
		listsThreads.yes = e == unix.ENOTSUP
	})
	return listsThreads.yes
}

// listsThreads is no sync.OnceValue, which every start would make.
var listsThreads struct {
	sync.Once
	yes bool
}

// RestrictAllThreads sets no_new_privs and enforces a Landlock ruleset, on each thread
// of this process by itself: kernels before ABI 8 restrict the caller alone.
// Preconditions: the caller has locked its thread, and no other call is under way.
func RestrictAllThreads(ruleset int) error {
	if ListsThreads() {
		return broadcastRuleset(ruleset)
	}
	if _, _, e := syscall.AllThreadsSyscall6(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0); e != 0 {
		return fmt.Errorf("set no_new_privs: %w", e)
	}
	if _, _, e := syscall.AllThreadsSyscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), 0, 0); e != 0 {
		return e
	}
	return nil
}
