package rules

import (
	"math/bits"

	"github.com/pledge-linux/pledge/promises"
)

// Needs returns the words that s lacks for a call with these arguments: the
// fewest that would admit it. ok is false if no promise admits it.
func Needs(call string, args [6]uint64, s promises.Set, self Self) (need promises.Set, ok bool) {
	rules := Of(call)
	situations := s &^ s.Words()
	for i := range rules {
		r := &rules[i]
		if r.Action != Allow && r.Action != Notify || r.Needs&^situations&^(r.Needs.Words()) != 0 || !r.holds(args, self) {
			continue
		}
		missing := r.Needs.Words() &^ s
		if missing == 0 || missing&tmppath != 0 || Judge(rules, s|missing, args, self) != r.Action {
			continue
		}
		if !ok || bits.OnesCount64(uint64(missing)) < bits.OnesCount64(uint64(need)) {
			need, ok = missing, true
		}
	}
	return need, ok
}
