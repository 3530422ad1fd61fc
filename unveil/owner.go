//go:build !windows && !plan9

package unveil

import (
	"io/fs"
	"syscall"
)

const errLoop = syscall.ELOOP

// owner is whose file it is, where the system tells.
func owner(st fs.FileInfo) (uid uint32, ok bool) {
	s, ok := st.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return s.Uid, true
}
