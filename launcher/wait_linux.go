//go:build amd64 || arm64

package launcher

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
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

// halt stops the launcher as its program has, so that a shell sees its job
// stopped. What the program leaves running is supervised all the same: a call
// that waits, and the program's end, have the launcher continue; it stops again
// when it has answered and the program is still stopped (resting). Who continues only the launcher
// continues the program.
func (s *supervisor) halt() {
	fds := make([]int, 0, 2)
	pidfd, err := unix.PidfdOpen(s.child.pid, 0)
	if err != nil {
		return // it is gone, or nobody could continue this process
	}
	defer unix.Close(pidfd)
	fds = append(fds, pidfd)
	if !s.deaf {
		fds = append(fds, s.listener.FD())
	}
	sys.CountContinues()
	before := sys.Continued()
	w, err := sys.Stop(fds...)
	if err != nil {
		return
	}
	const look = 20 // milliseconds
	for !w.Ended(look) && sys.Continued() == before {
		s.child.kin.oblige()
	}
	if s.resting = w.End(); s.resting {
		return
	}
	if s.paused() {
		unix.Kill(s.child.pid, unix.SIGCONT)
	}
}

// paused reports whether the program is stopped. One that is followed hears of its
// being continued only from its tracer.
func (s *supervisor) paused() bool {
	st, err := procfs.ReadStatus(s.child.pid)
	return err == nil && (st.Stopped() || s.loading.Load() && st.Traced() && !st.Continues())
}

// rest stops a launcher again that was only woken for what is done by now.
func (s *supervisor) rest() {
	if !s.resting || s.busy.Load() > 0 {
		return
	}
	s.resting = false
	if s.paused() {
		s.halt()
	}
}

// reap takes note of every child that has stopped or ended. Other
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
			s.halt()
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
