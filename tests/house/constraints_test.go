package house

import (
	"go/build/constraint"
	"path"
	"strings"
	"testing"
)

// TestConstraints wants of each file for Linux of the packages that write filters
// that it is for amd64 and arm64 alone: elsewhere *_other.go says that nothing is
// enforced.
func TestConstraints(t *testing.T) {
	for _, f := range tree(t) {
		room := path.Dir(f.name)
		if room != "launcher" && room != "pledge" && room != "unveil" || !strings.Contains(path.Base(f.name), "_linux") {
			continue
		}
		name := strings.TrimSuffix(strings.TrimSuffix(f.name, ".go"), "_test")
		if strings.HasSuffix(name, "_amd64") || strings.HasSuffix(name, "_arm64") {
			continue
		}
		limited := false
		for _, group := range f.ast.Comments {
			for _, c := range group.List {
				if e, err := constraint.Parse(c.Text); err == nil {
					limited = true
					if e.Eval(func(tag string) bool { return tag == "linux" || tag == "riscv64" || tag == "revealkey" }) {
						t.Errorf("%s: %s holds on riscv64", f.name, c.Text)
					}
				}
			}
		}
		if !limited {
			t.Errorf("%s: begin it with //go:build amd64 || arm64", f.name)
		}
	}
}
