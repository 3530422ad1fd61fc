//go:build unix && !(aix || dragonfly || illumos || solaris)

package trust

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// An Error says who else could have made a file what it is, and what to do.
type Error struct {
	Path   string // the file, or the directory on the way to it
	Reason string
	Fix    string
}

func (e *Error) Error() string { return e.Path + ": " + e.Reason + ": " + e.Fix }

// A user is whom something is done for.
type user struct{ uid uint32 }

func effective() user { return user{uint32(os.Geteuid())} }

// owns tells whether a file's owner is root or the user.
func (u user) owns(st *unix.Stat_t) bool { return st.Uid == 0 || st.Uid == u.uid }

// open returns why others can write to an open file, "" if they cannot.
func (u user) open(fd int, st *unix.Stat_t) (reason, fix string) {
	mode := uint32(st.Mode)
	switch {
	case mode&0o002 != 0:
		return "everybody can write it", "chmod o-w it"
	case mode&0o020 == 0:
		return "", ""
	case hasACL(fd):
		return "others may write it by its access control list", "setfacl -b it, or chmod g-w it"
	case !onlyMember(st.Gid, u.uid):
		return fmt.Sprintf("group %d can write it", st.Gid), "chmod g-w it"
	}
	return "", ""
}

// judge refuses what is somebody else's, or can be written by others.
func (u user) judge(path string, fd int, st *unix.Stat_t) error {
	if !u.owns(st) {
		return u.foreign(path, st)
	}
	if reason, fix := u.open(fd, st); reason != "" {
		return &Error{path, reason, fix}
	}
	return nil
}

func (u user) foreign(path string, st *unix.Stat_t) error {
	who := "neither root nor you"
	if u.uid == 0 {
		who = "not root"
	}
	return &Error{path, fmt.Sprintf("it is owned by another user (%d, %s)", st.Uid, who), "chown it, or use one that is yours"}
}

// kind is the type of a file.
func kind(st *unix.Stat_t) uint32 { return uint32(st.Mode) & unix.S_IFMT }
