package askpage

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// ownPeer tells whether the other end of a local socket is this user, or root,
// and not this process: it connects for the confined program alone.
func ownPeer(c net.Conn) bool {
	u, ok := c.(*net.UnixConn)
	if !ok {
		return false
	}
	raw, err := u.SyscallConn()
	if err != nil {
		return false
	}
	var cred *unix.Ucred
	raw.Control(func(fd uintptr) { cred, err = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED) })
	return err == nil && cred != nil && (int(cred.Uid) == os.Getuid() || cred.Uid == 0) && int(cred.Pid) != os.Getpid()
}
