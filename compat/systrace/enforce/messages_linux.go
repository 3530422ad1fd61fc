//go:build amd64 || arm64

package enforce

import (
	"encoding/binary"
	"slices"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// message is what is sent in the caller's stead.
type message struct {
	addr    []byte
	data    []piece
	control []byte
	rights  []int // descriptors of this process's that control passes
	creds   bool  // control says who sends it
	flags   int
	// sentOnce is set when a part was sent, with control.
	sentOnce bool
}

// piece is a part of a message's data, in the caller's memory.
type piece struct{ addr, size uint64 }

func (m *message) close() {
	for _, fd := range m.rights {
		unix.Close(fd)
	}
}

// maxMessage is how much of a message is copied at a time, and at all where it
// cannot be sent in pieces.
const (
	maxMessage = 1 << 20
	maxWhole   = 16 << 20
)

func (w *worker) sendto(c *call) {
	m := &message{addr: c.address(4, 5), data: []piece{{c.Args[1], c.Args[2]}}, flags: int(int32(c.Args[3]))}
	n, e := w.send(c, m)
	c.sent(n, e)
}

func (c *call) sent(n int, e unix.Errno) {
	if e != 0 {
		c.fail(e)
		return
	}
	c.result(int64(n))
}

// sendmsg sends one message to what was judged.
func (w *worker) sendmsg(c *call) {
	n, e := w.sendHeader(c, c.Args[1], int(int32(c.Args[2])))
	c.sent(n, e)
}

// sendmmsg sends messages until one cannot be sent.
func (w *worker) sendmmsg(c *call) {
	const header, length, most = 64, 56, 1024 // struct mmsghdr, its msg_len, UIO_MAXIOV
	count := min(uint64(uint32(c.Args[2])), most)
	for i := range count {
		at := c.Args[1] + i*header
		n, e := w.sendHeader(c, at, int(int32(c.Args[3])))
		if e == 0 {
			e = c.write(at+length, binary.NativeEndian.AppendUint32(nil, uint32(n)))
		}
		if e != 0 {
			if i > 0 {
				c.result(int64(i))
				return
			}
			c.fail(e)
			return
		}
	}
	c.result(int64(count))
}

// sendHeader sends the message of a header. Its address is what was judged.
func (w *worker) sendHeader(c *call, at uint64, flags int) (int, unix.Errno) {
	const size = 56 // sizeof(struct msghdr)
	h, e := c.copied(at, size)
	if e != 0 {
		return 0, e
	}
	word := func(at int) uint64 { return binary.NativeEndian.Uint64(h[at:]) }
	m := &message{flags: flags}
	defer m.close()
	if m.data, e = c.pieces(word(16), word(24)); e != 0 {
		return 0, e
	}
	if judged := c.knownBytes(at); len(judged) >= 8 {
		if name := nativeWord(judged); name != 0 {
			m.addr = c.knownBytes(name)
		}
	}
	if e = c.controls(m, word(32), word(40)); e != 0 {
		return 0, e
	}
	return w.send(c, m)
}

// send sends a message, or as much of it as goes. The caller's memory is read
// before this thread takes on the caller's credentials, with which it may not.
func (w *worker) send(c *call, m *message) (sent int, e unix.Errno) {
	stream, e := c.isStream()
	whole := uint64(0)
	for _, p := range m.data {
		whole += p.size
	}
	if e == 0 && !stream && whole > maxWhole {
		e = unix.EMSGSIZE
	}
	for e == 0 {
		data, failed := c.next(m, stream)
		if failed != 0 {
			return sent, partly(sent, failed)
		}
		n := 0
		e = w.onSocket(c, c.identity(), m.addr, func(fd int, addr []byte) (e unix.Errno) {
			n, e = w.sendOnce(c, fd, data, c.signed(m, fd), addr, m.flags)
			return e
		})
		sent += n
		m.control, m.sentOnce = nil, true // it goes with the first
		if e != 0 || n < len(data) || len(m.data) == 0 {
			break
		}
	}
	if e == unix.EPIPE && sent == 0 && m.flags&unix.MSG_NOSIGNAL == 0 {
		unix.Tgkill(c.process.pid, c.tid(), unix.SIGPIPE)
	}
	return sent, partly(sent, e)
}

// partly is no error if something was sent.
func partly(sent int, e unix.Errno) unix.Errno {
	if sent > 0 {
		return 0
	}
	return e
}

// sendOnce sends with the capabilities that saying who sends it needs: the
// kernel believes it only from whom may say so.
func (w *worker) sendOnce(c *call, fd int, data, control, addr []byte, flags int) (n int, e unix.Errno) {
	const asAnother = 1<<unix.CAP_SYS_ADMIN | 1<<unix.CAP_SETUID | 1<<unix.CAP_SETGID
	id := c.identity()
	raise := len(control) > 0 && w.own.caps&asAnother == asAnother && id.caps&asAnother != asAnother
	if raise && setCaps(id.caps&w.own.caps|asAnother, w.own.caps) != nil {
		return 0, unix.EPERM
	}
	n, e = sys.Sendmsg(fd, data, control, addr, flags|unix.MSG_NOSIGNAL)
	if raise && setCaps(id.caps&w.own.caps, w.own.caps) != nil {
		w.engine.fatal("drop capabilities after a message")
	}
	return n, e
}

// isStream tells whether a message may be sent in parts.
func (c *call) isStream() (bool, unix.Errno) {
	fd, err := c.descriptorOf(c.Args[0])
	if err != nil {
		return false, errno(err)
	}
	defer unix.Close(fd)
	kind, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	return kind == unix.SOCK_STREAM, errno(err)
}

// signed is the control part of a message. Who asks a local socket is told who
// sent it: the caller, not this process, as far as this process may say so.
func (c *call) signed(m *message, fd int) []byte {
	domain, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
	const needed = 1<<unix.CAP_SYS_ADMIN | 1<<unix.CAP_SETUID | 1<<unix.CAP_SETGID
	if err != nil || domain != unix.AF_UNIX || m.creds || m.sentOnce || c.engine.caps&needed != needed {
		return m.control
	}
	id := c.identity()
	b := binary.NativeEndian.AppendUint32(nil, uint32(c.process.pid))
	b = binary.NativeEndian.AppendUint32(b, id.ruid)
	b = binary.NativeEndian.AppendUint32(b, id.rgid)
	return append(slices.Clone(m.control), sys.ControlMessage(unix.SOL_SOCKET, unix.SCM_CREDENTIALS, b)...)
}

// next takes the next part of the data: all of it, unless it is a stream's.
func (c *call) next(m *message, stream bool) ([]byte, unix.Errno) {
	var data []byte
	for len(m.data) > 0 {
		p := &m.data[0]
		size := p.size
		if stream {
			size = min(size, uint64(maxMessage-len(data)))
		}
		part, e := c.copied(p.addr, size)
		if e != 0 {
			return nil, e
		}
		data = append(data, part...)
		p.addr, p.size = p.addr+size, p.size-size
		if p.size > 0 {
			return data, 0
		}
		m.data = m.data[1:]
	}
	return data, 0
}

// copied reads from the caller's memory what nothing was judged by.
func (c *call) copied(addr, n uint64) ([]byte, unix.Errno) {
	if n > maxWhole {
		return nil, unix.EMSGSIZE
	}
	b := make([]byte, n)
	if n == 0 {
		return b, 0
	}
	if got, err := sys.ReadMemory(c.tid(), addr, b); err != nil || got < len(b) {
		return nil, unix.EFAULT
	}
	if !c.waits() {
		return nil, unix.ESRCH
	}
	return b, 0
}

// pieces are the parts of a vector.
func (c *call) pieces(addr, count uint64) (list []piece, e unix.Errno) {
	const vector, most = 16, 1024 // sizeof(struct iovec), UIO_MAXIOV
	if count > most {
		return nil, unix.EMSGSIZE
	}
	b, e := c.copied(addr, count*vector)
	if e != 0 {
		return nil, e
	}
	for ; len(b) > 0; b = b[vector:] {
		p := piece{nativeWord(b), nativeWord(b[8:])}
		if int64(p.size) < 0 {
			return nil, unix.EINVAL
		}
		list = append(list, p)
	}
	return list, 0
}

const (
	// maxControl is how much of control messages is copied, as in the kernel.
	maxControl = 20 << 10
	// maxRights is SCM_MAX_FD, how many descriptors one message passes.
	maxRights = 253
	cmsgSize  = 16 // sizeof(struct cmsghdr)
)

// controls copies control messages. Descriptors in them are numbers of the
// caller's and become this process's; who it says to be it must be.
func (c *call) controls(m *message, addr, n uint64) unix.Errno {
	if addr == 0 || n == 0 {
		return 0
	}
	if n > maxControl {
		return unix.ENOBUFS
	}
	b, e := c.copied(addr, n)
	if e != 0 {
		return e
	}
	for len(b) >= cmsgSize {
		size := nativeWord(b)
		if size < cmsgSize || size > uint64(len(b)) {
			return unix.EINVAL
		}
		level, kind := int32(binary.NativeEndian.Uint32(b[8:])), int32(binary.NativeEndian.Uint32(b[12:]))
		body, e := c.controlBody(m, level, kind, b[cmsgSize:size])
		if e != 0 {
			return e
		}
		if body != nil {
			m.control = append(m.control, sys.ControlMessage(int(level), int(kind), body)...)
		}
		b = b[min((size+7)&^7, uint64(len(b))):]
	}
	return 0
}

func (c *call) controlBody(m *message, level, kind int32, body []byte) ([]byte, unix.Errno) {
	if level != unix.SOL_SOCKET {
		return append([]byte{}, body...), 0
	}
	switch kind {
	case unix.SCM_RIGHTS:
		return c.passed(m, body)
	case unix.SCM_CREDENTIALS:
		const size = 12
		if len(body) != size {
			return nil, unix.EINVAL
		}
		pid, uid, gid := binary.NativeEndian.Uint32(body), binary.NativeEndian.Uint32(body[4:]), binary.NativeEndian.Uint32(body[8:])
		if int(pid) != c.process.pid || uid != c.creds.ruid && uid != c.creds.uid || gid != c.creds.rgid && gid != c.creds.gid {
			return nil, unix.EPERM
		}
		m.creds = true
	}
	return append([]byte{}, body...), 0
}

// passed duplicates the caller's descriptors. What is too short for one is
// ignored, as by the kernel.
func (c *call) passed(m *message, body []byte) ([]byte, unix.Errno) {
	if len(body)/4 > maxRights {
		return nil, unix.EINVAL
	}
	var out []byte
	for ; len(body) >= 4; body = body[4:] {
		fd, err := c.descriptorOf(uint64(binary.NativeEndian.Uint32(body)))
		if err != nil {
			return nil, errno(err)
		}
		m.rights = append(m.rights, fd)
		out = binary.NativeEndian.AppendUint32(out, uint32(fd))
	}
	return out, 0
}
