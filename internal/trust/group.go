//go:build unix && !(aix || dragonfly || illumos || solaris)

package trust

import (
	"bufio"
	"os"
	"slices"
	"strconv"
	"strings"
)

// The files that groups are looked up in; tests have their own.
var passwdFile, groupFile = "/etc/passwd", "/etc/group"

// onlyMember tells whether a group has no members but root and the user, as the
// group of the same name that many systems make for each user. A group that
// these files do not know may have any.
func onlyMember(gid, uid uint32) bool {
	var names []string // of root and the user
	alone := true
	users := func(f []string) {
		switch id(f, 2) {
		case 0, uint64(uid):
			names = append(names, f[0])
		default:
			alone = alone && id(f, 3) != uint64(gid)
		}
	}
	known := false
	groups := func(f []string) {
		if id(f, 2) != uint64(gid) {
			return
		}
		known = true
		for _, m := range strings.Split(f[3], ",") {
			alone = alone && (m == "" || slices.Contains(names, m))
		}
	}
	return lines(passwdFile, users) && lines(groupFile, groups) && known && alone
}

// id is a number in a line; one that is none is that of nobody.
func id(f []string, i int) uint64 {
	n, err := strconv.ParseUint(f[i], 10, 32)
	if err != nil {
		return 1 << 40
	}
	return n
}

// lines calls f with the fields of every line that has at least four. It
// returns false if the file cannot be read to its end.
func lines(file string, f func([]string)) bool {
	r, err := os.Open(file)
	if err != nil {
		return false
	}
	defer r.Close()
	s := bufio.NewScanner(r)
	for s.Scan() {
		if fields := strings.Split(s.Text(), ":"); len(fields) >= 4 {
			f(fields)
		}
	}
	return s.Err() == nil
}
