package notify

import (
	"errors"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
)

// Status is what /proc says of the calling thread.
func (c *Call) Status() (procfs.Status, error) {
	s, err := procfs.ReadStatus(int(c.tid))
	return s, c.waited(err)
}

// An Interruption says whether a signal ends what a caller waits for.
type Interruption uint8

// The interruptions.
const (
	NoSignal Interruption = iota
	Signal                // one that certainly is this thread's
	Shared                // one of the process, which may be another thread's to take
)

// Interrupted looks for a signal that waits for the caller. One that was sent to
// the process is taken by its first thread, unless that blocks it, and else by
// one that the kernel does not tell.
func (c *Call) Interrupted() Interruption {
	st, err := c.Status()
	if err != nil {
		return NoSignal
	}
	own, shared := st.Pending()
	switch {
	case own != 0 || shared != 0 && st.Threads() == 1:
		return Signal
	case shared == 0:
		return NoSignal
	case st.Process() == int(c.tid):
		return Signal
	}
	first, err := procfs.ReadStatus(st.Process())
	if err != nil || c.waited(nil) != nil {
		return NoSignal
	}
	if _, takes := first.Pending(); shared&^takes == 0 {
		return NoSignal // the first thread's
	}
	return Shared
}

// Process is the id of the process that the caller belongs to, for reports. 0
// is one that cannot be seen from here.
func (c *Call) Process() int {
	if c.process == 0 {
		if s, err := c.Status(); err == nil {
			c.process = s.Process()
		}
	}
	return c.process
}

// Comm is the calling thread's name, which it chooses itself.
func (c *Call) Comm() string {
	name := procfs.Comm(int(c.tid))
	if !c.Waiting() {
		return "?"
	}
	return name
}

// Thread identifies the caller among those that call now, for memories that
// hold no longer than the process lives. It is no thread id to do anything with.
func (c *Call) Thread() uint64 { return uint64(c.tid) }

// Owns reports whether a thread id is one of the caller's own process.
func (c *Call) Owns(tid int) bool {
	if tid <= 0 {
		return false
	}
	s, err := procfs.ReadStatus(tid)
	p := c.Process()
	return err == nil && p != 0 && s.Process() == p && c.Waiting()
}

// Rest gives up what is held of the caller while it waits for long.
func (c *Call) Rest() { c.release() }

// hold opens a pidfd of the caller. From then on it can be signalled
// and asked for descriptors, whatever becomes of its number. Linux 5.3.
func (c *Call) hold() (int, error) {
	if c.pidfd >= 0 {
		return c.pidfd, nil
	}
	// Of the thread where that can be had (Linux 6.9): the process's first thread may
	// have ended.
	const thread = unix.O_EXCL // PIDFD_THREAD
	fd, err := unix.PidfdOpen(int(c.tid), thread)
	if err == unix.EINVAL {
		st, e := c.Status()
		if e != nil {
			return -1, e
		}
		fd, err = unix.PidfdOpen(st.Process(), 0)
	}
	if err = c.waited(err); err != nil {
		if fd >= 0 {
			unix.Close(fd)
		}
		return -1, err
	}
	c.pidfd = fd
	return fd, nil
}

// Dup copies one of the caller's descriptors here. It closes on exec. Linux 5.6.
func (c *Call) Dup(fd uint64) (int, error) {
	pidfd, err := c.hold()
	if err != nil {
		return -1, err
	}
	return unix.PidfdGetfd(pidfd, int(int32(fd)), 0)
}

// Hold makes [Call.Signal] work after the call was answered, until Release. The
// error is ENOENT if the caller is gone.
func (c *Call) Hold() (*Process, error) {
	fd, err := c.hold()
	if err != nil {
		return nil, err
	}
	own, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	return &Process{own}, nil
}

// A Process is one that called, held by a descriptor.
type Process struct{ pidfd int }

// Signal sends a signal to it.
func (p *Process) Signal(sig unix.Signal) error { return sys.PidfdSignal(p.pidfd, sig) }

// Release lets go of it.
func (p *Process) Release() { unix.Close(p.pidfd) }

// Kill ends the caller's process. The call is not answered: it never returns.
func (c *Call) Kill() error {
	fd, err := c.hold()
	if err != nil {
		return err
	}
	err = sys.PidfdSignal(fd, unix.SIGKILL)
	c.Drop()
	return err
}

// Directory opens the directory that a call's paths are relative to: fd is one
// of the caller's descriptors or AT_FDCWD. The descriptor is O_PATH and closes
// on exec.
func (c *Call) Directory(fd int32) (int, error) {
	if fd == unix.AT_FDCWD {
		return c.Open("cwd")
	}
	at, err := c.Open("fd/" + strconv.Itoa(int(fd)))
	if errors.Is(err, unix.ENOENT) && c.Waiting() {
		err = unix.EBADF
	}
	return at, err
}

// Open opens one of the links that /proc has of the caller ("exe", "root", "fd/3")
// as O_PATH.
func (c *Call) Open(link string) (int, error) {
	fd, err := unix.Open(procfs.Path(int(c.tid), link), unix.O_PATH|unix.O_CLOEXEC, 0)
	if err = c.waited(err); err != nil {
		if fd >= 0 {
			unix.Close(fd)
		}
		return -1, err
	}
	return fd, nil
}
