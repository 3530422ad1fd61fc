package translate

import (
	"slices"
	"strings"
	"sync"

	"github.com/pledge-linux/pledge/compat/systrace/calls"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
)

// Flags that make one call another in old policies.
const (
	atSymlinkNofollow = 0x100
	atRemovedir       = 0x200
	atSymlinkFollow   = 0x400
	atEmptyPath       = 0x1000
	oNofollow         = 0x20000
	sIFMT             = 0o170000
	sIFIFO            = 0o010000

	cloneVM     = 0x100
	cloneVfork  = 0x4000
	cloneThread = 0x10000
)

// variantsOf are the variants that a call may be.
var variantsOf = map[string][]string{
	"open": {"opennolink"}, "openat": {"openatnolink"}, "newfstatat": {"fstat", "lstatat"}, "fstatat64": {"fstat", "lstatat"},
	"statx": {"fstat", "lstatat"}, "unlinkat": {"rmdirat"}, "mknod": {"mkfifo"}, "mknodat": {"mkfifoat"}, "linkat": {"linkat"},
	"fchownat": {"fchownat", "lchownat"}, "setresuid": {"seteuid"}, "setreuid": {"seteuid"}, "setresgid": {"setegid"}, "setregid": {"setegid"},
	"clone": {"thread", "vfork", "fork"},
}

// A Reading is names and an alias by which a call may be asked about.
type Reading struct {
	Names []string
	Alias string
}

// Readings returns every way in which calls of a name may be asked about,
// whatever their arguments.
func Readings(emulation, call string) (list []Reading) {
	shapesOf := []*shape{shapes()[call]}
	for _, name := range variantsOf[call] {
		v := variants[name]
		shapesOf = append(shapesOf, &v)
	}
	for _, s := range shapesOf {
		names := namesOf(emulation, &Call{Name: call}, s)
		switch {
		case s == nil:
			list = append(list, Reading{Names: names})
		case s.alias == byFlags:
			list = append(list, Reading{names, "fsread"}, Reading{names, "fswrite"})
		default:
			list = append(list, Reading{names, s.aliasOf(nil, calls.IsLinux(emulation))})
		}
	}
	return list
}

// shapeOf finds what a call is. Without a caller no memory is looked at.
func shapeOf(c *Call, caller Caller) *shape {
	if name := variantOf(c, caller); name != "" {
		v := variants[name]
		return &v
	}
	return shapes()[c.Name]
}

// variantOf names the variant that the arguments make of a call.
func variantOf(c *Call, caller Caller) string {
	a := &c.Args
	switch c.Name {
	case "open":
		return when(a[1]&oNofollow != 0, "opennolink")
	case "openat":
		return when(a[2]&oNofollow != 0, "openatnolink")
	case "newfstatat", "fstatat64":
		return statVariant(a[3], a[1], caller)
	case "statx":
		return statVariant(a[2], a[1], caller)
	case "unlinkat":
		return when(a[2]&atRemovedir != 0, "rmdirat")
	case "mknod":
		return when(a[1]&sIFMT == sIFIFO, "mkfifo")
	case "mknodat":
		return when(a[2]&sIFMT == sIFIFO, "mkfifoat")
	case "linkat":
		return when(a[4]&atSymlinkFollow != 0, "linkat")
	case "fchownat":
		if a[4]&atEmptyPath != 0 && isEmpty(a[1], caller) {
			return "fchownat"
		}
		return when(a[4]&atSymlinkNofollow != 0, "lchownat")
	case "setresuid":
		return when(unset(a[0]) && unset(a[2]), "seteuid")
	case "setreuid":
		return when(unset(a[0]), "seteuid")
	case "setresgid":
		return when(unset(a[0]) && unset(a[2]), "setegid")
	case "setregid":
		return when(unset(a[0]), "setegid")
	case "clone":
		return cloneVariant(a[0])
	}
	return ""
}

func when(is bool, name string) string {
	if is {
		return name
	}
	return ""
}

// unset is the id -1, which leaves one as it is.
func unset(v uint64) bool { return uint32(v) == 0xffffffff }

// statVariant: with AT_EMPTY_PATH and no path it is fstat. Whether there is a
// path is in memory; without a caller the flag is believed only with NULL.
func statVariant(flags, addr uint64, caller Caller) string {
	if flags&atEmptyPath != 0 && isEmpty(addr, caller) {
		return "fstat"
	}
	return when(flags&atSymlinkNofollow != 0, "lstatat")
}

func isEmpty(addr uint64, caller Caller) bool {
	if addr == 0 {
		return true
	}
	if caller == nil {
		return false
	}
	s, err := caller.String(addr)
	return err == nil && s == ""
}

func cloneVariant(flags uint64) string {
	switch {
	case flags&cloneThread != 0:
		return "thread"
	case flags&cloneVfork != 0:
		return "vfork"
	case flags&cloneVM == 0:
		return "fork"
	}
	return ""
}

// otherCall tells whether the variant is a call of another kind: fstat and
// fchown, which Linux has as forms of newfstatat and fchownat.
func (s *shape) otherCall() bool {
	return s.call == "fstat" || s.call == "fchownat" && s.names[0] == "fchown"
}

// aliasOf names the alias; args are the translated arguments.
func (s *shape) aliasOf(args []policy.Arg, linux bool) string {
	switch s.alias {
	case fsread:
		return "fsread"
	case fswrite:
		return "fswrite"
	case bsdWrite:
		return when(!linux, "fswrite")
	case byFlags:
		for _, a := range args {
			if a.Name == "oflags" && strings.HasPrefix(a.Text, "ro") {
				return "fsread"
			}
		}
		return "fswrite"
	}
	return ""
}

// namesOf returns the names that rules about the call may have; Linux's own
// where the emulation has none.
func namesOf(emulation string, c *Call, s *shape) []string {
	key := namesKey{emulation: emulation, call: c.Name}
	if s != nil {
		key.shape, key.other = s.call, s.otherCall()
	}
	if names, ok := names.Load(key); ok {
		return names.([]string)
	}
	list := knownNames(emulation, c, s)
	if len(list) == 0 {
		list = []string{c.Name}
	}
	list = slices.Clip(list) // whoever appends gets a copy
	names.Store(key, list)
	return list
}

// names has what namesOf has found.
var names sync.Map

type namesKey struct {
	emulation, call, shape string
	other                  bool
}

// knownNames are the call's own, those of its shape, and those that the table
// of calls knows for it.
func knownNames(emulation string, c *Call, s *shape) []string {
	spec := inverse(emulation)[c.Name]
	var found []string
	add := func(list ...string) {
		for _, name := range list {
			if !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	own := calls.IsLinux(emulation) || slices.Contains(spec.Exact, c.Name)
	if s != nil && s.otherCall() {
		// A call on a descriptor that goes by the name of one on paths: rules
		// for that come last, and nothing is learned for it.
		add(s.names...)
		for _, name := range s.names {
			add(renamings(emulation, name)...)
		}
		if own {
			add(c.Name)
		}
		return found
	}
	if own {
		add(c.Name)
	}
	if s == nil {
		add(spec.Exact...)
		add(spec.Nearest...)
		return found
	}
	add(renamings(emulation, c.Name)[1:]...)
	for _, name := range s.names {
		add(renamings(emulation, name)...)
	}
	return found
}

// renamings are a classic name and what an emulation calls it besides
// (NetBSD's __stat13 is stat).
func renamings(emulation, name string) []string {
	list := []string{name}
	for _, other := range inverse(emulation)[name].Exact {
		c, ok := calls.Lookup(emulation, other)
		if ok && other != name && (c.Fidelity != calls.Expand || c.Linux[0] == name) {
			list = append(list, other)
		}
	}
	return list
}

var inverses sync.Map

func inverse(emulation string) map[string]calls.Spec {
	if m, ok := inverses.Load(emulation); ok {
		return m.(map[string]calls.Spec)
	}
	source := emulation
	if emulation == "linux64" {
		source = "linux"
	}
	m := calls.Inverse(source)
	inverses.Store(emulation, m)
	return m
}
