//go:build unix

// Package ask owns the questions that a confined program raises: promises and
// paths are made by answering them.
//
//	b := ask.New(ask.Options{Base: policy, Timeout: time.Minute})
//	outcome := b.Decide(call, gone) // waits until somebody, or the deadline, decides
//	result := b.Propose(ask.Proposal{Question: 1, Action: ask.Permit, Scope: ask.Always, IfPolicy: digest})
//
// A question lives pending -> answered | resolved | withdrawn | expired. Front ends
// only propose: the first valid proposal wins, and is checked against the policy
// that its author has seen. Who dies, or is late, changes nothing. The deadline's
// answer is to refuse, and it is never kept.
//
// Questions are about groups, a promise in a directory, and not about calls: what
// needs the same joins one question, with a count, and a rule that is made settles
// every pending question that it decides.
//
// The package knows no kernel and no front end. What a call lacks under a policy is
// asked of the call.
package ask

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// An Entry is a path with what may be done at and below it.
type Entry struct {
	Path  string
	Perms unveil.Perms
}

func (e Entry) String() string { return e.Perms.String() + ":" + e.Path }

// A Grant is what a rule gives: words, paths, and ports of TCP.
type Grant struct {
	Words   promises.Set
	Entries []Entry
	Connect []uint16
	Bind    []uint16
	// AnyPort is set where the word inet is given for all ports.
	AnyPort bool
}

// A Policy is promises and paths, and is not changed: With makes another.
type Policy struct {
	Grant
	plan *unveil.Plan
}

// NewPolicy makes a policy. Paths that cannot be unveiled are an error.
func NewPolicy(g Grant) (*Policy, error) {
	p := &Policy{plan: unveil.NewPlan()}
	for _, e := range g.Entries {
		if err := p.plan.Add(e.Path, e.Perms); err != nil {
			return nil, err
		}
	}
	p.Grant = g.clone()
	return p, nil
}

func (g Grant) clone() Grant {
	g.Entries, g.Connect, g.Bind = slices.Clone(g.Entries), slices.Clone(g.Connect), slices.Clone(g.Bind)
	return g
}

// With adds what a rule gives. What is written of paths is texts: where they lead
// was found when they were asked about.
func (p *Policy) With(grants ...Grant) *Policy {
	sum := p.clone()
	for _, g := range grants {
		sum.Words |= g.Words
		sum.AnyPort = sum.AnyPort || g.AnyPort
		for _, e := range g.Entries {
			sum.Entries = sum.adding(e)
		}
		sum.Connect = union(sum.Connect, g.Connect)
		sum.Bind = union(sum.Bind, g.Bind)
	}
	sum.Entries = settled(sum.Entries)
	return &Policy{Grant: sum, plan: unveil.NewPlan(planned(sum.Entries)...)}
}

func planned(list []Entry) (entries []unveil.Entry) {
	for _, e := range list {
		entries = append(entries, unveil.Entry{Path: e.Path, Perms: e.Perms})
	}
	return entries
}

func (g *Grant) adding(e Entry) []Entry {
	for i := range g.Entries {
		if g.Entries[i].Path == e.Path {
			g.Entries[i].Perms |= e.Perms
			return g.Entries
		}
	}
	return append(g.Entries, e)
}

// settled has what is below another entry allow at least as much, since the
// nearest one decides, and leaves out what says nothing new.
func settled(list []Entry) (kept []Entry) {
	slices.SortFunc(list, func(a, b Entry) int { return strings.Compare(a.Path, b.Path) })
	for _, e := range list {
		above := unveil.Perms(0)
		for _, k := range kept {
			if within(e.Path, k.Path) {
				above = k.Perms // the last one that holds it is the nearest
			}
		}
		if e.Perms&^above == 0 && above != 0 {
			continue
		}
		e.Perms |= above
		kept = append(kept, e)
	}
	return kept
}

// within tells whether a path is at or below a directory.
func within(path, dir string) bool {
	return dir == "/" || path == dir || strings.HasPrefix(path, dir+"/")
}

func union(a, b []uint16) []uint16 {
	list := append(slices.Clone(a), b...)
	slices.Sort(list)
	return slices.Compact(list)
}

// Shows tells whether the policy shows a path with these permissions.
func (p *Policy) Shows(path string, perms unveil.Perms) bool {
	have, _ := p.plan.Lookup(path)
	return perms&^have == 0
}

// Connects and Binds tell whether TCP may use a port.
func (p *Policy) Connects(port uint16) bool { return p.AnyPort || slices.Contains(p.Connect, port) }

// Binds tells whether a port may be bound.
func (p *Policy) Binds(port uint16) bool { return p.AnyPort || slices.Contains(p.Bind, port) }

// Lines are the policy as text, one line a thing.
func (p *Policy) Lines() (lines []string) {
	for _, w := range p.Words.Promises() {
		lines = append(lines, "promise "+w.String())
	}
	for _, e := range p.Entries {
		lines = append(lines, "unveil "+e.String())
	}
	for _, n := range p.Connect {
		lines = append(lines, fmt.Sprintf("tcp-connect %d", n))
	}
	for _, n := range p.Bind {
		lines = append(lines, fmt.Sprintf("tcp-bind %d", n))
	}
	if p.AnyPort {
		lines = append(lines, "tcp any port")
	}
	return lines
}

// Digest names the policy's content.
func (p *Policy) Digest() string {
	sum := sha256.Sum256([]byte(strings.Join(p.Lines(), "\n")))
	return hex.EncodeToString(sum[:8])
}

// Diff says what one policy has that the other has not.
func Diff(before, after *Policy) (lines []string) {
	b, a := before.Lines(), after.Lines()
	for _, l := range b {
		if !slices.Contains(a, l) {
			lines = append(lines, "- "+l)
		}
	}
	for _, l := range a {
		if !slices.Contains(b, l) {
			lines = append(lines, "+ "+l)
		}
	}
	return lines
}
