//go:build linux && (amd64 || arm64) && cgo && libseccomp

package filter

import (
	"github.com/pledge-linux/pledge/internal/rules"
)

// A cube is a set of calls: for each argument some bits are fixed.
type cube struct {
	mask, value [6]uint64
	action      rules.Action
}

type masked struct {
	arg         uint
	mask, value uint64
}

// conditions lists the arguments that the cube fixes, one comparison each:
// libseccomp takes no two of the same argument.
func (c *cube) conditions() []masked {
	var list []masked
	for i := range c.mask {
		if c.mask[i] != 0 {
			list = append(list, masked{uint(i), c.mask[i], c.value[i]})
		}
	}
	return list
}

// with fixes more bits of an argument; ok is false if they contradict.
func (c cube) with(arg uint8, mask, value uint64) (cube, bool) {
	both := c.mask[arg] & mask
	if c.value[arg]&both != value&both {
		return c, false
	}
	c.mask[arg] |= mask
	c.value[arg] |= value & mask
	return c, true
}

// minus returns disjoint cubes that together are c without d: for each bit that
// d fixes and c does not, the part of c where that bit differs and the ones
// before it agree.
func (c cube) minus(d cube) []cube {
	for i := range c.mask {
		both := c.mask[i] & d.mask[i]
		if c.value[i]&both != d.value[i]&both {
			return []cube{c}
		}
	}
	var parts []cube
	rest := c
	for i := range c.mask {
		for bits := d.mask[i] &^ c.mask[i]; bits != 0; bits &= bits - 1 {
			bit := bits & -bits
			out, _ := rest.with(uint8(i), bit, ^d.value[i]&bit)
			parts = append(parts, out)
			rest, _ = rest.with(uint8(i), bit, d.value[i]&bit)
		}
	}
	return parts
}

// cubes returns the calls that satisfy a rule's conditions.
func cubes(r *rules.Rule, self rules.Self) []cube {
	list := []cube{{action: r.Action}}
	for i := range r.When {
		c := &r.When[i]
		var next []cube
		for _, have := range list {
			var matching []cube
			for _, v := range c.Resolve(self) {
				if m, ok := have.with(c.Arg, c.Mask, v); ok {
					matching = append(matching, m)
				}
			}
			if c.Op == rules.NotIn {
				matching = without([]cube{have}, matching)
			}
			next = append(next, matching...)
		}
		list = next
	}
	return list
}

func without(list, taken []cube) []cube {
	for _, t := range taken {
		var rest []cube
		for _, c := range list {
			rest = append(rest, c.minus(t)...)
		}
		list = rest
	}
	return list
}

// disjoint turns rules of which the first that holds decides into cubes of
// which at most one holds.
func disjoint(list []*rules.Rule, self rules.Self) []cube {
	var done []cube
	for _, r := range list {
		done = append(done, without(cubes(r, self), done)...)
	}
	return done
}
