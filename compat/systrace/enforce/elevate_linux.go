//go:build amd64 || arm64

package enforce

import (
	"slices"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/resolve"
)

// planted tells whether a call that is made with other credentials ("as") would
// be led to a file by a second name of it, in a directory where the caller could
// have made that name: links to files of others can be made where
// fs.protected_hardlinks is 0.
func (c *call) planted(at *resolve.Place, text string) bool {
	var st, dir unix.Stat_t
	if at.FD >= 0 || unix.Fstatat(at.Dir, at.Base, &st, unix.AT_SYMLINK_NOFOLLOW) != nil || st.Mode&unix.S_IFMT != unix.S_IFREG || st.Nlink < 2 {
		return false
	}
	if unix.Fstat(at.Dir, &dir) == nil && !c.creds.mayWriteIn(&dir) {
		return false
	}
	c.engine.problem("%s[%d]: %s has another name, and whoever runs the program could have given it this one: refused with other credentials",
		c.program, c.process.pid, text)
	return true
}

// mayWriteIn tells whether names could be made in a directory. Who owns it could
// change its mode.
func (c *credentials) mayWriteIn(dir *unix.Stat_t) bool {
	switch {
	case c.fsuid == dir.Uid:
		return true
	case dir.Gid == c.fsgid || slices.Contains(c.groups, dir.Gid):
		return dir.Mode&0o020 != 0
	}
	return dir.Mode&0o002 != 0
}
