package event

import "syscall"

// FD writes to a descriptor. os.Stderr will not do for a supervisor: os.File
// ends the process when standard error is a pipe that nobody reads any more,
// and with it the program that is supervised.
type FD int

// Write implements io.Writer.
func (fd FD) Write(p []byte) (int, error) {
	for done := 0; ; {
		n, err := syscall.Write(int(fd), p[done:])
		if n > 0 {
			done += n
		}
		if err == syscall.EINTR || err == nil && done < len(p) {
			continue
		}
		return done, err
	}
}
