package launcher

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/launcher/event"
	"github.com/pledge-linux/pledge/promises"
)

const (
	// maxKinds bounds how many different refusals are told one by one, and
	// eachKind how many of one call and one missing promise are told beyond that:
	// a program that floods the report with one call hides no other.
	maxKinds = 1000
	eachKind = 20
	// maxUnveils bounds the paths of the summary.
	maxUnveils = 50
)

// kinds is what is known of all refusals: little of each, and all of what the
// summary says.
type kinds struct {
	seed    maphash.Seed
	told    map[uint64]bool // by a hash of their keys
	of      map[string]int  // told of a call and what it needs
	total   int
	unshown int // refusals of kinds that are not told
	words   promises.Set
	unveils map[string]bool
	paths   bool // more unveils than are remembered
	never   int  // kinds that no promise admits
	missed  bool // and some of them are not told
}

// add takes a refusal, and reports whether it is to be told.
func (k *kinds) add(e *event.Event) bool {
	k.total++
	if k.told == nil {
		k.seed, k.told, k.of, k.unveils = maphash.MakeSeed(), map[uint64]bool{}, map[string]int{}, map[string]bool{}
	}
	key := maphash.String(k.seed, e.Key())
	if k.told[key] {
		return false
	}
	k.sum(e)
	group := e.Name + "\x00" + e.Promise
	if e.Never {
		group += "\x00never"
	}
	if len(k.told) >= maxKinds && k.of[group] >= eachKind {
		k.unshown++
		k.missed = k.missed || e.Never
		return false
	}
	k.told[key] = true
	k.of[group]++
	if e.Never {
		k.never++
	}
	return true
}

// sum keeps what the summary needs of a refusal, whether or not it is told.
func (k *kinds) sum(e *event.Event) {
	if set, err := promises.Parse(e.Promise); err == nil {
		k.words |= set
	}
	switch {
	case e.Unveil == "" || k.unveils[e.Unveil]:
	case len(k.unveils) < maxUnveils:
		k.unveils[e.Unveil] = true
	default:
		k.paths = true
	}
}

// summary names the words to add.
func (k *kinds) summary() string {
	var b strings.Builder
	b.WriteString("pledge: refused " + plural(k.total, "call"))
	if len(k.told) != k.total {
		fmt.Fprintf(&b, ", %d different", len(k.told))
	}
	if k.unshown > 0 {
		fmt.Fprintf(&b, " and %d more that are not shown", k.unshown)
	}
	if k.words != 0 || len(k.unveils) > 0 {
		b.WriteString("; to allow, add")
	}
	if k.words != 0 {
		fmt.Fprintf(&b, " %q", k.words)
	}
	list := make([]string, 0, len(k.unveils))
	for u := range k.unveils {
		list = append(list, u)
	}
	slices.Sort(list)
	for _, u := range list {
		b.WriteString(" --unveil " + quote.Shell(u))
	}
	if k.paths {
		b.WriteString(" and more paths")
	}
	if k.never > 0 {
		fmt.Fprintf(&b, "; %d in no promise", k.never)
		if k.missed {
			b.WriteString(" and more")
		}
	}
	return b.String()
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
