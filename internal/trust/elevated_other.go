//go:build unix && !(aix || dragonfly || illumos || solaris) && !linux

package trust

import (
	"errors"
	"os"
)

// ErrElevated: the file of this program gives its caller rights.
var ErrElevated = errors.New("it is installed set-user-ID or set-group-ID: it would give its caller's programs the rights of another; chmod ug-s it")

// Elevated returns ErrElevated if execve has given this process more than its
// caller had.
func Elevated() error {
	if os.Getuid() != os.Geteuid() || os.Getgid() != os.Getegid() {
		return ErrElevated
	}
	return nil
}
