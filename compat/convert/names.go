package convert

import (
	"strings"
)

// grantCreate: calls that make and remove names.
func grantCreate(call string) func(*conversion, *entry, term) {
	return func(c *conversion, e *entry, t term) {
		list, all, ok := c.pathsOf(e, t)
		if !ok {
			return
		}
		if both := countNames(t) > 1; both {
			e.note(Wider, "each path with each: not only in these pairs")
		} else if twoNames(call) && !all {
			c.secondAnywhere(e, call)
			return
		}
		c.unveil(e, list, all, cr)
		c.need(e, nameOf(call), exampleCreate(call))
	}
}

// secondAnywhere: a rule on one of two paths permits the other to be anywhere.
func (c *conversion) secondAnywhere(e *entry, call string) {
	c.anyPath |= cr
	c.need(e, nameOf(call), exampleCreate(call))
	e.note(Wider, "both paths may be anywhere: the rule names one of two")
}

func nameOf(call string) string {
	if call == "mkfifo" {
		return "mknod"
	}
	return call
}

func twoNames(call string) bool {
	return strings.HasPrefix(call, "rename") || strings.HasPrefix(call, "link")
}

func countNames(t term) int {
	seen := map[int]bool{}
	for _, l := range t {
		if strings.EqualFold(l.Name, "filename") {
			seen[max(l.Index, 0)] = true
		}
	}
	return len(seen)
}

func exampleCreate(call string) [6]uint64 {
	switch call {
	case "mkfifo":
		return [6]uint64{0x1000, sIFIFO | 0o600}
	case "mkdirat", "unlinkat":
		return [6]uint64{^uint64(99), 0x1000, 0}
	case "symlinkat":
		return [6]uint64{0x1000, ^uint64(99), 0x1000}
	case "renameat", "linkat":
		return [6]uint64{^uint64(99), 0x1000, ^uint64(99), 0x1000}
	}
	return [6]uint64{0x1000, 0o700 & uint64(len(call))}
}

// grantDevice: of what mknod makes, dpath admits FIFOs.
func grantDevice(call string) func(*conversion, *entry, term) {
	return func(c *conversion, e *entry, t term) {
		list, all, ok := c.pathsOf(e, t)
		if !ok {
			return
		}
		c.unveil(e, list, all, cr)
		c.need(e, call, exampleArgs[call]...)
		e.note(Narrower, "FIFOs only: no promise lets devices be made")
	}
}

func grantTruncate(c *conversion, e *entry, t term) {
	list, all, ok := c.pathsOf(e, t)
	if !ok {
		return
	}
	c.unveil(e, list, all, w)
	c.need(e, "truncate", [6]uint64{0x1000, 0})
}

// grantAttributes: unveil does not reach chmod and its like.
func grantAttributes(call string) func(*conversion, *entry, term) {
	return grantUnseen(call, exampleAttributes(call))
}

func exampleAttributes(call string) [6]uint64 {
	switch call {
	case "fchmodat":
		return [6]uint64{^uint64(99), 0x1000, 0o644}
	case "fchownat":
		return [6]uint64{^uint64(99), 0x1000, 1, 1}
	case "chown", "lchown":
		return [6]uint64{0x1000, 1, 1}
	}
	return [6]uint64{0x1000, 0o644}
}
