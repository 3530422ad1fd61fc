package promises

import "slices"

// Admitting returns the sets of words that admit a system call, for some
// arguments at least, the fewest words first named. It is for a call whose
// arguments are not known, as in the kernel's audit log.
func Admitting(call string) []Set {
	var list []Set
	for _, r := range RulesOf(call) {
		if words := r.Needs.Words(); (r.Action == Allow || r.Action == Notify) && words != 0 && !slices.Contains(list, words) {
			list = append(list, words)
		}
	}
	// A set that holds another of the list adds nothing.
	return slices.DeleteFunc(slices.Clone(list), func(s Set) bool {
		return slices.ContainsFunc(list, func(t Set) bool { return t != s && t.SubsetOf(s) })
	})
}
