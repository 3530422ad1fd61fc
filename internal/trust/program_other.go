//go:build unix && !(aix || dragonfly || illumos || solaris) && !linux

package trust

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// Exec becomes the program of a file that nobody but root and the user could
// have made what it is. It returns only an error, as Open does.
func Exec(path string, argv, env []string) error {
	f, err := effective().take(path, unix.O_RDONLY)
	if err != nil {
		return err
	}
	f.Close()
	return &walkError{path, syscall.Exec(path, argv, env)}
}
