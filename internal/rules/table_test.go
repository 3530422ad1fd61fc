package rules

import (
	"testing"

	"github.com/pledge-linux/pledge/internal/abi"
)

// Every system call of every architecture is classified, once, and no rule
// names a call that no architecture has.
func TestTableIsTotal(t *testing.T) {
	seen := map[string]bool{}
	All(func(call string, rules []Rule) bool {
		if seen[call] {
			t.Errorf("%s: rules stand in two places", call)
		}
		seen[call] = true
		for _, r := range rules {
			if r.Why == "" {
				t.Errorf("%s: a rule without a reason", call)
			}
			for _, c := range r.When {
				if c.Arg > 5 || len(c.Values) == 0 {
					t.Errorf("%s: condition %+v", call, c)
				}
			}
		}
		return true
	})
	for _, arch := range abi.All {
		if n := len(arch.Calls()); n < 300 {
			t.Errorf("%s has only %d calls", arch.Name, n)
		}
		for _, c := range arch.Calls() {
			if !seen[c.Name] {
				t.Errorf("%s: %s (%d) is not classified", arch.Name, c.Name, c.Number)
			}
		}
	}
	for call := range seen {
		known := false
		for _, arch := range abi.All {
			if _, ok := arch.Number(call); ok {
				known = true
			}
		}
		if !known {
			t.Errorf("%s: no architecture has this call", call)
		}
	}
}
