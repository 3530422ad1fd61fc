package launcher

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// forNameServer reports whether dns admits the destination: port 53, a
// disconnect, or the port 0 with which libc asks for a route to an answer.
func (a address) forNameServer() bool {
	switch a.family() {
	case unix.AF_UNSPEC, unix.AF_NETLINK: // libc looks at the interfaces
		return true
	case unix.AF_INET, unix.AF_INET6:
		return a.port() == 53 || a.port() == 0
	}
	return false
}

// readAddress copies an address from the caller, once.
func (s *supervisor) readAddress(c *call, addr, length uint64) (address, unix.Errno) {
	if length > maxAddress {
		return nil, unix.EINVAL
	}
	b := make([]byte, length)
	n, err := sys.ReadMemory(int(c.PID), addr, b)
	if err != nil || n < len(b) {
		return nil, unix.EFAULT
	}
	if !sys.NotifValid(s.child.listener, c.ID) {
		return nil, unix.ENOENT
	}
	return b, 0
}

// socketOf duplicates a descriptor of the caller's process.
func socketOf(c *call, fd uint64) (int, error) {
	pidfd, err := unix.PidfdOpen(processOf(int(c.PID)), 0)
	if err != nil {
		return -1, err
	}
	defer unix.Close(pidfd)
	return unix.PidfdGetfd(pidfd, int(int32(fd)), 0)
}

// onlyDNS reports whether destinations are limited to name servers.
func (s *supervisor) onlyDNS() bool {
	return s.launch.set.Has(promises.DNS) && !s.launch.set.Has(promises.Inet) && !s.launch.set.Has(promises.Unix)
}

// connect connects the caller's socket to a name server, in its place.
func (s *supervisor) connect(c *call) bool {
	if !s.onlyDNS() {
		return false
	}
	a, e := s.readAddress(c, c.Args[1], c.Args[2]&0xffffffff)
	if e != 0 {
		return s.answer(c, e)
	}
	if !a.forNameServer() {
		return s.violation(c, &refusal{promise: promises.Inet.Set(), call: fmt.Sprintf("connect(%d, %s)", int32(c.Args[0]), a)})
	}
	fd, err := socketOf(c, c.Args[0])
	if err != nil {
		return s.answer(c, errno(err))
	}
	go func() { // a TCP connect may take long
		defer unix.Close(fd)
		s.answer(c, sys.Connect(fd, a))
	}()
	return true
}

// sendto sends the caller's datagram to a name server, in its place.
func (s *supervisor) sendto(c *call) bool {
	if !s.onlyDNS() {
		return false
	}
	a, e := s.readAddress(c, c.Args[4], c.Args[5]&0xffffffff)
	if e != 0 {
		return s.answer(c, e)
	}
	if !a.forNameServer() {
		return s.violation(c, &refusal{promise: promises.Inet.Set(), call: fmt.Sprintf("sendto(%d, %s)", int32(c.Args[0]), a)})
	}
	data := make([]byte, min(c.Args[2], maxMessage))
	if n, err := sys.ReadMemory(int(c.PID), c.Args[1], data); err != nil || n < len(data) {
		return s.answer(c, unix.EFAULT)
	}
	fd, err := socketOf(c, c.Args[0])
	if err != nil {
		return s.answer(c, errno(err))
	}
	go func() {
		defer unix.Close(fd)
		n, e := sys.Sendmsg(fd, data, nil, a, int(int32(c.Args[3]))|unix.MSG_NOSIGNAL)
		sys.NotifReturn(s.child.listener, c.ID, int64(n), e)
	}()
	return true
}
