package convert

import (
	"os/user"
	"strconv"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// lookupID finds the id of a predicate's name on this machine.
func lookupID(p *syntax.Predicate) (uint32, bool) {
	var text string
	if p.Group {
		g, err := user.LookupGroup(p.ID)
		if err != nil {
			return 0, false
		}
		text = g.Gid
	} else {
		u, err := user.Lookup(p.ID)
		if err != nil {
			return 0, false
		}
		text = u.Uid
	}
	id, err := strconv.ParseUint(text, 10, 32)
	return uint32(id), err == nil
}
