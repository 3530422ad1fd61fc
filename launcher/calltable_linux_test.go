//go:build amd64 || arm64

package launcher

import (
	"testing"

	"github.com/pledge-linux/pledge/internal/abi"
)

// Every row names a call that some table knows, once, has a use for each of its
// paths, and no more arguments than a call can have.
func TestCallTable(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range callTable {
		known := false
		for _, a := range abi.All {
			_, ok := a.Number(r.name)
			known = known || ok
		}
		if !known || seen[r.name] {
			t.Errorf("%s: unknown or twice", r.name)
		}
		seen[r.name] = true
		n := 0
		for _, l := range r.shape {
			if l == 'p' {
				n++
			}
		}
		if n != len(r.uses) || len(r.shape) > 6 {
			t.Errorf("%s: %d paths, %d uses, %d arguments", r.name, n, len(r.uses), len(r.shape))
		}
	}
}
