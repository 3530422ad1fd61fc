//go:build unix && !linux

package agent

import "golang.org/x/sys/unix"

// discard: FREAD of sys/fcntl.h.
func discard(fd int) { unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, 1) }
