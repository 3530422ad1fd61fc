//go:build linux && arm64

package enforce

import (
	"errors"

	"golang.org/x/sys/unix"
)

// attach needs registers to be changed, which is written for amd64.
func (e *engine) attach(int, string, *live, []unix.SockFilter) error {
	return errors.New("-p is written for amd64")
}
