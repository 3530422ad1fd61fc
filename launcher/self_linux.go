//go:build amd64 || arm64

package launcher

import (
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// needed are the capabilities with which a supervisor follows a program that may
// change its ids: to look at it, to end it, and to become it. Those who perform
// calls put the program's own in force only.
const needed = 1<<unix.CAP_SYS_PTRACE | 1<<unix.CAP_KILL | 1<<unix.CAP_SETUID | 1<<unix.CAP_SETGID | 1<<unix.CAP_SETPCAP

// dropSelf gives the supervisor the user and the capabilities that the program
// has, so that nothing it does in the program's place is more than the
// program's.
func (l *launch) dropSelf() error {
	if u := l.spec.User; u != nil {
		if err := becomeUser(u); err != nil {
			return err
		}
	}
	h := l.holds()
	if h.kept {
		return nil
	}
	allowed := h.caps
	if h.changing(l.spec.Promises) {
		allowed |= needed
	}
	if own := sys.Capabilities(); own.Permitted&^allowed != 0 || own.Inheritable != 0 {
		if err := sys.SetCaps(own.Permitted & allowed); err != nil {
			return failf("give up capabilities: %w", err)
		}
	}
	return nil
}

// changing reports whether a program with these promises may change its ids.
func (h holdings) changing(words promises.Set) bool {
	return words.Has(promises.ID) && h.caps&(1<<unix.CAP_SETUID|1<<unix.CAP_SETGID) != 0
}

func becomeUser(u *Credentials) error {
	groups := []int{int(u.GID)}
	for _, g := range u.Groups {
		groups = append(groups, int(g))
	}
	for _, err := range []error{syscall.Setgroups(groups), syscall.Setresgid(int(u.GID), int(u.GID), int(u.GID)), syscall.Setresuid(int(u.UID), int(u.UID), int(u.UID))} {
		if err != nil {
			return failf("become user %d: %w", u.UID, err)
		}
	}
	if unix.Geteuid() != int(u.UID) {
		return failf("become user %d: the system did not", u.UID)
	}
	return nil
}
