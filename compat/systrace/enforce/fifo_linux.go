package enforce

import (
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// openSlowly opens a FIFO, which waits for the other side, on a thread of its
// own. A signal to the caller ends the waiting.
func (w *worker) openSlowly(c *call, flags int) {
	object := c.places[0].fd
	c.places[0].fd = -1 // it is the new thread's
	id := c.identity()
	opened := make(chan int, 1)
	go func() {
		own, err := newWorker(c.engine)
		if err == nil {
			fd := -1
			e := own.as(id, func() {
				for err = unix.EINTR; err == unix.EINTR; { // signals of this process are not the caller's
					fd, err = unix.Open(procFD(object), flags&^(unix.O_CREAT|unix.O_NOFOLLOW)|unix.O_CLOEXEC, 0)
				}
			})
			if e == nil && err == nil {
				opened <- fd
				return
			}
			if e != nil {
				err = e
			}
		}
		opened <- -int(errno(err))
	}()
	go func() {
		defer unix.Close(object)
		look := time.NewTicker(5 * time.Millisecond)
		defer look.Stop()
		for {
			select {
			case fd := <-opened:
				c.giveFIFO(fd, flags)
				return
			case <-look.C:
				if gone, signalled := c.interrupted(); gone || signalled {
					// First the thread, or it would take the next one's other side.
					c.abandon(object, opened)
					if signalled {
						c.fail(restart)
					}
					return
				}
			}
		}
	}()
}

func (c *call) giveFIFO(fd, flags int) {
	if fd < 0 {
		c.fail(unix.Errno(-fd))
		return
	}
	sys.NotifAddFD(c.engine.listener, c.ID, fd, uint32(flags)&unix.O_CLOEXEC)
	unix.Close(fd)
}

// abandon gets a thread out of an open that nobody wants any more: it is the
// other side itself.
func (c *call) abandon(object int, opened chan int) {
	side, err := unix.Open(procFD(object), unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if fd := <-opened; fd >= 0 {
		unix.Close(fd)
	}
	if err == nil {
		unix.Close(side)
	}
}

// restart is ERESTARTSYS, which never reaches programs: the kernel makes the call
// again or fails it with EINTR, as the handler of the signal says.
const restart = unix.Errno(512)

// interrupted tells whether the caller is gone, or has a signal to handle.
func (c *call) interrupted() (gone, signalled bool) {
	if !c.waits() {
		return true, false
	}
	st, err := readStatus(c.tid())
	return err != nil, err == nil && st.pending != 0
}
