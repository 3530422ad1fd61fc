//go:build amd64 || arm64

package launcher

import (
	"errors"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/rules"
)

// Options that let TCP ports be used.
const (
	connectOption = "--tcp-connect"
	bindOption    = "--tcp-bind"
)

// portRefused tells of a TCP port that is not allowed, which is no violation. It
// reports whether that is so.
func (s *supervisor) portRefused(c *notify.Call, k *addressed, option string, allowed []uint16) bool {
	inet := k.Domain == unix.AF_INET || k.Domain == unix.AF_INET6
	if !inet || k.Type != unix.SOCK_STREAM || len(k.address) < 4 || slices.Contains(allowed, k.address.port()) {
		return false
	}
	s.hidden(c, &refusal{option: option + " " + strconv.Itoa(int(k.address.port())), call: k.text})
	return true
}

// judgePort refuses a TCP port that is not allowed where Landlock knows none, as
// Landlock would. The call is performed with the address that was judged.
func (s *supervisor) judgePort(c *notify.Call, k *addressed, option string, allowed []uint16) error {
	if s.set&rules.PortsJudged != 0 && s.portRefused(c, k, option, allowed) {
		return unix.EACCES
	}
	return nil
}

// byPort lets the kernel go on with connect or bind where nothing but the port matters,
// which Landlock decides; what it will refuse is told. It reports whether that is so.
func (s *supervisor) byPort(c *notify.Call, option string, allowed []uint16) (bool, error) {
	if s.set&rules.PortsJudged != 0 || rules.Judge(rules.Of(c.Name), s.set&^rules.ConnectLimited, c.Args, s.program) != rules.Allow {
		return false, nil
	}
	k, _, err := s.judged(c, c.Name, c.Args[0], c.Args[1], c.Args[2]&0xffffffff)
	if errors.Is(err, notify.ErrWait) {
		return false, err
	}
	if k != nil {
		defer k.close()
		s.portRefused(c, k, option, allowed)
	}
	c.Continue(byLandlock)
	return true, nil
}
