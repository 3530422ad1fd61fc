package sys

import (
	"fmt"
	"math"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// CloseInherited makes every descriptor above 2 close on exec. It needs Linux 5.11
// (close_range), or /proc.
func CloseInherited() error {
	if unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) == nil {
		return nil
	}
	names, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return fmt.Errorf("close inherited descriptors: %w (close_range needs Linux 5.11, or mount /proc)", err)
	}
	for _, name := range names {
		if fd, err := strconv.Atoi(name.Name()); err == nil && fd > 2 {
			unix.CloseOnExec(fd)
		}
	}
	return nil
}

// A SocketKind is what a socket is, and whether it has a peer or listens.
type SocketKind struct {
	Domain, Type int
	Settled      bool
}

// Socket looks at a descriptor; ok is false if it is no socket. What the kernel
// does not tell is taken for an AF_UNIX socket, which can do most.
func Socket(fd int) (k SocketKind, ok bool) {
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFSOCK {
		return k, false
	}
	k.Domain = unix.AF_UNIX
	if d, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN); err == nil {
		k.Domain = d
	}
	k.Type, _ = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TYPE)
	listens, _ := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ACCEPTCONN)
	_, err := unix.Getpeername(fd)
	k.Settled = listens != 0 || err == nil
	return k, true
}
