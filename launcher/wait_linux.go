//go:build amd64 || arm64

package launcher

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/procfs"
)

// forwarded are the signals that somebody may send to the launcher and mean the
// program.
var forwarded = []unix.Signal{
	unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTERM, unix.SIGUSR1, unix.SIGUSR2, unix.SIGALRM,
	unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU, unix.SIGWINCH, unix.SIGVTALRM, unix.SIGIO, unix.SIGPWR,
	unix.Signal(34), unix.Signal(35), unix.Signal(36), unix.Signal(37), unix.Signal(38),
}

// wait returns the status of the program when it has ended, where nobody
// supervises it.
func (c *child) wait() int {
	for {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(-1, &ws, unix.WUNTRACED|unix.WALL, nil)
		switch {
		case errors.Is(err, unix.EINTR) || err == nil && pid != c.pid:
		case err != nil:
			return statusFailed
		case ws.Stopped():
			c.stopped()
		default:
			return c.status(ws)
		}
	}
}

// reap takes note of every child that has stopped or ended. When the program
// stops, the launcher stops too, so that a shell sees its job stopped. Other
// children, which a pid 1 inherits, are only reaped.
func (s *supervisor) reap() (done bool, status int, err error) {
	for {
		var ws unix.WaitStatus
		pid, err := unix.Wait4(-1, &ws, unix.WNOHANG|unix.WUNTRACED|unix.WALL, nil)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return true, statusFailed, nil
		case pid == 0:
			return false, 0, nil
		case pid != s.child.pid:
		case !ws.Stopped():
			return true, s.child.status(ws), nil
		case s.loading.Load():
			if err := s.advance(ws); err != nil {
				return false, 0, err
			}
		default:
			s.child.stopped()
		}
	}
}

// stopped stops the launcher as its program has, and wakes the program when
// only the launcher was continued.
func (c *child) stopped() {
	unix.Kill(os.Getpid(), unix.SIGSTOP)
	if st, err := procfs.ReadStatus(c.pid); err == nil && st.Stopped() {
		unix.Kill(c.pid, unix.SIGCONT)
	}
}

// status is what a shell would report of the program.
func (c *child) status(ws unix.WaitStatus) int {
	switch {
	case c.supervisor != nil && c.supervisor.killed.Load():
		return statusViolation
	case ws.Exited():
		return ws.ExitStatus()
	case ws.Signaled():
		return 128 + int(ws.Signal())
	}
	return statusFailed
}
