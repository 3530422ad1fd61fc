package launcher

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// pollSlice is how often a blocked receive looks whether its caller still
// waits, in milliseconds.
const pollSlice = 500

// receive performs recvmsg: data goes into the caller's memory, descriptors
// that recvfd admits are installed.
func (s *supervisor) receive(c *call, h *header, fd int) {
	defer unix.Close(fd)
	flags := int(int32(c.Args[2]))
	if !s.readable(c, fd, flags) {
		return
	}
	data := make([]byte, min(h.size, maxMessage))
	m, e := sys.Recvmsg(fd, data, maxControl, flags&^unix.MSG_CMSG_CLOEXEC|unix.MSG_DONTWAIT|unix.MSG_CMSG_CLOEXEC)
	if e != 0 {
		sys.NotifReturn(s.child.listener, c.ID, 0, e)
		return
	}
	if why := s.judgeRights(c, m.Rights); why != nil {
		closeAll(m.Rights)
		s.violation(c, why)
		return
	}
	e = s.deliver(c, h, m, data[:min(m.N, len(data))], flags)
	closeAll(m.Rights)
	sys.NotifReturn(s.child.listener, c.ID, int64(m.N), e)
}

// readable waits for data unless the caller does not want to wait.
func (s *supervisor) readable(c *call, fd, flags int) bool {
	fl, _ := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	for flags&unix.MSG_DONTWAIT == 0 && fl&unix.O_NONBLOCK == 0 {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, pollSlice)
		if err == nil && n > 0 {
			break
		}
		if !sys.NotifValid(s.child.listener, c.ID) {
			return false
		}
	}
	return true
}

func (s *supervisor) judgeRights(c *call, rights []int) *refusal {
	if len(rights) == 0 {
		return nil
	}
	text := fmt.Sprintf("recvmsg(%d, SCM_RIGHTS)", int32(c.Args[0]))
	if !s.launch.set.Has(promises.Recvfd) {
		return &refusal{promise: promises.Recvfd.Set(), call: text}
	}
	for _, fd := range rights {
		if isDirectory(fd) {
			return &refusal{call: fmt.Sprintf("recvmsg(%d, SCM_RIGHTS with a directory)", int32(c.Args[0]))}
		}
	}
	return nil
}

// deliver writes data, address, descriptors and flags to where the caller's
// header says.
func (s *supervisor) deliver(c *call, h *header, m *sys.Message, data []byte, flags int) unix.Errno {
	pid := int(c.PID)
	if !sys.NotifValid(s.child.listener, c.ID) {
		return unix.ENOENT
	}
	for _, v := range h.vectors {
		n := min(uint64(len(data)), v.length)
		if err := sys.WriteMemory(pid, v.base, data[:n]); err != nil {
			return unix.EFAULT
		}
		data = data[n:]
	}
	lay := headerLayout(h.word)
	if h.name != 0 {
		if sys.WriteMemory(pid, h.name, m.Address[:min(uint64(len(m.Address)), h.nameLen)]) != nil ||
			sys.WriteMemory(pid, h.at+uint64(lay[1]), binary.LittleEndian.AppendUint32(nil, uint32(len(m.Address)))) != nil {
			return unix.EFAULT
		}
	}
	control, truncated, e := s.deliverControl(c, h, m, flags)
	if e != 0 {
		return e
	}
	out := m.Flags
	if truncated {
		out |= unix.MSG_CTRUNC
	}
	if sys.WriteMemory(pid, h.control, control) != nil ||
		sys.WriteMemory(pid, h.at+uint64(lay[5]), h.uword(uint64(len(control)))) != nil ||
		sys.WriteMemory(pid, h.at+uint64(lay[6]), binary.LittleEndian.AppendUint32(nil, uint32(out))) != nil {
		return unix.EFAULT
	}
	return 0
}

func (h *header) uword(v uint64) []byte {
	if h.word == 4 {
		return binary.LittleEndian.AppendUint32(nil, uint32(v))
	}
	return binary.LittleEndian.AppendUint64(nil, v)
}

// deliverControl installs the descriptors in the caller and lays out the
// control messages as its word size has them.
func (s *supervisor) deliverControl(c *call, h *header, m *sys.Message, flags int) (control []byte, truncated bool, e unix.Errno) {
	room := int(h.controlLen)
	put := func(level, kind int, body []byte) {
		size := h.word + 8 + len(body)
		padded := (size + h.word - 1) &^ (h.word - 1)
		if len(control)+size > room {
			truncated = true
			return
		}
		control = append(control, h.uword(uint64(size))...)
		control = binary.LittleEndian.AppendUint32(control, uint32(level))
		control = binary.LittleEndian.AppendUint32(control, uint32(kind))
		control = append(append(control, body...), make([]byte, padded-size)...)
	}
	for _, other := range m.Control {
		put(int(other.Header.Level), int(other.Header.Type), other.Data)
	}
	fits := (room - len(control) - h.word - 8) / 4
	var body []byte
	for i, fd := range m.Rights {
		if i >= fits {
			truncated = true
			break
		}
		var cloexec uint32
		if flags&unix.MSG_CMSG_CLOEXEC != 0 {
			cloexec = unix.O_CLOEXEC
		}
		n, errno := sys.NotifInstallFD(s.child.listener, c.ID, fd, cloexec)
		if errno != 0 {
			return nil, false, errno
		}
		body = binary.LittleEndian.AppendUint32(body, uint32(n))
	}
	if len(body) > 0 {
		put(unix.SOL_SOCKET, unix.SCM_RIGHTS, body)
	}
	return control, truncated, 0
}
