//go:build amd64 || arm64

package launcher

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// maxAddress is sizeof(struct sockaddr_storage).
const maxAddress = 128

// An address is a socket address as it was in the caller's memory once.
type address []byte

func (a address) family() uint16 {
	if len(a) < 2 {
		return unix.AF_UNSPEC
	}
	return binary.LittleEndian.Uint16(a)
}

func (a address) port() uint16 {
	if len(a) < 4 {
		return 0
	}
	return binary.BigEndian.Uint16(a[2:])
}

func (a address) String() string {
	switch {
	case a.family() == unix.AF_INET && len(a) >= 8:
		return ipv4Text(a[4:8]) + ":" + strconv.Itoa(int(a.port()))
	case a.family() == unix.AF_INET6 && len(a) >= 24:
		return "[" + ipv6Text([16]byte(a[8:24])) + "]:" + strconv.Itoa(int(a.port()))
	}
	return fmt.Sprintf("family %d", a.family())
}

func ipv4Text(b []byte) string { return fmt.Sprintf("%d.%d.%d.%d", b[0], b[1], b[2], b[3]) }

// ipv6Text writes an address as RFC 5952 has it: the longest run of zero groups
// left out. net/netip does the same and costs a hundredth of every launch.
func ipv6Text(ip [16]byte) string {
	if [12]byte(ip[:12]) == [12]byte{10: 0xff, 11: 0xff} {
		return "::ffff:" + ipv4Text(ip[12:])
	}
	var groups [8]uint16
	for i := range groups {
		groups[i] = binary.BigEndian.Uint16(ip[2*i:])
	}
	from, to := longestZeros(groups)
	var b strings.Builder
	for i := 0; i < 8; i++ {
		if i == from {
			b.WriteString("::")
			i = to - 1
			continue
		}
		if i > 0 && i != to {
			b.WriteByte(':')
		}
		b.WriteString(strconv.FormatUint(uint64(groups[i]), 16))
	}
	return b.String()
}

// longestZeros returns the first of the longest runs of at least two zeros, or
// 8, 8.
func longestZeros(groups [8]uint16) (from, to int) {
	from, to = 8, 8
	longest := 1
	for i := 0; i < 8; i++ {
		j := i
		for j < 8 && groups[j] == 0 {
			j++
		}
		if j-i > longest {
			from, to, longest = i, j, j-i
		}
		if j > i {
			i = j
		}
	}
	return from, to
}

// path is the path of a local socket's address, "" of others, unnamed and
// abstract ones. It ends with the address, if no NUL comes before.
func (a address) path() string {
	if a.family() != unix.AF_UNIX || len(a) <= 2 || len(a) > unix.SizeofSockaddrUnix {
		return ""
	}
	p, _, _ := strings.Cut(string(a[2:]), "\x00")
	return p
}

// localAddress is the address of a local socket with that path.
func localAddress(path string) address {
	return append(binary.LittleEndian.AppendUint16(nil, unix.AF_UNIX), append([]byte(path), 0)...)
}

func itoa(n int32) string { return strconv.Itoa(int(n)) }
