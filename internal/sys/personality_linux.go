package sys

import "golang.org/x/sys/unix"

// Personality returns the personality of this process (personality(2)).
func Personality() uintptr {
	p, _, _ := unix.RawSyscall(unix.SYS_PERSONALITY, 0xffffffff, 0, 0)
	return p
}
