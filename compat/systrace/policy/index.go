package policy

import (
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// A key is something that a call must have for a filter to match: an argument
// with this text, or with this path at or above its text.
type key struct {
	slot slot
	path bool   // the text may continue with "/"
	text string // lower case, unless path
}

// A slot is an argument of a call.
type slot struct {
	name  string
	index int
}

// keysOf returns keys of which a call that c holds for has at least one.
func keysOf(c condition) (keys []key, ok bool) {
	switch x := c.(type) {
	case never:
		return nil, true
	case both:
		if keys, ok = keysOf(x.x); ok {
			return keys, true
		}
		return keysOf(x.y)
	case either:
		a, aok := keysOf(x.x)
		b, bok := keysOf(x.y)
		return append(a, b...), aok && bok
	case *compare:
		return x.key()
	}
	return nil, false
}

func (c *compare) key() ([]key, bool) {
	s := slot{c.name, c.index}
	switch {
	case c.op == syntax.Eq:
		return []key{{s, false, strings.ToLower(c.operand)}}, isASCII(c.operand)
	case c.op == syntax.Match && !strings.ContainsAny(c.operand, `*?[\`):
		return []key{{s, true, c.operand}}, true
	case c.op == syntax.Match:
		// What stands before the last slash before any pattern must be there.
		dir := c.operand[:strings.IndexAny(c.operand, `*?[\`)]
		if i := strings.LastIndexByte(dir, '/'); i > 0 {
			return []key{{s, true, dir[:i]}}, true
		}
	}
	return nil, false
}

// isASCII: strings.ToLower changes other letters, which eq does not.
func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// index finds the filters that may match without trying all of them.
type index struct {
	slots []slotIndex
	rest  []int32 // filters without keys, ascending
}

// slotIndex maps texts of one argument to filters, ascending.
type slotIndex struct {
	slot
	equal map[string][]int32
	paths map[string][]int32
}

func newIndex(filters []*filter) index {
	var x index
	for i, f := range filters {
		if f.keys == nil {
			if _, isNever := f.cond.(never); !isNever {
				x.rest = append(x.rest, int32(i))
			}
			continue
		}
		for _, k := range f.keys {
			x.slot(k.slot).add(k, int32(i))
		}
	}
	return x
}

func (x *index) slot(s slot) *slotIndex {
	i := slices.IndexFunc(x.slots, func(have slotIndex) bool { return have.slot == s })
	if i < 0 {
		i = len(x.slots)
		x.slots = append(x.slots, slotIndex{s, map[string][]int32{}, map[string][]int32{}})
	}
	return &x.slots[i]
}

func (s *slotIndex) add(k key, filter int32) {
	m := s.equal
	if k.path {
		m = s.paths
	}
	if list := m[k.text]; len(list) == 0 || list[len(list)-1] != filter {
		m[k.text] = append(list, filter)
	}
}

// first returns the first filter that matches.
func (x *index) first(filters []*filter, args []Arg) *filter {
	best := int32(len(filters))
	try := func(list []int32) {
		for _, i := range list {
			if i >= best {
				return
			}
			if filters[i].cond.holds(args) {
				best = i
				return
			}
		}
	}
	for i := range x.slots {
		s := &x.slots[i]
		if text, ok := find(args, s.name, s.index); ok {
			s.lookup(text, try)
		}
	}
	try(x.rest)
	if int(best) == len(filters) {
		return nil
	}
	return filters[best]
}

// lookup calls try with the filters whose keys fit text.
func (s *slotIndex) lookup(text string, try func([]int32)) {
	if len(s.equal) > 0 {
		var space [256]byte
		low := append(space[:0], text...)
		for i, c := range low {
			low[i] = lower(c)
		}
		try(s.equal[string(low)])
	}
	if len(s.paths) == 0 {
		return
	}
	try(s.paths[text])
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == '/' {
			try(s.paths[text[:i]])
		}
	}
}
