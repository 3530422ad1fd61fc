//go:build amd64 || arm64

package launcher

import (
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
)

// sleepers are calls that wait for a socket. None of them holds a thread: one
// goroutine polls for all of them.
type sleepers struct {
	mu    sync.Mutex
	list  []*sleeper
	wake  int // an eventfd; 0 until the goroutine runs
	awake bool
	most  int // how many there may be; one more gets ENOMEM
}

// A sleeper is one of them.
type sleeper struct {
	c        *notify.Call
	fd       int
	events   int16
	deadline time.Time // zero: none
	again    func()    // tries again: the socket may be ready
	end      func(unix.Errno)
}

// newSleeper makes one that waits as long as the socket's timeout option says.
func newSleeper(c *notify.Call, k socket, events int16, timeout int, again func(), end func(unix.Errno)) *sleeper {
	p := &sleeper{c: c, fd: k.fd, events: events, again: again, end: end}
	if tv, err := unix.GetsockoptTimeval(k.fd, unix.SOL_SOCKET, timeout); err == nil && (tv.Sec != 0 || tv.Usec != 0) {
		p.deadline = time.Now().Add(time.Duration(tv.Nano()))
	}
	return p
}

// add has a call wait.
func (s *sleepers) add(p *sleeper) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.list) >= s.most {
		go p.end(unix.ENOMEM)
		return
	}
	if s.wake == 0 {
		fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK)
		if err != nil {
			go p.end(unix.ENOMEM)
			return
		}
		s.wake = fd
		go s.poll()
	}
	p.c.Rest()
	s.list = append(s.list, p)
	if !s.awake {
		s.awake = true
		unix.Write(s.wake, []byte{1, 0, 0, 0, 0, 0, 0, 0})
	}
}

// look is how often a sleeper's caller is looked at: whether it still waits, or
// a signal waits for it. The kernel has no means to be told of either.
const look = 50 * time.Millisecond

// poll waits for all sleepers.
func (s *sleepers) poll() {
	for looked := time.Now(); ; {
		list, fds := s.snapshot()
		timeout := int(look / time.Millisecond)
		if len(list) == 0 {
			timeout = -1
		}
		if _, err := unix.Poll(fds, timeout); err != nil {
			continue
		}
		if fds[0].Revents != 0 {
			s.settle()
		}
		now := time.Now()
		check := now.Sub(looked) >= look
		if check {
			looked = now
		}
		var told processes
		for i, p := range list {
			if p.over(fds[i+1].Revents != 0, check, now, &told) {
				s.remove(p)
			}
		}
	}
}

func (s *sleepers) snapshot() ([]*sleeper, []unix.PollFd) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := append([]*sleeper(nil), s.list...)
	fds := []unix.PollFd{{Fd: int32(s.wake), Events: unix.POLLIN}}
	for _, p := range list {
		fds = append(fds, unix.PollFd{Fd: int32(p.fd), Events: p.events})
	}
	return list, fds
}

// settle takes note that somebody was added.
func (s *sleepers) settle() {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b [8]byte
	unix.Read(s.wake, b[:])
	s.awake = false
}

func (s *sleepers) remove(p *sleeper) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.list {
		if s.list[i] == p {
			s.list = append(s.list[:i], s.list[i+1:]...)
			return
		}
	}
}

// restart is what the kernel's sockets return to a call that a signal ends:
// whether it is made again or fails with EINTR is then the handler's flags' to
// say. With a timeout of the socket's own it is EINTR.
const restart = unix.Errno(512) // ERESTARTSYS

// over ends the sleep if it is time.
func (p *sleeper) over(ready, check bool, now time.Time, told *processes) bool {
	switch {
	case ready:
		go p.again()
	case !p.deadline.IsZero() && !now.Before(p.deadline):
		go p.end(unix.EAGAIN)
	case !check:
		return false
	case !p.c.Waiting():
		go p.end(unix.EINTR) // nobody hears it
	default:
		switch p.c.Interrupted() {
		case notify.NoSignal:
			return false
		case notify.Signal:
			if p.deadline.IsZero() {
				go p.end(restart)
				break
			}
			go p.end(unix.EINTR)
		case notify.Shared:
			if !told.first(p.c) {
				return false
			}
			// The number for a restart must not reach a thread that has no signal.
			go p.end(unix.EINTR)
		}
	}
	return true
}

// processes are those of which a thread was told of a signal: the kernel has one
// thread take it and does not say which, so they are told one after the other.
type processes struct{ ids []int }

// first reports whether none of the caller's process was told, and takes note.
func (p *processes) first(c *notify.Call) bool {
	id := c.Process()
	if slices.Contains(p.ids, id) {
		return false
	}
	p.ids = append(p.ids, id)
	return true
}
