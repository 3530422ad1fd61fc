//go:build unix

package learn

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/pledge-linux/pledge/promises"
)

// weights say which word is taken where several would do: the one that admits
// less.
var weights = map[promises.Promise]int{
	promises.Stdio: 0, promises.DNS: 1, promises.Getpw: 1, promises.Tty: 1, promises.PS: 1, promises.Vminfo: 1, promises.Flock: 1,
	promises.Mcast: 1, promises.Settime: 2, promises.Dpath: 2, promises.Fattr: 2, promises.Unix: 3, promises.Rpath: 3, promises.Cpath: 3,
	promises.Wpath: 3, promises.Chown: 4, promises.ProtExec: 4, promises.Inet: 4, promises.Proc: 4, promises.Exec: 5, promises.ID: 5,
}

func weight(s promises.Set) (n int) {
	for _, p := range s.Promises() {
		w, ok := weights[p]
		if !ok {
			w = 3
		}
		n += 100 + w
	}
	return n
}

// words returns the fewest promises that admit all kinds; of equally many those
// that admit less. stdio is always among them: nothing runs without.
func words(list []*kind) promises.Set {
	base := promises.Stdio.Set()
	var open [][]promises.Set // what is not decided
	for _, k := range list {
		switch {
		case k.unless != 0 || len(k.alternatives) == 0:
		case len(k.alternatives) == 1:
			base |= k.alternatives[0]
		default:
			open = append(open, k.alternatives)
		}
	}
	set := choose(base, open)
	// What depends on the rest comes last.
	open = open[:0]
	for _, k := range list {
		if k.unless != 0 && k.unless.SubsetOf(set) && len(k.alternatives) > 0 {
			open = append(open, k.alternatives)
		}
	}
	return choose(set, open)
}

// choose adds one alternative of each list, so that the whole weighs least.
func choose(set promises.Set, open [][]promises.Set) promises.Set {
	var rest [][]promises.Set
	for _, alternatives := range open {
		if !admitted(alternatives, set) && !containsList(rest, alternatives) {
			rest = append(rest, alternatives)
		}
	}
	// Few alternatives first: they leave less to try.
	sort.SliceStable(rest, func(i, j int) bool { return len(rest[i]) < len(rest[j]) })
	best := ^promises.Set(0)
	var try func(set promises.Set, at int)
	try = func(set promises.Set, at int) {
		for at < len(rest) && admitted(rest[at], set) {
			at++
		}
		if best != ^promises.Set(0) && weight(set) >= weight(best) {
			return
		}
		if at == len(rest) {
			best = set
			return
		}
		for _, a := range rest[at] {
			try(set|a, at+1)
		}
	}
	try(set, 0)
	return best
}

func containsList(lists [][]promises.Set, list []promises.Set) bool {
	return slices.ContainsFunc(lists, func(have []promises.Set) bool { return slices.Equal(have, list) })
}

func admitted(alternatives []promises.Set, set promises.Set) bool {
	return slices.ContainsFunc(alternatives, func(a promises.Set) bool { return a.SubsetOf(set) })
}

// needs tells whether a kind is refused by set without one of its words.
func (k *kind) needs(set promises.Set, p promises.Promise) bool {
	if len(k.alternatives) == 0 || k.unless&^set != 0 {
		return false
	}
	less := set &^ p.Set()
	return admitted(k.alternatives, set) && !admitted(k.alternatives, less) && k.unless&^less == 0
}

// evidence is, for each word, the calls that need it, and those that nothing
// admits.
func evidence(list []*kind, set promises.Set) (found []Word, never []Evidence) {
	for _, p := range set.Promises() {
		w := Word{Promise: p.String()}
		var told *kind
		for _, k := range list {
			if !k.needs(set, p) {
				continue
			}
			w.Calls += k.calls
			if told == nil || k.tells(told) {
				told = k
			}
		}
		if told != nil {
			w.First, w.Program = told.first, told.program
		}
		found = append(found, w)
	}
	for _, k := range list {
		if len(k.alternatives) == 0 {
			never = append(never, Evidence{k.calls, k.first, k.program})
		}
	}
	return found, never
}

// tells reports whether a kind says more about what a word is needed for: opens
// do, and of others what was first.
func (k *kind) tells(than *kind) bool {
	opens := func(k *kind) int {
		if strings.HasPrefix(k.name, "open") {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(opens(k), opens(than)), cmp.Compare(k.order, than.order)) < 0
}
