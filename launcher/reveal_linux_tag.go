//go:build linux && (amd64 || arm64) && revealkey

package launcher

import (
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/filter"
	"github.com/pledge-linux/pledge/internal/sys"
)

// reveal writes the key to the file that PLEDGE_REVEAL_KEY names, for the test
// that searches the launcher's memory for it. Only that test builds this.
func reveal(k *filter.ExecKey) {
	fd, err := unix.Open(os.Getenv("PLEDGE_REVEAL_KEY"), unix.O_WRONLY|unix.O_CREAT|unix.O_TRUNC|unix.O_CLOEXEC, 0o600)
	if err == nil {
		unix.Write(fd, sys.Bytes(k))
		unix.Close(fd)
	}
}

// remembers has the key stay where it is, so that the test is seen to find it.
func remembers() bool { return os.Getenv("PLEDGE_KEEP_KEY") != "" }
