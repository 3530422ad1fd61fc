//go:build unix

package agent

import (
	"time"

	"golang.org/x/sys/unix"
)

// readable waits until a descriptor can be read or is at its end.
func readable(fd int, d time.Duration) bool {
	end := time.Now().Add(d)
	for {
		left := max(0, time.Until(end))
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(left.Milliseconds()))
		if err != unix.EINTR {
			return err != nil || n > 0
		}
	}
}

// flush throws away what was typed on a terminal and not read yet; it tells
// whether the descriptor is one. From the background that would stop this
// process.
func flush(fd int) bool {
	foreground, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
	if err != nil {
		return false
	}
	if foreground == unix.Getpgrp() {
		discard(fd)
	}
	return true
}
