// Package identity lets a thread act as somebody else for a while, with no more
// capabilities in force than that somebody has.
package identity

import (
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
)

// A Thread is the calling thread, which must not be given back to Go's runtime
// once it has become somebody.
//
// It becomes somebody by its effective ids alone. Its real and saved ones stay,
// so that the one it acts for, who may signal whoever has his user id as a real
// or saved one, cannot signal this process through it.
type Thread struct {
	own       procfs.Identity // before it became anybody
	permitted uint64
	ready     bool
}

// Become makes the calling thread act with the effective ids, groups and
// capabilities of another, as far as its own permitted ones reach. It needs
// CAP_SETUID, CAP_SETGID and CAP_SETPCAP. After an error the thread may be in
// between: nothing must be done on it any more.
func (t *Thread) Become(id *procfs.Identity) error {
	if err := t.prepare(); err != nil {
		return err
	}
	return t.take(id, id.Effective&t.permitted)
}

// Back makes the thread what it was. After an error it must end.
func (t *Thread) Back() error {
	if err := sys.SetThreadCaps(t.permitted, t.permitted); err != nil {
		return err
	}
	return t.take(&t.own, t.permitted)
}

func (t *Thread) take(id *procfs.Identity, caps uint64) error {
	groups, ok := id.GroupList()
	if !ok {
		return fmt.Errorf("groups %q: not a list of numbers", id.Groups)
	}
	const effective, fs = 1, 3
	u, g := t.own.UIDs, t.own.GIDs
	for _, e := range []unix.Errno{
		sys.SetThreadGroups(groups),
		sys.SetThreadAllGroups(g[0], id.GIDs[effective], g[2], id.GIDs[fs]),
		sys.SetThreadUsers(u[0], id.UIDs[effective], u[2], id.UIDs[fs]),
	} {
		if e != 0 {
			return e
		}
	}
	return sys.SetThreadCaps(caps, t.permitted)
}

// prepare puts all permitted capabilities in force, and has them stay through a
// change of user.
func (t *Thread) prepare() error {
	if t.ready {
		return nil
	}
	groups, err := unix.Getgroups()
	if err != nil {
		return err
	}
	var own procfs.Identity
	for _, g := range groups {
		own.Groups += " " + strconv.Itoa(g)
	}
	own.UIDs, own.GIDs = ids(unix.Getresuid()), ids(unix.Getresgid())
	t.own, t.permitted = own, sys.Capabilities().Permitted
	if err := sys.SetThreadCaps(t.permitted, t.permitted); err != nil {
		return err
	}
	t.ready = true
	return sys.KeepThreadCaps()
}

// ids has the file system id follow the effective one, as it does.
func ids(real, effective, saved int) procfs.IDs {
	return procfs.IDs{uint32(real), uint32(effective), uint32(saved), uint32(effective)}
}
