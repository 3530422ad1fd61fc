package rules

import (
	"math/bits"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/promises"
)

type together struct {
	words promises.Set
	why   string
}

// togetherOnly are words that admit something together which none of them does:
// each line is what OpenBSD demands of one call as well, or a line of its manual.
var togetherOnly = []together{
	{rpath | wpath, "open for reading and writing"},
	{rpath | cpath, "O_CREAT needs cpath besides; link and rename look at the source"},
	{wpath | cpath, "O_CREAT needs cpath besides"},
	{rpath | wpath | cpath, "O_CREAT needs cpath besides"},
	{rpath | fattr, "chmod, chown and utimes by a path look it up"},
	{rpath | chown, "chown by a path looks it up"},
	{rpath | wpath | fattr, "truncate by a path"},
	{inet | mcast, "multicast options are mcast's, of sockets of inet"},
	{tty | proc, "TIOCSPGRP"},
	{tty | rpath | wpath, "makes a pseudo-terminal"},
	{stdio | proc, "F_SETOWN: signals to others"},
	{stdio | inet, "sendto and sendmsg are stdio's, addresses are inet's"},
	{stdio | unix, "sendto and sendmsg are stdio's, addresses are unix'"},
	{stdio | dns, "sendto and sendmsg are stdio's, addresses are dns'"},
	{stdio | route, "messages to NETLINK_ROUTE"},
	{stdio | wroute, "messages to NETLINK_ROUTE"},
	{stdio | inet | unix, "sendto and sendmsg are stdio's, addresses are those of both"},
	{stdio | sendfd, "sendmsg is stdio's, descriptors are sendfd's"},
	{stdio | recvfd, "recvmsg is stdio's, descriptors are recvfd's"},
}

// lost are calls that a second word takes away.
func lost(call string, had, added promises.Set) string {
	switch {
	case call == "memfd_create" && added&exec != 0:
		return "under exec it would run code that no path rule sees"
	case slices.Contains([]string{"recvmmsg", "recvmmsg_time64", "recvmsg", "sendmsg", "sendmmsg"}, call) && (had|added)&unix != 0:
		return "where AF_UNIX sockets are, descriptors could be in a message: callers fall back, or hold sendfd and recvfd"
	case slices.Contains([]string{"open", "openat", "creat"}, call) && (had|added)&(tmppath|cpath) == tmppath|cpath:
		return "setuid, setgid and sticky bits are refused before tmppath is asked, which leaves them out"
	case strings.HasPrefix(call, "landlock_") && (had|added)&(tty|tmppath) != 0:
		return "the supervisor opens terminals and files in /tmp for the program, which would pierce it"
	}
	return ""
}

// explained reports whether a rule of the call takes words that only do something
// together, all of which are held.
func explained(rules []Rule, s promises.Set) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool {
		words := r.Needs.Words()
		return answered(r.Action) && words.SubsetOf(s) && slices.ContainsFunc(togetherOnly, func(t together) bool { return t.words == words })
	})
}

// examples are arguments of a call on and beside what its rules look at.
func examples(rules []Rule) (list [][6]uint64) {
	list = append(list, [6]uint64{}, [6]uint64{^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0), ^uint64(0)})
	for _, r := range rules {
		args := [][6]uint64{{}, {4: 0x1000}}
		for _, c := range r.When {
			var next [][6]uint64
			for _, a := range args {
				for i, v := range c.Resolve(testSelf) {
					if i > 200 || len(next) > 400 {
						break
					}
					a[c.Arg] = a[c.Arg]&^c.Mask | v&c.Mask
					next = append(next, a)
				}
				a[c.Arg] ^= c.Mask & -c.Mask
				next = append(next, a)
			}
			args = next
		}
		list = append(list, args...)
	}
	return list
}

var testSelf = Self{PID: 4711, UID: 1000, GIDs: []uint32{1000}}

// admits reports whether words of the set admit a call, maybe by a supervisor's
// leave. What is asked of a supervisor under every set (whitelisted files) is
// no matter of words.
func admits(rules []Rule, s promises.Set, args [6]uint64) bool {
	for i := range rules {
		if r := &rules[i]; r.Applies(s) && r.holds(args, testSelf) {
			return r.Action == Allow || r.Action == Notify && r.Needs.Words() != 0
		}
	}
	return false
}

func answered(a Action) bool { return a == Allow || a == Notify }

// Two words together admit what one of them does, what a rule says in so many
// words, and nothing else; and they take nothing away.
func TestTwoWordsTogether(t *testing.T) {
	situations := []promises.Set{0, AnyInherited, Unsupervised | Whitelisted | WritesListed, Unsupervised | Library | Whitelisted | WritesListed}
	All(func(call string, rules []Rule) bool {
		for _, args := range examples(rules) {
			for _, where := range situations {
				for a := range promises.Promise(len(promises.All())) {
					for b := range a {
						checkUnion(t, call, rules, args, a.Set(), b.Set(), where)
					}
				}
			}
		}
		return !t.Failed()
	})
}

func checkUnion(t interface{ Errorf(string, ...any) }, call string, rules []Rule, args [6]uint64, a, b, where promises.Set) {
	judge := func(s promises.Set) bool { return admits(rules, s|where, args) }
	both, one := judge(a|b), judge(a) || judge(b)
	switch {
	case both && !one && !explained(rules, a|b):
		t.Errorf("%q and %q: %s(%#x) is admitted, by neither alone", a, b, call, args)
	case one && !both && lost(call, a, b) == "" && lost(call, b, a) == "":
		t.Errorf("%q and %q: %s(%#x) is refused, and admitted by one alone", a, b, call, args)
	}
}

// A set admits what some of its words do that are one, or belong together.
func TestRandomSetsAreUnions(t *testing.T) {
	type called struct {
		call  string
		rules []Rule
		args  [][6]uint64
	}
	var calls []called
	All(func(call string, rules []Rule) bool {
		calls = append(calls, called{call, rules, examples(rules)})
		return true
	})
	rapid.Check(t, func(r *rapid.T) {
		s := promises.Set(rapid.Uint64().Draw(r, "set")) & promises.Everything
		if rapid.Bool().Draw(r, "few") {
			s &= promises.Set(rapid.Uint64().Draw(r, "mask"))
		}
		where := rapid.SampledFrom([]promises.Set{0, AnyInherited, Unsupervised, Unsupervised | Library | Whitelisted | WritesListed}).Draw(r, "where")
		var parts []promises.Set
		for _, p := range s.Promises() {
			parts = append(parts, p.Set())
		}
		for _, w := range togetherOnly {
			if w.words.SubsetOf(s) {
				parts = append(parts, w.words)
			}
		}
		for _, c := range calls {
			for _, args := range c.args {
				whole := admits(c.rules, s|where, args)
				some := admits(c.rules, where, args) || slices.ContainsFunc(parts, func(p promises.Set) bool { return admits(c.rules, p|where, args) })
				if whole != some && !(some && lost(c.call, 0, s) != "") {
					r.Fatalf("%q: %s(%#x): admitted %v, by its parts %v", s, c.call, args, whole, some)
				}
			}
		}
	})
}

// Every line of togetherOnly is needed.
func TestTogetherOnlyIsNeeded(t *testing.T) {
	for _, w := range togetherOnly {
		needed := bits.OnesCount64(uint64(w.words)) > 1
		found := false
		All(func(_ string, rules []Rule) bool {
			found = found || slices.ContainsFunc(rules, func(r Rule) bool { return r.Needs.Words() == w.words && answered(r.Action) })
			return !found
		})
		if !needed || !found {
			t.Errorf("%q: no rule takes these words", w.words)
		}
	}
}

// Words are monotonic: another one takes no whitelisted file away, nor the
// writing of it, nor the question for its status.
func TestWhitelistIsMonotonic(t *testing.T) {
	var paths []string
	for _, f := range Files {
		paths = append(paths, f.Path)
		if n := len(f.Path); n > 3 && f.Path[n-3:] == "/**" {
			paths = append(paths, f.Path[:n-2]+"x", f.Path[:n-2]+"x/y")
		}
	}
	paths = append(paths, "/proc/12/stat", "/proc/self/status", "/proc/12/cmdline")
	opens := map[string]int{"open": 1, "openat": 2}
	rapid.Check(t, func(r *rapid.T) {
		s := promises.Set(rapid.Uint64().Draw(r, "set")) & promises.Everything
		if rapid.Bool().Draw(r, "few") {
			s &= promises.Set(rapid.Uint64().Draw(r, "mask"))
		}
		more := s | promises.Promise(rapid.IntRange(0, len(promises.All())-1).Draw(r, "word")).Set()
		path := rapid.SampledFrom(paths).Draw(r, "path")
		f, g := Find(Files, s, path), Find(Files, more, path)
		if f != nil && (g == nil || f.Write && !g.Write || f.Stat && !g.Stat) {
			r.Fatalf("%s: %q has it, %q has it not, or not for writing or looking", path, s, more)
		}
		for call, arg := range opens {
			for _, mode := range []uint64{0, 1, 2, 0x80000, 0x80001, 0x80002} {
				var args [6]uint64
				args[arg] = mode
				for _, where := range []promises.Set{0, Unsupervised | Whitelisted | WritesListed, Unsupervised | Library | Whitelisted | WritesListed} {
					less, many := Judge(Of(call), s|where, args, Self{}), Judge(Of(call), more|where, args, Self{})
					if answered(less) && !answered(many) {
						r.Fatalf("%s(%#x): %q %v, %q %v", call, mode, s, less, more, many)
					}
				}
			}
		}
	})
}
