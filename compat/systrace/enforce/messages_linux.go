package enforce

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// message is what is sent in the caller's stead.
type message struct {
	addr, data []byte
	rights     []int // descriptors of this process's that are passed
	flags      int
}

func (m *message) close() {
	for _, fd := range m.rights {
		unix.Close(fd)
	}
}

// maxMessage is how much of a message is copied.
const maxMessage = 1 << 20

func (w *worker) sendto(c *call) {
	data, e := c.copied(c.Args[1], min(c.Args[2], maxMessage))
	if e != 0 {
		c.fail(e)
		return
	}
	w.send(c, &message{addr: c.address(4, 5), data: data, flags: int(int32(c.Args[3]))})
}

func (w *worker) send(c *call, m *message) {
	w.apart(c, func(w *worker) {
		defer m.close()
		var control []byte
		if len(m.rights) > 0 {
			control = unix.UnixRights(m.rights...)
		}
		sent := 0
		e := w.onSocket(c, m.addr, func(fd int, addr []byte) (e unix.Errno) {
			sent, e = sys.Sendmsg(fd, m.data, control, addr, m.flags|unix.MSG_NOSIGNAL)
			return e
		})
		if e == unix.EPIPE && m.flags&unix.MSG_NOSIGNAL == 0 {
			unix.Kill(c.tid(), unix.SIGPIPE)
		}
		if e != 0 {
			c.fail(e)
			return
		}
		c.result(int64(sent))
	})
}

// copied reads from the caller's memory what nothing was judged by.
func (c *call) copied(addr, n uint64) ([]byte, unix.Errno) {
	b := make([]byte, n)
	if n == 0 {
		return b, 0
	}
	if got, err := sys.ReadMemory(c.tid(), addr, b); err != nil || got < len(b) {
		return nil, unix.EFAULT
	}
	return b, 0
}

// sendmsg sends one message to what was judged.
func (w *worker) sendmsg(c *call) {
	const header = 56 // sizeof(struct msghdr)
	h, e := c.copied(c.Args[1], header)
	if e != 0 {
		c.fail(e)
		return
	}
	word := func(at int) uint64 { return binary.NativeEndian.Uint64(h[at:]) }
	m := &message{flags: int(int32(c.Args[2]))}
	if m.data, e = c.gathered(word(16), word(24)); e != 0 {
		c.fail(e)
		return
	}
	if judged, ok := c.bytes[c.Args[1]]; ok && len(judged) >= 8 {
		if at := binary.NativeEndian.Uint64(judged); at != 0 {
			m.addr = c.bytes[at]
		}
	}
	if m.rights, e = c.rights(word(32), word(40)); e != 0 {
		m.close()
		c.fail(e)
		return
	}
	w.send(c, m)
}

// gathered is the data of a vector.
func (c *call) gathered(addr, count uint64) (data []byte, e unix.Errno) {
	const vector, most = 16, 1024 // sizeof(struct iovec), UIO_MAXIOV
	if count > most {
		return nil, unix.EMSGSIZE
	}
	list, e := c.copied(addr, count*vector)
	for ; e == 0 && len(list) > 0; list = list[vector:] {
		var part []byte
		size := min(binary.NativeEndian.Uint64(list[8:]), uint64(maxMessage-len(data)))
		part, e = c.copied(binary.NativeEndian.Uint64(list), size)
		data = append(data, part...)
	}
	return data, e
}

// maxControl is how much of control messages is copied, as in the kernel.
const maxControl = 20 << 10

// rights are duplicates of the descriptors that control messages pass, which
// are numbers of the caller's. Other control messages, such as credentials that
// only the caller could send, are refused.
func (c *call) rights(addr, n uint64) (list []int, e unix.Errno) {
	if addr == 0 || n == 0 {
		return nil, 0
	}
	if n > maxControl {
		return nil, unix.ENOBUFS
	}
	control, e := c.copied(addr, n)
	if e != 0 {
		return nil, e
	}
	messages, err := unix.ParseSocketControlMessage(control)
	if err != nil {
		return nil, unix.EINVAL
	}
	for _, m := range messages {
		fds, err := unix.ParseUnixRights(&m)
		if err != nil {
			c.engine.problem("%s[%d]: control messages other than SCM_RIGHTS (level %d, type %d) under a rule on the address are refused",
				c.process.program, c.process.pid, m.Header.Level, m.Header.Type)
			return list, unix.EPERM
		}
		for _, fd := range fds {
			dup, err := c.descriptorOf(uint64(fd))
			if err != nil {
				return list, errno(err)
			}
			list = append(list, dup)
		}
	}
	return list, 0
}
