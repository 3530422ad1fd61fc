//go:build unix

package options

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/launcher"
)

// capsHint: a program that root starts has no capabilities, so it cannot open
// what another user keeps for itself, and the kernel answers that without the
// launcher. Where such a run failed and a word of its command line is such a
// file, this may be why.
func (o *Options) capsHint(spec *launcher.Spec, status int) string {
	if o.Quiet || o.KeepCaps || os.Geteuid() != 0 || spec.User != nil || status == 0 || status >= 126 || spec.Report.Total() > 0 {
		return ""
	}
	for _, word := range spec.Argv[1:] {
		path := word
		if !filepath.IsAbs(path) && spec.Dir != "" {
			path = filepath.Join(spec.Dir, path)
		}
		var st unix.Stat_t
		if word != "" && unix.Stat(path, &st) == nil && !readable(&st) {
			return fmt.Sprintf("pledge: status %d; root has no capabilities here and cannot read %q, which is of user %d, mode %04o: --keep-caps keeps them", status, word, st.Uid, uint32(st.Mode)&0o7777)
		}
	}
	return ""
}

// readable tells whether root may read a file by its mode alone.
func readable(st *unix.Stat_t) bool {
	mode := uint32(st.Mode)
	if st.Uid == 0 {
		return mode&0o400 != 0
	}
	groups, _ := unix.Getgroups()
	for _, g := range append(groups, os.Getegid()) {
		if uint32(g) == st.Gid {
			return mode&0o040 != 0
		}
	}
	return mode&0o004 != 0
}
