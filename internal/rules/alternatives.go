package rules

import (
	"slices"

	"github.com/pledge-linux/pledge/promises"
)

// Alternatives returns the sets of words that would each admit a call with
// these arguments, by the rules of that call, beside the situations of s: none
// of them contains another. ok is false if no promise admits it. The empty set
// alone says that it is always admitted. What depends on more than numbers, such
// as files that a word whitelists, is not among them.
func Alternatives(rules []Rule, args [6]uint64, s promises.Set, self Self) (list []promises.Set, ok bool) {
	situations := s &^ s.Words()
	for i := range rules {
		r := &rules[i]
		if r.Action != Allow && r.Action != Notify || r.Needs&^situations&^r.Needs.Words() != 0 || !r.holds(args, self) {
			continue
		}
		words := r.Needs.Words()
		if r.Action == Notify && words == 0 {
			continue // whoever serves it decides, by more than numbers
		}
		if words&tmppath != 0 || Judge(rules, situations|words, args, self) != r.Action {
			continue
		}
		list = append(list, words)
	}
	return Narrowest(list), len(list) > 0
}

// Narrowest leaves out sets that contain another of the list.
func Narrowest(list []promises.Set) (kept []promises.Set) {
	for i, a := range list {
		wider := slices.ContainsFunc(list, func(b promises.Set) bool { return b != a && b.SubsetOf(a) })
		if !wider && !slices.Contains(list[:i], a) {
			kept = append(kept, a)
		}
	}
	return kept
}
