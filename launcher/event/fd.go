//go:build unix

package event

import (
	"time"

	"golang.org/x/sys/unix"
)

// patience is how long a descriptor that takes nothing is waited for.
const patience = 5 * time.Second

// FD writes to a descriptor. os.Stderr will not do for a supervisor: os.File
// ends the process when standard error is a pipe that nobody reads any more,
// and with it the program that is supervised.
type FD int

// Write implements io.Writer. The program may have made a pipe that it shares
// non-blocking, and full: Write waits until it takes something, for some
// seconds, then returns EAGAIN.
func (fd FD) Write(p []byte) (int, error) {
	for done := 0; ; {
		n, err := unix.Write(int(fd), p[done:])
		if n > 0 {
			done += n
		}
		switch {
		case err == unix.EAGAIN && fd.writable(patience):
		case err == unix.EINTR:
		case err == nil && done < len(p):
		default:
			return done, err
		}
	}
}

// writable waits until the descriptor takes something.
func (fd FD) writable(d time.Duration) bool {
	for end := time.Now().Add(d); ; {
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}
		n, err := unix.Poll(fds, int(max(0, time.Until(end)).Milliseconds()))
		if err != unix.EINTR {
			return err == nil && n > 0
		}
	}
}
