// Package identity lets a thread act as somebody else for a while, with no more
// capabilities in force than that somebody has.
package identity

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
)

// A Thread is the calling thread, which must not be given back to Go's runtime
// once it has become somebody.
type Thread struct {
	now       procfs.Identity
	known     bool
	permitted uint64
	kept      bool // the permitted capabilities outlive a change of user
}

// Become makes the calling thread act with the ids, groups and effective
// capabilities of another, as far as its own permitted ones reach. It needs
// CAP_SETUID, CAP_SETGID and CAP_SETPCAP. After an error the thread may be in
// between: nothing must be done on it any more.
func (t *Thread) Become(id *procfs.Identity) error {
	if t.known && *id == t.now {
		return nil
	}
	if err := t.prepare(); err != nil {
		return err
	}
	groups, ok := id.GroupList()
	if !ok {
		return fmt.Errorf("groups %q: not a list of numbers", id.Groups)
	}
	u, g := id.UIDs, id.GIDs
	for _, e := range []unix.Errno{
		sys.SetThreadGroups(groups),
		sys.SetThreadAllGroups(g[0], g[1], g[2], g[3]),
		sys.SetThreadUsers(u[0], u[1], u[2], u[3]),
	} {
		if e != 0 {
			return e
		}
	}
	if err := sys.SetThreadCaps(id.Effective&t.permitted, t.permitted); err != nil {
		return err
	}
	t.now, t.known = *id, true
	return nil
}

// prepare puts all permitted capabilities in force.
func (t *Thread) prepare() error {
	t.permitted = sys.Capabilities().Permitted
	if err := sys.SetThreadCaps(t.permitted, t.permitted); err != nil {
		return err
	}
	if t.kept {
		return nil
	}
	t.kept = true
	return sys.KeepThreadCaps()
}
