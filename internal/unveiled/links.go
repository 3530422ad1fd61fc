package unveiled

import (
	"fmt"
	"path/filepath"
)

// A Veil is a plan with the symbolic links that its paths were reached through.
type Veil struct {
	Plan
	Links map[string][]string // of links by path: their real directory with their name
}

// Checked returns an error for a path that led through a link which a program
// under this plan may have put there, in an earlier run, to be shown more. What
// the rest of the plan shows anyway may be led to by any link.
func (v Veil) Checked() error {
	direct := Plan{}
	for path, perms := range v.Plan {
		if len(v.Links[path]) == 0 {
			direct[path] = perms
		}
	}
	for _, e := range v.Entries() {
		if have, _ := direct.Lookup(e.Path); e.Perms&^have == 0 {
			continue
		}
		for _, l := range v.Links[e.Path] {
			if in, _ := v.Lookup(filepath.Dir(l)); in&Create != 0 {
				return fmt.Errorf("unveil %s:%q: it is reached through the link %q, and the program may create links there, so it chooses what is shown; unveil the path without a link", e.Perms, e.Path, l)
			}
		}
	}
	return nil
}
