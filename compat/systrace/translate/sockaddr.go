package translate

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
)

const (
	afUnspec = 0
	afUnix   = 1
	afInet   = 2
	afInet6  = 10

	// maxSockaddr is the size of sockaddr_storage.
	maxSockaddr = 128
)

// sockaddr is a socket address and its length.
func sockaddr(at, length int) arg {
	return arg{name: "sockaddr", at: at, text: func(c *Call, _ bool, caller Caller) (string, bool, error) {
		text, ok := readAddress(caller, c.Args[at], c.Args[length], c.Name != "connect")
		return text, ok, nil
	}}
}

// readAddress reads an address. Where it says to whom something is sent or what
// is bound, one of no family is of the family inet for the kernel; connect takes
// it for nobody.
func readAddress(caller Caller, addr, length uint64, unspecified bool) (string, bool) {
	n := int32(length)
	if addr == 0 || n <= 0 || n > maxSockaddr {
		return "", false
	}
	b, err := caller.Bytes(addr, int(n))
	if err != nil {
		return "", false
	}
	if unspecified && n > 2 && binary.LittleEndian.Uint16(b) == afUnspec {
		b = append([]byte{afInet, 0}, b[2:]...)
	}
	text := Address(b)
	if n <= 2 || binary.LittleEndian.Uint16(b) != afUnix || text == "" || text[0] == '/' {
		return text, true
	}
	// A name is a path, and said as one: no other kind of address begins with a
	// slash.
	if text, err = caller.Path(atFdcwd, text, Lexical); err != nil {
		return "", false
	}
	return text, true
}

// Address is the text of a socket address.
func Address(b []byte) string {
	if len(b) <= 2 {
		return "error"
	}
	switch family := binary.LittleEndian.Uint16(b); family {
	case afUnix:
		// An abstract name begins with a NUL and so is empty.
		path, _, _ := strings.Cut(string(b[2:]), "\x00")
		return path
	case afInet:
		if len(b) < 8 {
			return "error"
		}
		return inet(netip.AddrFrom4([4]byte(b[4:8])).String(), b)
	case afInet6:
		if len(b) < 24 {
			return "error"
		}
		return inet(inet6Text(b), b)
	default:
		return fmt.Sprintf("family(%d)", family)
	}
}

// inet6Text writes an address as getnameinfo(3) does: with a scope only where
// it is link-local, and the name of an interface is its number.
func inet6Text(b []byte) string {
	ip := netip.AddrFrom16([16]byte(b[8:24]))
	scoped := ip.IsLinkLocalUnicast() || ip.IsLinkLocalMulticast() || ip.IsInterfaceLocalMulticast()
	if scoped && len(b) >= 28 {
		if scope := binary.LittleEndian.Uint32(b[24:]); scope != 0 {
			return ip.WithZone(strconv.FormatUint(uint64(scope), 10)).String()
		}
	}
	return ip.String()
}

func inet(host string, b []byte) string {
	return "inet-[" + host + "]:" + strconv.Itoa(int(binary.BigEndian.Uint16(b[2:])))
}

// msgaddr is the address of a message header.
func msgaddr(at int) arg {
	return arg{name: "sockaddr", at: at, text: func(c *Call, _ bool, caller Caller) (string, bool, error) {
		text, ok := headerAddress(c, c.Args[at], caller)
		return text, ok, nil
	}}
}

func headerAddress(c *Call, header uint64, caller Caller) (string, bool) {
	size := wordSize(c.Arch)
	name, ok := readWord(caller, header, size)
	if !ok {
		return "", false
	}
	if name == 0 {
		return "<unknown>", true
	}
	b, err := caller.Bytes(header+uint64(size), 4)
	if err != nil {
		return "", false
	}
	return readAddress(caller, name, uint64(binary.LittleEndian.Uint32(b)), true)
}

// maxMessages is UIO_MAXIOV, how many messages sendmmsg takes.
const maxMessages = 1024

// messages asks for every message of a sendmmsg.
func messages(emulation string, c *Call, s *shape, caller Caller) ([]policy.Question, error) {
	count := min(uint32(c.Args[2]), maxMessages)
	header := uint64(64) // sizeof(struct mmsghdr)
	if wordSize(c.Arch) == 4 {
		header = 32
	}
	one := *c
	list := make([]policy.Question, 0, max(count, 1))
	for i := range uint64(max(count, 1)) {
		one.Args[1] = c.Args[1] + i*header
		q, err := question(emulation, &one, s, caller)
		if err != nil {
			return nil, err
		}
		list = append(list, q)
	}
	return list, nil
}

// socketCalls are the calls of i386's socketcall, from 1 on.
var socketCalls = [...]string{"socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair",
	"send", "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4", "recvmmsg", "sendmmsg"}

// socketArgs is how many arguments each has.
var socketArgs = [...]int{3, 3, 3, 2, 3, 3, 3, 4, 4, 4, 6, 6, 2, 5, 5, 3, 3, 4, 5, 4}

// unwrap takes i386's multiplexed calls apart: socketcall, and the mmap whose
// arguments are in a structure.
func unwrap(c *Call, caller Caller) (*Call, error) {
	words := 0
	one := *c
	switch {
	case c.Name == "socketcall" && c.Args[0]-1 < uint64(len(socketCalls)):
		one.Name, words = socketCalls[c.Args[0]-1], socketArgs[c.Args[0]-1]
		return readArgs(&one, c.Args[1], words, caller)
	case c.Name == "mmap" && wordSize(c.Arch) == 4:
		return readArgs(&one, c.Args[0], 6, caller)
	}
	return c, nil
}

func readArgs(c *Call, addr uint64, words int, caller Caller) (*Call, error) {
	b, err := caller.Bytes(addr, 4*words)
	if err != nil {
		return nil, ErrPath
	}
	c.Args = [6]uint64{}
	for i := range words {
		c.Args[i] = uint64(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return c, nil
}
