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
	paths   bool // more of them, or of options, than are remembered
	options map[string]bool
	never   int  // kinds that no promise admits
	missed  bool // and some of them are not told
}

// add takes a refusal, and reports whether it is to be told.
func (k *kinds) add(e *event.Event) bool {
	k.total++
	if k.told == nil {
		k.seed, k.told, k.of, k.unveils, k.options = maphash.MakeSeed(), map[uint64]bool{}, map[string]int{}, map[string]bool{}, map[string]bool{}
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
	k.paths = keep(k.unveils, e.Unveil) || keep(k.options, e.Option) || k.paths
}

// keep remembers what is not empty, and reports whether there was no room for it.
func keep(known map[string]bool, s string) (full bool) {
	switch {
	case s == "" || known[s]:
	case len(known) < maxUnveils:
		known[s] = true
	default:
		return true
	}
	return false
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
	if k.words != 0 || len(k.unveils)+len(k.options) > 0 {
		b.WriteString("; to allow, add")
	}
	if k.words != 0 {
		fmt.Fprintf(&b, " %q", k.words)
	}
	for _, u := range sorted(k.unveils) {
		b.WriteString(" --unveil " + quote.Shell(u))
	}
	for _, o := range sorted(k.options) {
		b.WriteString(" " + quote.Text(o))
	}
	if k.paths {
		b.WriteString(" and more")
	}
	if k.never > 0 {
		fmt.Fprintf(&b, "; %d in no promise", k.never)
		if k.missed {
			b.WriteString(" and more")
		}
	}
	return b.String()
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
