//go:build amd64 || arm64

package launcher

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// A receiving is a recvmsg that is performed: data goes into the caller's
// memory, descriptors that recvfd admits are installed.
type receiving struct {
	s     *supervisor
	c     *notify.Call
	k     socket
	h     *header
	flags int
	got   uint64 // so far, with MSG_WAITALL
}

// recvmsg performs the call of that name.
func (s *supervisor) recvmsg(c *notify.Call) (bool, error) {
	if err := c.MayWait(); err != nil {
		return false, err // what was received must be delivered
	}
	k, err := socketOf(c, c.Args[0])
	if err != nil {
		return failed(c, err)
	}
	h, _, err := readHeader(c, c.Args[1], false)
	if err != nil {
		k.close()
		return failed(c, err)
	}
	x := &receiving{s: s, c: c, k: k, h: h, flags: int(int32(c.Args[2]))}
	x.step()
	return true, nil
}

// step receives what is there, and waits elsewhere if nothing is.
func (x *receiving) step() {
	size := int(min(x.h.size()-x.got, maxPart))
	var m *sys.Message
	var e unix.Errno
	err := x.s.perform.as(x.c, func() {
		m, e = sys.Recvmsg(x.k.fd, make([]byte, size), maxControl, x.flags|unix.MSG_DONTWAIT|unix.MSG_CMSG_CLOEXEC)
	})
	if err != nil {
		e = errno(err)
	}
	switch {
	case e == unix.EAGAIN && x.waits():
		x.s.sleeping.add(newSleeper(x.c, x.k, unix.POLLIN, unix.SO_RCVTIMEO, x.step, x.end))
		return
	case e != 0:
		x.end(e)
		return
	}
	defer closeAll(m.Rights)
	if why := x.s.judgeRights(x.c, m.Rights); why != nil {
		x.k.close()
		x.s.violation(x.c, why)
		return
	}
	if e := x.deliver(m); e != 0 {
		x.k.close()
		x.c.Fail(e)
		return
	}
	x.got += uint64(m.N)
	if x.wantsMore(m) {
		x.s.sleeping.add(newSleeper(x.c, x.k, unix.POLLIN, unix.SO_RCVTIMEO, x.step, x.end))
		return
	}
	x.k.close()
	x.c.Return(int64(x.got))
}

// waits reports whether the call is one that waits for data.
func (x *receiving) waits() bool {
	return x.flags&(unix.MSG_DONTWAIT|unix.MSG_ERRQUEUE|unix.MSG_OOB) == 0 && x.k.waits()
}

// wantsMore reports whether a call that waits for all of its data (MSG_WAITALL)
// has to wait for more. Where more is there already the kernel has ended it on
// purpose: what comes next belongs to another message.
func (x *receiving) wantsMore(m *sys.Message) bool {
	if x.flags&unix.MSG_WAITALL == 0 || x.flags&unix.MSG_PEEK != 0 || !x.waits() || x.k.Type != unix.SOCK_STREAM ||
		x.got >= x.h.size() || m.N == 0 {
		return false
	}
	fds := []unix.PollFd{{Fd: int32(x.k.fd), Events: unix.POLLIN}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n == 0
}

// end answers after an error.
func (x *receiving) end(e unix.Errno) {
	x.k.close()
	if x.got > 0 {
		x.c.Return(int64(x.got))
		return
	}
	x.c.Fail(e)
}

func (s *supervisor) judgeRights(c *notify.Call, rights []int) *refusal {
	if len(rights) == 0 {
		return nil
	}
	text := "recvmsg(" + itoa(int32(c.Args[0])) + ", SCM_RIGHTS"
	if !s.set.Has(promises.Recvfd) {
		return &refusal{promise: promises.Recvfd.Set(), call: text + ")"}
	}
	for _, fd := range rights {
		if isDirectory(fd) {
			return &refusal{call: text + " with a directory)"}
		}
	}
	return nil
}

// deliver writes data, address, descriptors and flags to where the caller's
// header says.
func (x *receiving) deliver(m *sys.Message) unix.Errno {
	c, h := x.c, x.h
	if e := x.scatter(m.Data); e != 0 {
		return e
	}
	lay := headerLayout(h.word)
	if h.name != 0 {
		if c.Write(h.name, m.Address[:min(uint64(len(m.Address)), h.nameLen)]) != nil ||
			c.Write(h.at+uint64(lay[1]), binary.LittleEndian.AppendUint32(nil, uint32(len(m.Address)))) != nil {
			return unix.EFAULT
		}
	}
	control, truncated, e := x.control(m)
	if e != 0 {
		return e
	}
	out := m.Flags | x.flags&unix.MSG_CMSG_CLOEXEC // which the kernel tells back
	if truncated {
		out |= unix.MSG_CTRUNC
	}
	if c.Write(h.control, control) != nil || c.Write(h.at+uint64(lay[5]), putWord(uint64(len(control)), h.word)) != nil ||
		c.Write(h.at+uint64(lay[6]), binary.LittleEndian.AppendUint32(nil, uint32(out))) != nil {
		return unix.EFAULT
	}
	return 0
}

// scatter writes data to the vectors, behind what they have already.
func (x *receiving) scatter(data []byte) unix.Errno {
	from := x.got
	for _, v := range x.h.vectors {
		if from >= v.length {
			from -= v.length
			continue
		}
		n := min(uint64(len(data)), v.length-from)
		if err := x.c.Write(v.base+from, data[:n]); err != nil {
			return unix.EFAULT
		}
		data, from = data[n:], 0
	}
	return 0
}

// control installs the descriptors in the caller and lays out the control
// messages as its word size has them.
func (x *receiving) control(m *sys.Message) (control []byte, truncated bool, e unix.Errno) {
	h := x.h
	room := int(min(h.controlLen, maxControl))
	put := func(level, kind int, body []byte) {
		size := h.word + 8 + len(body)
		padded := (size + h.word - 1) &^ (h.word - 1)
		if len(control)+size > room {
			truncated = true
			return
		}
		control = append(control, putWord(uint64(size), h.word)...)
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
		var flags uint64
		if x.flags&unix.MSG_CMSG_CLOEXEC != 0 {
			flags = unix.O_CLOEXEC
		}
		n, errno := x.c.Install(fd, flags)
		if errno != 0 {
			return nil, false, errno
		}
		body = binary.LittleEndian.AppendUint32(body, uint32(n))
	}
	if len(body) > 0 {
		put(unix.SOL_SOCKET, unix.SCM_RIGHTS, body)
	}
	return control[:min(len(control), room)], truncated, 0 // the last one is not padded where there is no room
}
