package rules

import (
	"slices"

	"github.com/pledge-linux/pledge/promises"
)

// Admitting returns the sets of words that admit a system call, for some
// arguments at least, the fewest words first named. It is for a call whose
// arguments are not known, as in the kernel's audit log.
func Admitting(call string) []promises.Set {
	var list []promises.Set
	for _, r := range Of(call) {
		if words := r.Needs.Words(); (r.Action == Allow || r.Action == Notify) && words != 0 && !slices.Contains(list, words) {
			list = append(list, words)
		}
	}
	// A set that holds another of the list adds nothing.
	return slices.DeleteFunc(slices.Clone(list), func(s promises.Set) bool {
		return slices.ContainsFunc(list, func(t promises.Set) bool { return t != s && t.SubsetOf(s) })
	})
}
