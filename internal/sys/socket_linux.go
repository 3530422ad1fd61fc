package sys

import (
	"encoding/binary"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Connect is connect(2) with a raw address.
func Connect(fd int, addr []byte) unix.Errno {
	if len(addr) == 0 {
		return unix.EINVAL
	}
	_, _, e := unix.Syscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(&addr[0])), uintptr(len(addr)))
	return e
}

// unreadable is a page that cannot be read, once it is needed.
var unreadable struct {
	once sync.Once
	page *byte
}

// nowhere is an address that cannot be read.
func nowhere() *byte {
	unreadable.once.Do(func() {
		if b, err := unix.Mmap(-1, 0, unix.Getpagesize(), unix.PROT_NONE, unix.MAP_PRIVATE|unix.MAP_ANON); err == nil {
			unreadable.page = &b[0]
		}
	})
	return unreadable.page
}

// Sendmsg is sendmsg(2) with a raw address, which may be nil.
func Sendmsg(fd int, data, control, addr []byte, flags int) (int, unix.Errno) {
	return SendmsgFault(fd, data, 0, control, addr, flags)
}

// SendmsgFault is Sendmsg with bytes that cannot be read behind the data, fault
// of them: the kernel meets them where it comes to them, if it does.
func SendmsgFault(fd int, data []byte, fault int, control, addr []byte, flags int) (int, unix.Errno) {
	var h unix.Msghdr
	var iov [2]unix.Iovec
	n := 0
	if len(data) > 0 {
		iov[0].Base = &data[0]
		iov[0].SetLen(len(data))
		n++
	}
	if fault > 0 {
		iov[n].Base = nowhere()
		iov[n].SetLen(fault)
		n++
	}
	if n > 0 {
		h.Iov = &iov[0]
		h.SetIovlen(n)
	}
	if len(control) > 0 {
		h.Control = &control[0]
		h.SetControllen(len(control))
	}
	if len(addr) > 0 {
		h.Name, h.Namelen = &addr[0], uint32(len(addr))
	}
	sent, _, e := unix.Syscall(unix.SYS_SENDMSG, uintptr(fd), uintptr(unsafe.Pointer(&h)), uintptr(flags))
	if e != 0 {
		return 0, e
	}
	return int(sent), 0
}

// scmPidfd carries a pidfd of the sender (Linux 6.5).
const scmPidfd = 4

// A Message is what Recvmsg received.
type Message struct {
	N       int // with MSG_TRUNC in the call's flags, how long the message was
	Data    []byte
	Address []byte
	Rights  []int                       // descriptors, now ours
	Control []unix.SocketControlMessage // the other control messages
	Flags   int
}

// Recvmsg is recvmsg(2).
func Recvmsg(fd int, data []byte, control int, flags int) (*Message, unix.Errno) {
	var h unix.Msghdr
	var iov unix.Iovec
	if len(data) > 0 {
		iov.Base = &data[0]
		iov.SetLen(len(data))
		h.Iov, h.Iovlen = &iov, 1
	}
	oob := make([]byte, control)
	name := make([]byte, 128)
	h.Control, h.Name, h.Namelen = &oob[0], &name[0], uint32(len(name))
	h.SetControllen(len(oob))
	n, _, e := unix.Syscall(unix.SYS_RECVMSG, uintptr(fd), uintptr(unsafe.Pointer(&h)), uintptr(flags))
	if e != 0 {
		return nil, e
	}
	m := &Message{N: int(n), Data: data[:min(int(n), len(data))], Address: name[:min(int(h.Namelen), len(name))], Flags: int(h.Flags) &^ unix.MSG_CMSG_CLOEXEC}
	parts, err := unix.ParseSocketControlMessage(oob[:h.Controllen])
	if err != nil {
		return m, 0
	}
	for _, p := range parts {
		if p.Header.Level == unix.SOL_SOCKET && p.Header.Type == unix.SCM_RIGHTS {
			if fds, err := unix.ParseUnixRights(&p); err == nil {
				m.Rights = append(m.Rights, fds...)
			}
			continue
		}
		if p.Header.Level == unix.SOL_SOCKET && p.Header.Type == scmPidfd && len(p.Data) == 4 {
			// The number means something here only, and is in no promise.
			unix.Close(int(int32(binary.LittleEndian.Uint32(p.Data))))
			continue
		}
		m.Control = append(m.Control, p)
	}
	return m, 0
}

// ControlMessage lays out one control message.
func ControlMessage(level, kind int, body []byte) []byte {
	b := make([]byte, unix.CmsgSpace(len(body)))
	h := (*unix.Cmsghdr)(unsafe.Pointer(&b[0]))
	h.Level, h.Type = int32(level), int32(kind)
	h.SetLen(unix.CmsgLen(len(body)))
	copy(b[unix.CmsgLen(0):], body)
	return b
}

// Bind is bind(2) with a raw address.
func Bind(fd int, addr []byte) unix.Errno {
	if len(addr) == 0 {
		return unix.EINVAL
	}
	_, _, e := unix.Syscall(unix.SYS_BIND, uintptr(fd), uintptr(unsafe.Pointer(&addr[0])), uintptr(len(addr)))
	return e
}
