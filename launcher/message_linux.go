package launcher

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

const (
	maxMessage = 1 << 20 // bytes of one message that is performed for a caller
	maxControl = 1 << 16
	maxVectors = 1024
	maxRights  = 253 // SCM_MAX_FD
)

// A header is a struct msghdr copied from the caller once, and what it points
// to.
type header struct {
	at                        uint64 // where it is in the caller
	name, nameLen             uint64
	vectors                   []vector
	control, controlLen, size uint64
	word                      int
}

type vector struct{ base, length uint64 }

// headerLayout returns the offsets of struct msghdr by word size: name, namelen,
// iov, iovlen, control, controllen, flags, size.
func headerLayout(word int) [8]int {
	if word == 4 {
		return [8]int{0, 4, 8, 12, 16, 20, 24, 28}
	}
	return [8]int{0, 8, 16, 24, 32, 40, 48, 56}
}

func wordSize(a *abi.Arch) int {
	if a == abi.I386 {
		return 4
	}
	return 8
}

func readHeader(c *call, at uint64) (*header, unix.Errno) {
	h := &header{at: at, word: wordSize(c.arch)}
	lay := headerLayout(h.word)
	b := make([]byte, lay[7])
	if n, err := sys.ReadMemory(int(c.PID), at, b); err != nil || n < len(b) {
		return nil, unix.EFAULT
	}
	get := func(off int) uint64 {
		if h.word == 4 {
			return uint64(binary.LittleEndian.Uint32(b[off:]))
		}
		return binary.LittleEndian.Uint64(b[off:])
	}
	h.name, h.nameLen = get(lay[0]), uint64(binary.LittleEndian.Uint32(b[lay[1]:]))
	h.control, h.controlLen = get(lay[4]), get(lay[5])
	iov, n := get(lay[2]), get(lay[3])
	if n > maxVectors || h.controlLen > maxControl {
		return nil, unix.EMSGSIZE
	}
	return h, h.readVectors(c, iov, int(n))
}

func (h *header) readVectors(c *call, at uint64, n int) unix.Errno {
	b := make([]byte, n*2*h.word)
	if got, err := sys.ReadMemory(int(c.PID), at, b); n > 0 && (err != nil || got < len(b)) {
		return unix.EFAULT
	}
	for i := range n {
		var v vector
		if h.word == 4 {
			v = vector{uint64(binary.LittleEndian.Uint32(b[8*i:])), uint64(binary.LittleEndian.Uint32(b[8*i+4:]))}
		} else {
			v = vector{binary.LittleEndian.Uint64(b[16*i:]), binary.LittleEndian.Uint64(b[16*i+8:])}
		}
		h.vectors = append(h.vectors, v)
		h.size += v.length
	}
	return 0
}

// message performs sendmsg, sendmmsg and recvmsg for the caller: what they
// carry beside data, descriptors and addresses, is in memory.
func (s *supervisor) message(c *call) bool {
	h, e := readHeader(c, c.Args[1])
	if e != 0 {
		return s.answer(c, e)
	}
	fd, err := socketOf(c, c.Args[0])
	if err != nil {
		return s.answer(c, errno(err))
	}
	if c.name == "recvmsg" {
		go s.receive(c, h, fd)
		return true
	}
	m, why, e := s.readMessage(c, h, fd)
	if e != 0 || why != nil {
		unix.Close(fd)
		if why != nil {
			return s.violation(c, why)
		}
		return s.answer(c, e)
	}
	go s.send(c, m, fd)
	return true
}

// An outgoing message: judged, and copied from the caller.
type outgoing struct {
	data    []byte
	address address
	control []byte
	rights  []int // copies of the descriptors it carries
	flags   int
}

// readMessage copies a message and judges what it carries.
func (s *supervisor) readMessage(c *call, h *header, fd int) (*outgoing, *refusal, unix.Errno) {
	m := &outgoing{flags: int(int32(c.Args[2]))}
	if c.name == "sendmmsg" {
		m.flags = int(int32(c.Args[3]))
	}
	if h.size > maxMessage {
		if t, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE); err != nil || t != unix.SOCK_STREAM {
			return nil, nil, unix.EMSGSIZE
		}
	}
	for _, v := range h.vectors {
		part := make([]byte, min(v.length, maxMessage-uint64(len(m.data))))
		if n, err := sys.ReadMemory(int(c.PID), v.base, part); len(part) > 0 && (err != nil || n < len(part)) {
			return nil, nil, unix.EFAULT
		}
		m.data = append(m.data, part...)
	}
	if h.name != 0 && h.nameLen > 0 {
		a, e := s.readAddress(c, h.name, h.nameLen)
		if e != 0 {
			return nil, nil, e
		}
		if why := s.judgeAddress(c, a); why != nil {
			return nil, why, 0
		}
		m.address = a
	}
	why, e := s.readControl(c, h, m)
	return m, why, e
}

func (s *supervisor) judgeAddress(c *call, a address) *refusal {
	set := s.launch.set
	switch {
	case set.Has(promises.Inet) && a.family() != unix.AF_UNIX, set.Has(promises.Unix) && a.family() == unix.AF_UNIX,
		set.Has(promises.Route), set.Has(promises.DNS) && a.forNameServer(), a.family() == unix.AF_NETLINK:
		return nil
	}
	need := promises.Inet.Set()
	if a.family() == unix.AF_UNIX {
		need = promises.Unix.Set()
	}
	return &refusal{promise: need, call: fmt.Sprintf("%s(%d, %s)", c.name, int32(c.Args[0]), a)}
}

// readControl judges the descriptors that a message carries: sendfd admits
// them, but no directory.
func (s *supervisor) readControl(c *call, h *header, m *outgoing) (*refusal, unix.Errno) {
	if h.control == 0 || h.controlLen == 0 {
		return nil, 0
	}
	raw := make([]byte, h.controlLen)
	if n, err := sys.ReadMemory(int(c.PID), h.control, raw); err != nil || n < len(raw) {
		return nil, unix.EFAULT
	}
	for len(raw) >= h.word+8 {
		length := uint64(binary.LittleEndian.Uint32(raw))
		if h.word == 8 {
			length = binary.LittleEndian.Uint64(raw)
		}
		level, kind := binary.LittleEndian.Uint32(raw[h.word:]), binary.LittleEndian.Uint32(raw[h.word+4:])
		if length < uint64(h.word+8) || length > uint64(len(raw)) {
			return nil, unix.EINVAL
		}
		body := raw[h.word+8 : length]
		if level == unix.SOL_SOCKET && kind == unix.SCM_RIGHTS {
			if why, e := s.readRights(c, body, m); why != nil || e != 0 {
				return why, e
			}
		} else if level != unix.SOL_SOCKET {
			m.control = append(m.control, sys.ControlMessage(int(level), int(kind), body)...)
		}
		raw = raw[min(uint64(len(raw)), (length+uint64(h.word)-1)&^uint64(h.word-1)):]
	}
	if !sys.NotifValid(s.child.listener, c.ID) {
		return nil, unix.ENOENT
	}
	return nil, 0
}

func (s *supervisor) readRights(c *call, body []byte, m *outgoing) (*refusal, unix.Errno) {
	text := fmt.Sprintf("%s(%d, SCM_RIGHTS)", c.name, int32(c.Args[0]))
	if !s.launch.set.Has(promises.Sendfd) {
		return &refusal{promise: promises.Sendfd.Set(), call: text}, 0
	}
	if len(body)/4 > maxRights {
		return nil, unix.EINVAL
	}
	for ; len(body) >= 4; body = body[4:] {
		fd, err := socketOf(c, uint64(binary.LittleEndian.Uint32(body)))
		if err != nil {
			return nil, errno(err)
		}
		m.rights = append(m.rights, fd)
		if isDirectory(fd) {
			return &refusal{call: fmt.Sprintf("%s(%d, SCM_RIGHTS with a directory)", c.name, int32(c.Args[0]))}, 0
		}
	}
	return nil, 0
}

func isDirectory(fd int) bool {
	var st unix.Stat_t
	return unix.Fstat(fd, &st) != nil || st.Mode&unix.S_IFMT == unix.S_IFDIR
}

// send performs the message; sendmmsg sends its first one and says so, which
// callers must expect.
func (s *supervisor) send(c *call, m *outgoing, fd int) {
	defer unix.Close(fd)
	control := m.control
	if len(m.rights) > 0 {
		control = append(control, unix.UnixRights(m.rights...)...)
	}
	n, e := sys.Sendmsg(fd, m.data, control, m.address, m.flags|unix.MSG_NOSIGNAL)
	closeAll(m.rights)
	if e == unix.EPIPE && m.flags&unix.MSG_NOSIGNAL == 0 {
		unix.Tgkill(processOf(int(c.PID)), int(c.PID), unix.SIGPIPE)
	}
	if c.name == "sendmmsg" && e == 0 {
		at := c.Args[1] + uint64(headerLayout(wordSize(c.arch))[7])
		sys.WriteMemory(int(c.PID), at, binary.LittleEndian.AppendUint32(nil, uint32(n)))
		n = 1
	}
	sys.NotifReturn(s.child.listener, c.ID, int64(n), e)
}

func closeAll(fds []int) {
	for _, fd := range fds {
		unix.Close(fd)
	}
}
