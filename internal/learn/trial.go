//go:build unix

package learn

import (
	"fmt"
	"sync"

	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// A Trial finds what promises and paths would have refused of a run.
type Trial struct {
	Set    promises.Set
	Unveil *unveil.Plan // nil hides nothing
	// Refused is told of each kind of refusal once.
	Refused func(Refusal)

	mu   sync.Mutex
	seen map[string]*Refusal
	list []*Refusal
	more int // calls for further paths
	// paths is how many of list are for paths.
	paths int
}

// maxRefused bounds how many paths are told.
const maxRefused = 1000

// A Refusal is a call that would have been refused.
type Refusal struct {
	Evidence
	Alternatives []promises.Set // words to add, any of them; none: nothing admits it
	Path         string         // PERMS:PATH to unveil; "" if it is for the promises
}

// Call takes a call; it is an Observation's.
func (t *Trial) Call(o *launcher.Observed) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !admitted(o.Alternatives, t.Set) && o.Unless&^t.Set == 0 {
		missing := []promises.Set{}
		for _, a := range o.Alternatives {
			missing = append(missing, a&^t.Set)
		}
		t.refuse(o, o.Name+fmt.Sprint(missing), &Refusal{Alternatives: rules.Narrowest(missing)})
		return
	}
	for _, u := range o.Uses {
		if t.Unveil == nil || u.Real == "" || u.Perms == 0 || u.Missing && u.Perms&unveil.Create == 0 || rules.Find(rules.Files, t.Set, u.Real) != nil {
			continue
		}
		path := u.Real
		if u.Perms&unveil.Create != 0 {
			path = parent(path)
		}
		if have, _ := t.Unveil.Lookup(path); u.Perms&^have != 0 {
			need := u.Perms.String() + ":" + path
			t.refuse(o, need, &Refusal{Path: need})
		}
	}
}

func (t *Trial) refuse(o *launcher.Observed, key string, r *Refusal) {
	if old := t.seen[key]; old != nil {
		old.Calls++
		return
	}
	if r.Path != "" && t.paths >= maxRefused {
		t.more++
		return
	}
	if t.seen == nil {
		t.seen = map[string]*Refusal{}
	}
	if r.Path != "" {
		t.paths++
	}
	r.Evidence = Evidence{1, beginning(o.Text()), o.Program()}
	t.seen[key] = r
	t.list = append(t.list, r)
	if t.Refused != nil {
		t.Refused(*r)
	}
}

// Missing are the fewest words that would have admitted the run, the paths to
// unveil, and how many calls would have been refused, of how many kinds.
func (t *Trial) Missing() (words promises.Set, paths []string, calls, kinds int, never []Evidence) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var open [][]promises.Set
	for _, r := range t.list {
		calls += r.Calls
		switch {
		case r.Path != "":
			paths = append(paths, r.Path)
		case len(r.Alternatives) == 0:
			never = append(never, r.Evidence)
		default:
			open = append(open, r.Alternatives)
		}
	}
	return choose(0, open), paths, calls + t.more, len(t.list), never
}

// More is how many calls would have been refused for paths that are not among the
// missing ones: there are too many.
func (t *Trial) More() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.more
}
