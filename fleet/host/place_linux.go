package host

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pledge-linux/pledge/internal/trust"
)

// A Place is where a broker keeps things and listens.
type Place struct {
	Dir    string      // keys and spool
	Socket string      // what supervisors tell
	Mode   os.FileMode // of the socket
}

// Here is the place of the machine's broker for root, of their own for others.
func Here() (Place, error) {
	uid := os.Getuid()
	if uid == 0 {
		return Place{"/var/lib/pledged", "/run/pledged/events", 0o666}, nil
	}
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home, err := os.UserHomeDir()
		if err != nil {
			return Place{}, err
		}
		state = filepath.Join(home, ".local", "state")
	}
	return Place{filepath.Join(state, "pledged"), fmt.Sprintf("/run/user/%d/pledged/events", uid), 0o600}, nil
}

// Prepare makes the directory, and refuses one that others can write.
func (p Place) Prepare() error {
	if err := os.MkdirAll(filepath.Join(p.Dir, "spool"), 0o700); err != nil {
		return err
	}
	return trust.Dir(p.Dir)
}

// Boot is this boot's name.
func Boot() (string, error) {
	text, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(text)), err
}
