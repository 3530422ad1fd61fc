package enforce

import (
	"bytes"
	"encoding/binary"
	"time"

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

// connect may wait for long: then it is done by a thread of its own.
func (w *worker) connect(c *call) {
	addr := c.address(1, 2)
	if addr == nil {
		c.fail(unix.EINVAL)
		return
	}
	if c.waitsFor(c.Args[0]) {
		w.apart(c, func(w *worker) { c.fail(w.onSocket(c, addr, sys.Connect)) })
		return
	}
	c.fail(w.onSocket(c, addr, sys.Connect))
}

// waitsFor tells whether connecting a socket may wait: not for datagrams, and
// not where it was said that nothing shall wait.
func (c *call) waitsFor(socket uint64) bool {
	fd, err := c.descriptorOf(socket)
	if err != nil {
		return false // it fails
	}
	defer unix.Close(fd)
	kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	if err != nil || kind == unix.SOCK_DGRAM {
		return false
	}
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	return err != nil || flags&unix.O_NONBLOCK == 0
}

// errand is a call that may wait, and what to do for it.
type errand struct {
	c *call
	f func(w *worker)
}

// apart performs a call that may wait on a thread that answers nothing else: one
// that has nothing to do, or a new one.
func (w *worker) apart(c *call, f func(w *worker)) {
	c.kept = true
	job := errand{c, f}
	select {
	case w.engine.errands <- job:
	default:
		go w.engine.runErrands(job)
	}
}

// patience is how long a thread for calls that may wait stays without one.
const patience = time.Second

// runErrands performs a call, and others that come soon.
func (e *engine) runErrands(job errand) {
	own, err := newWorker(e)
	if err != nil {
		job.c.answer(err)
		job.c.close()
		return
	}
	idle := time.NewTimer(patience)
	for {
		job.f(own)
		job.c.close()
		idle.Reset(patience)
		select {
		case job = <-e.errands:
		case <-idle.C:
			return
		}
	}
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
