//go:build linux && (amd64 || arm64)

package launcher

import (
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/procfs"
)

// terminalOf is the name under which whoever performs an open of /dev/tty for the
// caller reaches the caller's controlling terminal. Opened here, /dev/tty is the
// launcher's, which a process that left its session has given up.
func terminalOf(c *notify.Call) (string, error) {
	dev, err := procfs.Terminal(c.Process())
	switch {
	case err != nil:
		return "", err
	case dev == 0:
		return "", unix.ENXIO
	}
	if own, err := procfs.Terminal(os.Getpid()); err == nil && own == dev {
		return "/dev/tty", nil
	}
	const slaves = 136 // majors 136 to 143 are /dev/pts/N
	if unix.Major(dev) != slaves {
		return "", unix.EACCES
	}
	return "/dev/pts/" + itoa(int32(unix.Minor(dev))), nil
}

// openTerminal opens a terminal by the name that terminalOf gave.
func openTerminal(name string, flags uint64) (int, error) {
	return unix.Open(name, int(flags&openFlags)|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
}
