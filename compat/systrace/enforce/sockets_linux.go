package enforce

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// address is the socket address that was judged, as it was read; nil if the
// call has none.
func (c *call) address(at, length int) []byte {
	n := int32(c.Args[length])
	if c.Args[at] == 0 || n <= 0 {
		return nil
	}
	b := c.bytes[c.Args[at]]
	if len(b) < int(n) {
		return nil
	}
	return b[:n]
}

// local rewrites the path of a local socket to one below a directory that is
// open, so that it means what the caller means by it. Other addresses stay.
func (c *call) local(b []byte) (addr []byte, dir int, e unix.Errno) {
	if len(b) < 3 || binary.NativeEndian.Uint16(b) != unix.AF_UNIX || b[2] == 0 {
		return b, -1, 0
	}
	name, _, _ := bytes.Cut(b[2:], []byte{0})
	p := c.lastKept(unix.AT_FDCWD, string(name))
	defer func() { p.dir = -1; p.close() }()
	if p.dir < 0 {
		return nil, -1, p.err
	}
	text := procFD(p.dir) + "/" + p.base
	if len(text) > 107 {
		unix.Close(p.dir)
		return nil, -1, unix.ENAMETOOLONG
	}
	return append(append(append([]byte{}, b[:2]...), text...), 0), p.dir, 0
}

// onSocket does something with the caller's socket and an address.
func (w *worker) onSocket(c *call, addr []byte, f func(fd int, addr []byte) unix.Errno) unix.Errno {
	fd, err := c.descriptorOf(c.Args[0])
	if err != nil {
		return errno(err)
	}
	defer unix.Close(fd)
	var e unix.Errno
	err = w.as(c.identity(), func() {
		real, dir, failed := c.local(addr)
		if dir >= 0 {
			defer unix.Close(dir)
		}
		if e = failed; e == 0 {
			e = f(fd, real)
		}
	})
	if err != nil {
		return errno(err)
	}
	return e
}

func (w *worker) bind(c *call) {
	addr := c.address(1, 2)
	if addr == nil {
		c.fail(unix.EINVAL)
		return
	}
	c.fail(w.onSocket(c, addr, sys.Bind))
}

// connect may wait for long: it is done by a thread of its own unless the
// socket does not wait.
func (w *worker) connect(c *call) {
	addr := c.address(1, 2)
	if addr == nil {
		c.fail(unix.EINVAL)
		return
	}
	w.apart(c, func(w *worker) { c.fail(w.onSocket(c, addr, sys.Connect)) })
}

// apart performs a call that may wait on a thread of its own.
func (w *worker) apart(c *call, f func(w *worker)) {
	c.kept = true
	go func() {
		defer c.close()
		own, err := newWorker(w.engine)
		if err != nil {
			c.answer(err)
			return
		}
		f(own)
	}()
}

// socket is performed only where "as" says so: a raw socket for a program that
// may not make one.
func (w *worker) socket(c *call) {
	kind := int(int32(c.Args[1]))
	var fd int
	var err error
	if e := w.as(c.identity(), func() { fd, err = unix.Socket(int(int32(c.Args[0])), kind|unix.SOCK_CLOEXEC, int(int32(c.Args[2]))) }); e != nil {
		err = e
	}
	if err != nil {
		c.answer(err)
		return
	}
	defer unix.Close(fd)
	var flags uint32
	if kind&unix.SOCK_CLOEXEC != 0 {
		flags = unix.O_CLOEXEC
	}
	sys.NotifAddFD(c.engine.listener, c.ID, fd, flags)
}

func (w *worker) kill(c *call) {
	var err error
	if e := w.as(c.identity(), func() { err = unix.Kill(int(int32(c.Args[0])), unix.Signal(c.Args[1])) }); e != nil {
		err = e
	}
	c.answer(err)
}
