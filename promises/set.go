package promises

import "strings"

// A Set is a set of promises. The zero Set is the promise string "". Bits above
// those of the words belong to the tables that decide system calls; [Parse] never
// sets them, and [Set.Words] takes them away.
type Set uint64

// Everything is the set of all words except error, which is a mode.
const Everything = Set(1)<<count - 1 - 1<<Error

// String returns the words in reporting order, separated by single spaces.
func (s Set) String() string {
	var b strings.Builder
	for p := range count {
		if s&(1<<p) != 0 {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(words[p])
		}
	}
	return b.String()
}

// Has reports whether s holds p.
func (s Set) Has(p Promise) bool { return s&(1<<p) != 0 }

// Union returns the promises of both.
func (s Set) Union(t Set) Set { return s | t }

// SubsetOf reports whether t holds every promise of s.
func (s Set) SubsetOf(t Set) bool { return s&^t == 0 }

// Missing returns what t holds and s does not.
func (s Set) Missing(t Set) Set { return t &^ s }

// Promises returns the members in reporting order.
func (s Set) Promises() []Promise {
	var ps []Promise
	for p := range count {
		if s.Has(p) {
			ps = append(ps, p)
		}
	}
	return ps
}

// Words returns s without the bits that are no words.
func (s Set) Words() Set { return s & (1<<count - 1) }
