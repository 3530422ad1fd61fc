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
