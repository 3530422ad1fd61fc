package enforce

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// givePath gives the caller a descriptor of O_PATH, which the kernel takes for
// another process in no other way than in a message: it is made to receive one.
// Nothing that other threads could change chooses what it gets.
func (w *worker) givePath(c *call, fd, flags int) {
	defer unix.Close(fd)
	socket, e := w.posted(c, fd)
	if e != 0 {
		c.fail(e)
		return
	}
	c.inject(-1, func(p *puppet) { p.receive(uint64(socket), flags&unix.O_CLOEXEC != 0) })
}

// posted puts a socket into the caller that a message with the descriptor waits
// in.
func (w *worker) posted(c *call, fd int) (socket int, e unix.Errno) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, errno(err)
	}
	defer unix.Close(pair[0])
	defer unix.Close(pair[1])
	if _, e := sys.Sendmsg(pair[0], []byte{0}, unix.UnixRights(fd), nil, 0); e != 0 {
		return -1, e
	}
	return c.install(pair[1])
}

// receive has the thread receive one message with a descriptor; the result is the
// descriptor.
func (p *puppet) receive(socket uint64, cloexec bool) {
	const iovec, data, control, size = 56, 72, 80, 104 // behind struct msghdr
	at := p.scratch()
	b := make([]byte, size)
	put := func(where int, v uint64) { binary.NativeEndian.PutUint64(b[where:], v) }
	put(16, at+iovec)   // msg_iov
	put(24, 1)          // msg_iovlen
	put(32, at+control) // msg_control
	put(40, size-control)
	put(iovec, at+data)
	put(iovec+8, 1)
	if err := sys.WriteMemory(p.c.tid(), at, b); err != nil {
		p.result = negative(errno(err))
		return
	}
	flags := uint64(0)
	if cloexec {
		flags = unix.MSG_CMSG_CLOEXEC
	}
	p.call(unix.SYS_RECVMSG, socket, at, flags)
	p.call(unix.SYS_CLOSE, socket)
	if p.failed() {
		return
	}
	var fd [4]byte
	const header = 16 // sizeof(struct cmsghdr)
	if n, err := sys.ReadMemory(p.c.tid(), at+control+header, fd[:]); err != nil || n < len(fd) {
		p.result = negative(unix.EFAULT)
		return
	}
	p.result = uint64(binary.NativeEndian.Uint32(fd[:]))
	p.lowest(cloexec)
}

// lowest gives the descriptor the lowest number that is free, as whoever opens
// something expects: the socket had that.
func (p *puppet) lowest(cloexec bool) {
	command := uint64(unix.F_DUPFD)
	if cloexec {
		command = unix.F_DUPFD_CLOEXEC
	}
	fd := p.result
	if lower := p.callInstead(unix.SYS_FCNTL, fd, command, 0); int64(lower) >= 0 {
		p.callInstead(unix.SYS_CLOSE, fd)
		p.result = lower
	}
}

func negative(e unix.Errno) uint64 { return uint64(-int64(e)) }
