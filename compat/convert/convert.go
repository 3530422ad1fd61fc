// Package convert turns policies of systrace into promises and unveiled paths,
// and says of every rule what becomes of it.
//
//	r := convert.Section(section, convert.Options{})
//	fmt.Println(r.Promises, r.Unveils)
//	for _, l := range r.Losses { fmt.Println(l) }
//
// Promises are coarser than rules. What they allow beyond the policy is never
// passed over: a rule is [Exact], or [Wider], [Narrower] or [NoCounterpart] with
// the reason. A rule's meaning is what the original would have done with it: a
// filter that another one precedes, or that a simple rule overrides, counts for
// nothing.
//
// # Limitations
//
// Landlock, which enforces unveiled paths, does not look at stat, chmod, chown
// and some more; package unveil lists them.
//
// # Stability
//
// What is lost is said in words, which are for people and may change. Before version 1
// fields may be added to [Options] and [Result].
package convert

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// Class is what becomes of a rule.
type Class uint8

// Classes, from good to bad.
const (
	Exact         Class = iota // means the same
	NoCounterpart              // has no effect on Linux
	Narrower                   // something that it permitted is refused
	Wider                      // more is permitted than it permitted
)

var classes = [...]string{"exact", "no counterpart", "narrower", "wider"}

func (c Class) String() string { return classes[c] }

// ParseClass reads a class's name.
func ParseClass(s string) (Class, error) {
	for i, name := range classes {
		if s == name || s == strings.ReplaceAll(name, " ", "-") {
			return Class(i), nil
		}
	}
	return 0, fmt.Errorf("unknown class %q: exact, no-counterpart, narrower or wider", s)
}

// MarshalText gives the class's name.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// A Reason is one way in which a rule's meaning changes.
type Reason struct {
	Class Class  `json:"class"`
	Text  string `json:"text"`
}

// A Loss is what becomes of one rule.
type Loss struct {
	Rule    *syntax.Rule
	Class   Class // the worst of the reasons
	Reasons []Reason
}

// Unveil is a path to unveil. Path may begin with $HOME. "/" without permissions
// hides everything that no other path unveils.
type Unveil struct {
	Path    string
	Perms   unveil.Perms
	Missing bool // it did not exist when the policy was converted
}

func (u Unveil) String() string { return u.Perms.String() + ":" + u.Path }

// Options say how a policy is converted.
type Options struct {
	// Vars are values of placeholders: WRKDIR for ${WRKDIR}.
	Vars map[string]string
	// Widen unveils a directory where a rule names files in it by a pattern,
	// or creates and removes a file; else the rule becomes narrower.
	Widen bool
	// Inherit says that the policy was used with systrace -i: programs that
	// are executed keep it.
	Inherit bool
	// Root is the directory that the program's root will be, as in chroot.
	Root string
	// UID and GID decide predicates; User is the value of $USER.
	UID, GID uint32
	User     string
	// Exists tells whether a path exists; nil asks the file system.
	Exists func(path string) bool
	// IsDir tells whether a path is a directory; nil asks the file system.
	IsDir func(path string) bool
}

// A Result is a converted section.
type Result struct {
	Program    string // "" for fragments
	Emulation  string
	Pos        syntax.Pos
	Detached   bool
	Promises   promises.Set
	Unveils    []Unveil
	TCPConnect []int // ports that TCP may connect to; nil if not limited
	TCPBind    []int
	Losses     []Loss
	Fine       *syntax.Section // with the promises, as narrow as the policy
}

// Count returns how many rules are of each class.
func (r *Result) Count() (n [4]int) {
	for i := range r.Losses {
		n[r.Losses[i].Class]++
	}
	return n
}

// Section converts a section.
func Section(s *syntax.Section, o Options) *Result {
	r := &Result{Program: s.Name, Emulation: s.Emulation, Pos: s.Pos, Detached: s.Detached}
	if s.Kind == syntax.Fragment {
		r.Program = ""
	}
	if name, missing := substitute(r.Program, o); missing == "" {
		r.Program = name
	}
	c := &conversion{options: o.withDefaults(), section: s, policy: effective(s, &o)}
	c.network()
	for _, e := range c.policy.entries {
		c.entry(e)
	}
	r.Promises = c.whole(c.words())
	r.Unveils = closed(c.unveils(), r.Promises)
	c.excess(r.Promises, r.Unveils)
	r.TCPConnect, r.TCPBind = c.ports()
	r.Losses = c.losses()
	r.Fine = c.fine(r.Losses)
	return r
}

// whole gives a fragment, which is a part of a policy, what no program starts
// without.
func (c *conversion) whole(set promises.Set) promises.Set {
	if c.section.Kind != syntax.Fragment || set.Has(promises.Stdio) || len(c.policy.entries) == 0 {
		return set
	}
	c.policy.entries[0].note(Wider, "stdio, which the rest of the policy has to permit: no program starts without")
	return set | promises.Stdio.Set()
}

func (o Options) withDefaults() Options {
	if o.Exists == nil {
		o.Exists = func(path string) bool {
			_, err := os.Stat(os.ExpandEnv(path))
			return err == nil
		}
	}
	if o.IsDir == nil {
		o.IsDir = func(path string) bool {
			st, err := os.Stat(os.ExpandEnv(path))
			return err == nil && st.IsDir()
		}
	}
	return o
}

// conversion is the work on one section.
type conversion struct {
	options Options
	section *syntax.Section
	policy  *policyView
	net     network

	definite promises.Set // words that some rule needs
	examples []example    // calls that must be admitted, by any word
	paths    []pathGrant
	holes    []pathGrant
	anyPath  unveil.Perms // permissions on every path
}

// note adds a reason to an entry's rule.
func (e *entry) note(class Class, format string, args ...any) {
	r := Reason{class, fmt.Sprintf(format, args...)}
	if !slices.Contains(e.reasons, r) {
		e.reasons = append(e.reasons, r)
	}
}

func (c *conversion) losses() []Loss {
	var list []Loss
	for _, e := range c.policy.entries {
		l := Loss{Rule: e.rule, Reasons: e.reasons}
		for _, r := range e.reasons {
			l.Class = max(l.Class, r.Class)
		}
		list = append(list, l)
	}
	return list
}
