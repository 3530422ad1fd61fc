package layers

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
)

var update = flag.Bool("update", false, "write testdata/plans.txt")

// paths stands for a veil.
type paths []landlock.PathRule

func (p paths) Rules() ([]landlock.PathRule, []string, error) { return p, nil, nil }
func (p paths) CreateOnly() bool                              { return false }

var veil = paths{{Path: "/srv", Access: landlock.ReadFile | landlock.ReadDir | landlock.WriteFile | landlock.Truncate}}

// whitelist is that of package rules, as if every file lay where it is named.
func whitelist(s promises.Set) []landlock.PathRule {
	var list []landlock.PathRule
	for _, f := range rules.Files {
		if f.Needs&^s != 0 {
			continue
		}
		access := uint64(landlock.ReadFile)
		if f.Write {
			access |= landlock.WriteFile
		}
		list = append(list, landlock.PathRule{Path: f.Path, Access: access, MayVanish: true})
	}
	return list
}

func ask(words string, mode Mode, abi int) Ask {
	set, err := promises.Parse(words)
	if err != nil {
		panic(err)
	}
	return fill(Ask{Promises: set, Mode: mode, ABI: abi})
}

func fill(a Ask) Ask {
	set := a.Promises
	a.Whitelist = func() []landlock.PathRule { return whitelist(set) }
	if a.Mode == InPlace {
		a.Start = func() []landlock.PathRule {
			return []landlock.PathRule{{Path: "/prog", Access: landlock.Execute | landlock.ReadFile}}
		}
	}
	if a.Mode == InPlace || set.Has(promises.Exec) {
		a.Load = func() []landlock.PathRule { return []landlock.PathRule{{Path: "/lib", Access: landlock.ReadFile}} }
	}
	return a
}

var modes = []Mode{Supervised, InPlace, Library}

func (m Mode) String() string { return [...]string{"supervised", "in place", "library"}[m] }

// What is planned for some asks on every version, in a file that is read by
// people when it changes.
func TestGolden(t *testing.T) {
	var b strings.Builder
	for _, mode := range modes {
		for _, words := range []string{"", "stdio", "stdio rpath", "stdio dns", "stdio rpath wpath cpath proc exec unix inet"} {
			for _, veiled := range []bool{false, true} {
				if veiled && !strings.Contains(words, "rpath") {
					continue
				}
				fmt.Fprintf(&b, "== %v %q veiled: %v\n", mode, words, veiled)
				for abi := 0; abi <= landlock.Newest; abi++ {
					a := ask(words, mode, abi)
					a.PtraceFree = true
					if veiled {
						a.Veil = slices.Clone(veil)
					}
					_, err := Make(a)
					a.BestEffort = true
					p, _ := Make(a)
					fmt.Fprintf(&b, "%2d: %s", abi, text(p, err))
				}
			}
		}
	}
	const file = "testdata/plans.txt"
	if *update {
		os.MkdirAll("testdata", 0o755)
		os.WriteFile(file, []byte(b.String()), 0o644)
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("plans differ from %s; look at them, and run with -update if they are right", file)
	}
}

func text(p Plan, err error) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	r := &p.Ruleset
	add("fs %#x net %#x scopes %#x, %d paths", r.FS, r.Net, r.Scoped, len(r.Paths))
	for _, p := range r.Ports() {
		add("port %d: %#x", p.Port, p.Access)
	}
	add("situations %#x", uint64(p.Set&^p.Set.Words()))
	line := strings.Join(parts, ", ") + "\n"
	if err != nil {
		line += "    error: " + err.Error() + "\n"
	}
	for _, n := range p.Notes {
		line += "    note: " + n + "\n"
	}
	return line
}

// A drawn ask: any words, any version.
func drawAsk(t *rapid.T) Ask {
	a := Ask{
		Promises: promises.Set(rapid.Uint64().Draw(t, "words")) & promises.Everything,
		Mode:     rapid.SampledFrom(modes).Draw(t, "mode"), ABI: rapid.IntRange(0, landlock.Newest+2).Draw(t, "abi"),
		PtraceFree: rapid.Bool().Draw(t, "ptrace"), Kills: rapid.Bool().Draw(t, "kills"), ThreadsApart: rapid.Bool().Draw(t, "apart"),
	}
	if rapid.Bool().Draw(t, "veiled") {
		a.Veil = slices.Clone(veil)
	}
	if rapid.Bool().Draw(t, "ports") && a.Mode != Library {
		a.LimitTCP, a.Bind = true, []uint16{80}
	}
	a.Unfiltered = a.Mode == Library && a.Veil != nil && rapid.Bool().Draw(t, "unfiltered")
	return fill(a)
}

// guarantees are what a plan must give, or say that it does not.
func guarantees(a Ask, p Plan) map[string]bool {
	r := &p.Ruleset
	unread := a.Mode != Supervised && !a.Promises.Has(promises.Rpath)
	return map[string]bool{
		"a domain":               !r.Empty() || a.Held.Domains > 0 || !a.PtraceFree || !a.Promises.Has(promises.Rpath) && !a.Promises.Has(promises.Wpath),
		"hidden paths":           a.Veil == nil || r.FS&(landlock.ReadFile|landlock.WriteFile|landlock.Execute|landlock.MakeReg) == landlock.ReadFile|landlock.WriteFile|landlock.Execute|landlock.MakeReg,
		"hidden from truncation": a.Veil == nil || r.FS&landlock.Truncate != 0 || !a.Unfiltered && !truncates(p.Set),
		"limited TCP":            !a.LimitTCP || a.Mode == Supervised && p.Set&rules.PortsJudged != 0 || r.Net&landlock.ConnectTCP != 0 && r.Net&landlock.BindTCP != 0,
		"reading listed":         !unread || p.Set&rules.Whitelisted == 0 || r.FS&landlock.ReadFile != 0,
		"writing listed":         p.Set&rules.WritesListed == 0 || a.Promises.Has(promises.Wpath) || r.FS&landlock.WriteFile != 0,
		"hidden sockets":         a.Veil == nil || a.Mode == Supervised || !a.Promises.Has(promises.Unix) || r.FS&landlock.ResolveUnix != 0,
		"links and renames":      r.FS == 0 || !a.Promises.Has(promises.Cpath) || r.FS&landlock.Refer != 0,
	}
}

// truncates reports whether a filter of the set lets the kernel truncate by a path, or
// by an open that Landlock takes for reading.
func truncates(set promises.Set) bool {
	found := false
	rules.All(func(call string, list []rules.Rule) bool {
		args := [6]uint64{1: unix.O_TRUNC, 2: unix.O_TRUNC}
		switch call {
		case "truncate", "truncate64", "open", "openat", "openat2":
			found = found || rules.Judge(list, set, args, rules.Self{}) == rules.Allow
		}
		return true
	})
	return found
}

// Nothing is lost on any version without an error, or a note where that was asked
// for; and the newest version loses nothing.
func TestNothingIsLostInSilence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsk(t)
		strict, err := Make(a)
		var lack *Lack
		if err != nil && !errors.As(err, &lack) {
			t.Fatal(err)
		}
		for what, given := range guarantees(a, strict) {
			if err == nil && !given && what != "links and renames" && !(what == "hidden sockets" && a.Mode == Library) {
				t.Fatalf("%v %q at ABI %d: no %s, and no error", a.Mode, a.Promises, a.ABI, what)
			}
		}
		a.BestEffort = true
		lax, laxErr := Make(a)
		if laxErr != nil {
			t.Fatalf("with BestEffort: %v", laxErr)
		}
		for what, given := range guarantees(a, lax) {
			if !given && len(lax.Notes) == 0 {
				t.Fatalf("%v %q at ABI %d: no %s, and no note", a.Mode, a.Promises, a.ABI, what)
			}
			if !given && a.ABI >= landlock.Newest {
				t.Fatalf("%v %q: no %s at the newest version", a.Mode, a.Promises, what)
			}
		}
		if err == nil && len(lax.Notes) != len(strict.Notes) {
			t.Fatal("BestEffort loses what need not be lost")
		}
	})
}

// Only rights that the version knows are handled: the kernel refuses others.
func TestOnlyKnownRights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsk(t)
		a.BestEffort = true
		p, err := Make(a)
		if err != nil {
			t.Fatal(err)
		}
		can, r := landlock.At(a.ABI), &p.Ruleset
		if r.FS&^can.Files|r.Net&^can.Net|r.Scoped&^can.Scopes != 0 {
			t.Fatalf("ABI %d: fs %#x, net %#x, scopes %#x", a.ABI, r.FS, r.Net, r.Scoped)
		}
		for _, rule := range r.Paths {
			if rule.Access&landlock.ResolveUnix&^can.Files != 0 {
				t.Fatalf("ABI %d: a rule gives %#x", a.ABI, rule.Access)
			}
		}
		if a.ABI > 0 && r.Empty() {
			t.Fatalf("%v %q at ABI %d: no domain", a.Mode, a.Promises, a.ABI)
		}
	})
}

// opens reports whether a file of a rule can be opened with its rights: by the
// filter's rules, and by Landlock.
func opens(p Plan, rule landlock.PathRule) bool {
	flags := uint64(os.O_RDONLY)
	if rule.Access&landlock.WriteFile != 0 {
		flags = uint64(os.O_RDWR)
	}
	admitted := false
	rules.All(func(call string, list []rules.Rule) bool {
		if call == "openat" {
			admitted = rules.Judge(list, p.Set, [6]uint64{2: flags}, rules.Self{}) == rules.Allow
		}
		return call != "openat"
	})
	denied := rule.Access & p.Ruleset.FS
	for _, r := range p.Ruleset.Paths {
		if r.Path == rule.Path {
			denied &^= r.Access
		}
	}
	return admitted && denied == 0
}

// Adding words never takes a whitelisted file away.
func TestWordsAreMonotonic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsk(t)
		a.Mode = rapid.SampledFrom([]Mode{InPlace, Library}).Draw(t, "unsupervised")
		a.ABI, a.BestEffort = max(a.ABI, 1), true
		more := a
		more.Promises |= promises.Set(rapid.Uint64().Draw(t, "added")) & promises.Everything
		p, err := Make(fill(a))
		if err != nil {
			t.Fatal(err)
		}
		q, err := Make(fill(more))
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range whitelist(a.Promises) {
			if opens(p, rule) && !opens(q, rule) {
				t.Fatalf("%v ABI %d: %s can be opened (%#x) with %q, not with %q", a.Mode, a.ABI, rule.Path, rule.Access, a.Promises, more.Promises)
			}
		}
	})
}

// A process that pledges again and again holds less each time, whatever can be
// added: what a ruleset denied stays denied, and the filter leaves nothing to a
// ruleset that is not in force.
func TestGivingUpTakesAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsk(t)
		a.Mode, a.BestEffort, a.Veil, a.LimitTCP = Library, true, nil, false
		var force []landlock.Ruleset
		for n := rapid.IntRange(1, 5).Draw(t, "pledges"); n > 0; n-- {
			p, err := Make(fill(a))
			if err != nil {
				t.Fatal(err)
			}
			force = append(force, p.Ruleset)
			var denied uint64
			for _, r := range force {
				denied |= r.FS
			}
			if p.Set&rules.Whitelisted != 0 && denied&landlock.ReadFile == 0 || p.Set&rules.WritesListed != 0 && (!a.Promises.Has(promises.Wpath) && denied&landlock.WriteFile == 0 || !a.Promises.Has(promises.Rpath) && denied&landlock.ReadFile == 0) {
				t.Fatalf("the filter of %q leaves opens to a ruleset that there is not", a.Promises)
			}
			if p.Held.Scoped&^scoped(force) != 0 {
				t.Fatal("a scope is said to be in force that is not")
			}
			a.Held = p.Held
			a.Held.Closed = rapid.Bool().Draw(t, "closed")
			a.Promises &= promises.Set(rapid.Uint64().Draw(t, "kept"))
		}
		if len(force) > landlock.MaxLayers {
			t.Fatal("too many rulesets")
		}
	})
}

func scoped(list []landlock.Ruleset) uint64 {
	var s uint64
	for _, r := range list {
		s |= r.Scoped
	}
	return s
}

// The same promises again add no ruleset: a process has sixteen at most.
func TestNothingNewAddsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsk(t)
		a.Mode, a.BestEffort, a.Veil, a.LimitTCP = Library, true, nil, false
		p, err := Make(a)
		if err != nil {
			t.Fatal(err)
		}
		a.Held = p.Held
		q, err := Make(a)
		if err != nil {
			t.Fatal(err)
		}
		if !q.Ruleset.Empty() {
			t.Fatalf("%q at ABI %d: again fs %#x net %#x scopes %#x", a.Promises, a.ABI, q.Ruleset.FS, q.Ruleset.Net, q.Ruleset.Scoped)
		}
	})
}
