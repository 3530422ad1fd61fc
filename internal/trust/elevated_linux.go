package trust

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// ErrElevated: the file of this program gives its caller rights.
var ErrElevated = errors.New("it is installed set-user-ID or set-group-ID, or has file capabilities: it would give its caller's programs the rights of another; chmod ug-s it, setcap -r it")

// Elevated returns ErrElevated if execve has given this process more than its
// caller had: by set-user-ID, set-group-ID or file capabilities. A security
// module that only asks for a clean environment does not count.
func Elevated() error {
	if vec, err := unix.Auxv(); err == nil {
		const atSecure = 23
		for _, v := range vec {
			if v[0] == atSecure && v[1] == 0 {
				return nil
			}
		}
	}
	if os.Getuid() != os.Geteuid() || os.Getgid() != os.Getegid() || grown() {
		return ErrElevated
	}
	return nil
}

// grown tells whether an ordinary user holds capabilities that are not ambient.
func grown() bool {
	if os.Getuid() == 0 {
		return false
	}
	hdr := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&hdr, &data[0]); err != nil {
		return true
	}
	permitted := uint64(data[0].Permitted) | uint64(data[1].Permitted)<<32
	for c := uintptr(0); c < 64; c++ {
		if permitted&(1<<c) == 0 {
			continue
		}
		if set, err := unix.PrctlRetInt(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_IS_SET, c, 0, 0); err != nil || set == 0 {
			return true
		}
	}
	return false
}
