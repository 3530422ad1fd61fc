package landlock

import (
	"errors"

	"golang.org/x/sys/unix"
)

// Pin opens what rules are about and judges it now, for a process that will make a
// ruleset of them when it can neither open nor look at anything: a rule that is
// pinned takes no call but fcntl(2), which every promise of a process leaves it.
// What cannot be opened now is left out if nobody asked for it by name; else it is
// an error, and nothing is pinned.
func Pin(rules []PathRule) ([]PathRule, error) {
	list := make([]PathRule, 0, len(rules))
	for _, p := range rules {
		fd, access, err := openRule(p, ^uint64(0))
		switch {
		case err != nil && p.MayVanish && errors.Is(err, unix.ENOENT):
			continue
		case err != nil:
			Unpin(list)
			return nil, ruleError(p, err)
		case fd < 0:
			continue
		}
		list = append(list, PathRule{Path: p.Path, Access: access, MayVanish: p.MayVanish, FD: aboveZero(fd)})
	}
	return list, nil
}

// Unpin closes what Pin opened.
func Unpin(rules []PathRule) {
	for _, p := range rules {
		if p.FD != 0 {
			unix.Close(p.FD)
		}
	}
}

// aboveZero moves a descriptor that is 0, which in a rule means none.
func aboveZero(fd int) int {
	if fd != 0 {
		return fd
	}
	defer unix.Close(fd)
	moved, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return 0
	}
	return moved
}
