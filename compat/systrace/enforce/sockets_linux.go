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

// maxMessage is how much of a message is copied.
const maxMessage = 1 << 20

func (w *worker) sendto(c *call) {
	addr := c.address(4, 5)
	data := make([]byte, min(c.Args[2], maxMessage))
	if n, err := sys.ReadMemory(c.tid(), c.Args[1], data); err != nil || n < len(data) {
		c.fail(unix.EFAULT)
		return
	}
	w.send(c, addr, data, nil, int(int32(c.Args[3])))
}

func (w *worker) send(c *call, addr, data, control []byte, flags int) {
	w.apart(c, func(w *worker) {
		sent := 0
		e := w.onSocket(c, addr, func(fd int, addr []byte) (e unix.Errno) {
			sent, e = sys.Sendmsg(fd, data, control, addr, flags|unix.MSG_NOSIGNAL)
			return e
		})
		if e == unix.EPIPE && flags&unix.MSG_NOSIGNAL == 0 {
			unix.Kill(c.tid(), unix.SIGPIPE)
		}
		if e != 0 {
			c.fail(e)
			return
		}
		c.result(int64(sent))
	})
}

// sendmsg sends one message to what was judged. Control messages would pass
// descriptors by numbers that are the caller's: they are refused.
func (w *worker) sendmsg(c *call) {
	const header, vector = 56, 16
	h := make([]byte, header)
	if n, err := sys.ReadMemory(c.tid(), c.Args[1], h); err != nil || n < header {
		c.fail(unix.EFAULT)
		return
	}
	word := func(at int) uint64 { return binary.NativeEndian.Uint64(h[at:]) }
	if word(40) != 0 {
		c.engine.problem("%s[%d]: sendmsg with control messages under a rule on its address is refused", c.process.program, c.process.pid)
		c.fail(unix.EPERM)
		return
	}
	var addr []byte
	if judged, ok := c.bytes[c.Args[1]]; ok && len(judged) >= 8 {
		if at := binary.NativeEndian.Uint64(judged); at != 0 {
			addr = c.bytes[at]
		}
	}
	count := word(24)
	if count > 1024 {
		c.fail(unix.EMSGSIZE)
		return
	}
	list := make([]byte, count*vector)
	if n, err := sys.ReadMemory(c.tid(), word(16), list); len(list) > 0 && (err != nil || n < len(list)) {
		c.fail(unix.EFAULT)
		return
	}
	var data []byte
	for ; len(list) > 0; list = list[vector:] {
		at, size := binary.NativeEndian.Uint64(list), binary.NativeEndian.Uint64(list[8:])
		part := make([]byte, min(size, uint64(maxMessage-len(data))))
		if n, err := sys.ReadMemory(c.tid(), at, part); len(part) > 0 && (err != nil || n < len(part)) {
			c.fail(unix.EFAULT)
			return
		}
		data = append(data, part...)
	}
	w.send(c, addr, data, nil, int(int32(c.Args[2])))
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
