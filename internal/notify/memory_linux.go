package notify

import (
	"bytes"
	"errors"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
)

// A span is memory of the caller as it was when it was read.
type span struct {
	addr uint64
	b    []byte
}

// ErrWait says that going on may take as long as somebody else likes: some of
// the memory is in no page yet, and what brings it may be anybody's file system.
// Nothing was done. The call is to be handled again where it may wait.
var ErrWait = errors.New("notify: not without waiting")

// Patient has the call wait from now on for memory that is not there, as the
// kernel would: in a process of its own, as long as the caller waits for us. A
// goroutine that serves others must not.
func (c *Call) Patient() { c.patient = true }

// MayWait returns nil if the call is handled where it may wait, else [ErrWait].
func (c *Call) MayWait() error {
	if c.patient {
		return nil
	}
	return ErrWait
}

// Bytes returns n bytes of the caller's memory. What was read before is not read
// again. The error is EFAULT if some of it cannot be read, ENOENT if the caller
// is gone, EPERM if it may not be looked at, or [ErrWait].
func (c *Call) Bytes(addr uint64, n int) ([]byte, error) {
	if s := c.find(addr, n); s != nil {
		return s, nil
	}
	b := make([]byte, n)
	got, err := c.copyIn(addr, b)
	if err != nil {
		return nil, err
	}
	if got < n {
		return nil, unix.EFAULT
	}
	c.keep(addr, b)
	return b, nil
}

// String returns the string at addr that ends in NUL. The error is ENAMETOOLONG
// if there is no NUL within PATH_MAX bytes, else as of [Call.Bytes].
func (c *Call) String(addr uint64) (string, error) {
	var out []byte
	for at := addr; len(out) < unix.PathMax; {
		if s := c.find(at, 1); s != nil {
			s = s[:cap(s)]
			if i := bytes.IndexByte(s, 0); i >= 0 {
				return string(append(out, s[:i]...)), nil
			}
			out, at = append(out, s...), at+uint64(len(s))
			continue
		}
		// Up to a border that no page crosses, so that the string's end may be
		// the end of what can be read.
		chunk := make([]byte, min(256-int(at%256), unix.PathMax-len(out)))
		n, err := c.copyIn(at, chunk)
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", unix.EFAULT
		}
		c.keep(at, chunk[:n:n])
	}
	return "", unix.ENAMETOOLONG
}

// find returns n bytes that were read before, its capacity being all that was
// read from there on.
func (c *Call) find(addr uint64, n int) []byte {
	for _, s := range c.read {
		if off := addr - s.addr; addr >= s.addr && off < uint64(len(s.b)) && uint64(n) <= uint64(len(s.b))-off {
			return s.b[off : off+uint64(n) : len(s.b)]
		}
	}
	return nil
}

// keep remembers what was read. Bytes that were read before stay as they were.
func (c *Call) keep(addr uint64, b []byte) {
	for _, s := range c.read {
		if s.addr < addr+uint64(len(b)) && addr < s.addr+uint64(len(s.b)) {
			from := max(addr, s.addr)
			copy(b[from-addr:], s.b[from-s.addr:])
		}
	}
	c.read = append(c.read, span{addr, b})
}

// copyIn reads memory and then looks whether the caller still waits.
func (c *Call) copyIn(addr uint64, b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	if c.answered.Load() {
		return 0, unix.ENOENT
	}
	if c.patient && !c.l.direct.Load() {
		n, err := c.sent(addr, b, false)
		return n, c.waited(err)
	}
	if !c.present(addr, len(b)) {
		if !c.patient {
			return 0, c.waited(ErrWait)
		}
		n, err := c.sent(addr, b, false)
		return n, c.waited(err)
	}
	n, err := sys.ReadMemory(int(c.tid), addr, b)
	return n, c.waited(err)
}

// Stream is Bytes for data that is never judged: it is not kept, and may be read
// again.
func (c *Call) Stream(addr uint64, n int) ([]byte, error) {
	b := make([]byte, n)
	got, err := c.copyIn(addr, b)
	if err == nil && got < n {
		err = unix.EFAULT
	}
	return b, err
}

// Write copies b into the caller's memory, of which only that is written which
// the caller could write itself. Errors are as of [Call.Bytes].
//
// The kernel has no means to write to memory by a descriptor without also
// overwriting what is mapped read-only (/proc/PID/mem does), which would write
// code for a program that may not. So it is written by the thread's number, from
// where the kernel refuses other processes; see [Listen].
func (c *Call) Write(addr uint64, b []byte) (err error) {
	if len(b) == 0 {
		return nil
	}
	if !c.l.how.Writes {
		return unix.EPERM
	}
	if c.l.direct.Load() && c.present(addr, len(b)) {
		err = unix.ENOENT
		c.l.how.Within(func() {
			if err = c.waited(nil); err == nil {
				err = sys.WriteMemory(int(c.tid), addr, b)
			}
		})
		return err
	}
	if err := c.MayWait(); err != nil {
		return err
	}
	if err := c.waited(nil); err != nil {
		return err
	}
	if c.l.how.Ancestor {
		return c.writeHere(addr, b)
	}
	n, err := c.sent(addr, b, true)
	if err == nil && n < len(b) {
		err = unix.EFAULT
	}
	return err
}

// present reports whether memory can be copied without waiting for anybody, as
// long as nobody exchanges it. If that is not known because the caller may not be
// looked at, the copy will fail anyway.
func (c *Call) present(addr uint64, n int) bool {
	c.l.mu.Lock()
	defer c.l.mu.Unlock()
	if c.l.mapped == c.tid {
		if present, known := c.l.pages.Present(addr, n); known {
			return present
		}
	}
	c.l.drop()
	m, err := sys.OpenMemoryMap(procfs.Path(int(c.tid), "pagemap"))
	if err != nil {
		return errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM)
	}
	c.l.mapped, c.l.pages = c.tid, m
	present, _ := m.Present(addr, n)
	return present
}

// forget closes the page map of whom it is: a process that executes a program has
// another memory afterwards, while the old one may live on in its parent (vfork).
func (l *Listener) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop()
}

// drop is forget for who holds mu.
func (l *Listener) drop() {
	if l.mapped != 0 {
		l.pages.Close()
		l.mapped = 0
	}
}

// look is how often a patient call looks whether its caller still waits, in
// milliseconds.
const look = 100

// sent has a courier copy memory, which may take for ever, as long as the caller
// waits.
func (c *Call) sent(addr uint64, b []byte, write bool) (n int, err error) {
	// What there is too little of now there may be in a moment.
	const attempts, pause = 50, 10 * time.Millisecond
	for range attempts {
		n, err = c.sendOnce(addr, b, write)
		if !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EMFILE) && !errors.Is(err, unix.ENOMEM) || !c.Waiting() {
			break
		}
		time.Sleep(pause)
	}
	return n, err
}

// sendOnce is one attempt. The error is EAGAIN if the courier ended.
func (c *Call) sendOnce(addr uint64, b []byte, write bool) (int, error) {
	courier, errno := c.l.courier()
	if errno != 0 {
		return 0, errno
	}
	if c.l.how.Ancestor {
		fd, err := unix.Open(procfs.Path(int(c.tid), "mem"), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err == nil {
			err = c.waited(nil)
		}
		if err != nil {
			c.l.back(courier)
			return 0, err
		}
		defer unix.Close(fd)
		courier.Read(fd, addr, b)
	} else {
		courier.Send(int(c.tid), addr, b, write)
	}
	for {
		n, errno, done := courier.Done(look)
		switch {
		case done:
			c.l.back(courier)
			if c.l.how.Ancestor && (errno == unix.EIO || errno == unix.EINVAL) {
				errno = unix.EFAULT // nothing is mapped there
			}
			if errno != 0 {
				return 0, errno
			}
			return n, nil
		case !c.Waiting():
			courier.Leave(b)
			return 0, unix.ENOENT
		}
	}
}

// writeHere writes where no other process may. Memory that is not there yet is read
// first, which may be waited for.
func (c *Call) writeHere(addr uint64, b []byte) (err error) {
	const attempts = 50
	for range attempts {
		n, err := c.sent(addr, make([]byte, len(b)), false)
		switch {
		case err != nil:
			return err
		case n < len(b):
			return unix.EFAULT
		case !c.present(addr, len(b)):
			continue // taken away again
		}
		err = unix.ENOENT
		c.l.how.Within(func() {
			if err = c.waited(nil); err == nil {
				err = sys.WriteMemory(int(c.tid), addr, b)
			}
		})
		return err
	}
	return unix.EAGAIN
}

// courier takes one that is free, or starts one where it has access to no other
// processes than those that can call.
func (l *Listener) courier() (c *sys.Courier, errno unix.Errno) {
	l.mu.Lock()
	if n := len(l.free); n > 0 {
		c, l.free = l.free[n-1], l.free[:n-1]
		l.mu.Unlock()
		return c, 0
	}
	l.mu.Unlock()
	if !l.how.Within(func() { c, errno = sys.NewCourier() }) {
		return nil, unix.ENOENT
	}
	return c, errno
}

// back takes a courier back. A few are kept.
func (l *Listener) back(c *sys.Courier) {
	const kept = 8
	l.mu.Lock()
	if !c.Spent() && len(l.free) < kept {
		l.free = append(l.free, c)
		l.mu.Unlock()
		return
	}
	l.mu.Unlock()
	c.End()
}
