package promises

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		err            error
	}{
		{"one word", "stdio", "stdio", nil},
		{"reporting order", "rpath stdio", "stdio rpath", nil},
		{"runs of spaces", "stdio   rpath", "stdio rpath", nil},
		{"trailing spaces", "stdio rpath  ", "stdio rpath", nil},
		{"duplicates", "stdio stdio", "stdio", nil},
		{"empty", "", "", nil},
		{"legacy word", "tmppath", "tmppath", nil},
		{"leading space", " stdio", "", ErrInvalid},
		{"tab", "stdio\trpath", "", ErrInvalid},
		{"comma", "stdio,rpath", "", ErrInvalid},
		{"newline", "stdio\n", "", ErrInvalid},
		{"upper case", "STDIO", "", ErrInvalid},
		{"removed word", "abort", "", ErrInvalid},
		{"unknown last word", "stdio bogus", "", ErrInvalid},
		{"1024 bytes", strings.Repeat("stdio ", 170) + "id  ", "stdio id", nil},
		{"1025 bytes", strings.Repeat("stdio ", 170) + "id   ", "", ErrTooLong},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Parse(c.in)
			if !errors.Is(err, c.err) || got.String() != c.want {
				t.Errorf("Parse(%q) = %q, %v, want %q, %v", c.in, got, err, c.want, c.err)
			}
			if err != nil && strings.Contains(err.Error(), "\n") && !strings.Contains(c.in, "\n") {
				t.Errorf("error of more than one line: %q", err)
			}
		})
	}
}

// All 35 words of OpenBSD 7.9, and tmppath.
func TestWords(t *testing.T) {
	const all = "audio bpf chown cpath disklabel dns dpath drm error exec fattr flock getpw id inet mcast pf proc prot_exec ps " +
		"recvfd route rpath sendfd settime stdio tape tty unix unveil video vminfo vmm wpath wroute tmppath"
	set, err := Parse(all)
	if err != nil || len(set.Promises()) != 36 || len(All()) != 36 {
		t.Errorf("Parse = %d words, %v, want 36", len(set.Promises()), err)
	}
	for _, p := range All() {
		if p.Summary() == "" {
			t.Errorf("%s has no summary", p)
		}
	}
}

func TestSetAlgebra(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		words := Set(1)<<count - 1
		a := Set(rapid.Uint64().Draw(r, "a")) & words
		b := Set(rapid.Uint64().Draw(r, "b")) & words
		back, err := Parse(a.String())
		if err != nil || back != a {
			r.Fatalf("Parse(%q) = %q, %v", a, back, err)
		}
		if !a.SubsetOf(a.Union(b)) || a.SubsetOf(b) != (b.Missing(a) == 0) {
			r.Fatalf("subset and missing disagree for %q and %q", a, b)
		}
		if b.Union(b.Missing(a)) != a.Union(b) {
			r.Fatalf("adding what is missing to %q does not give the union with %q", b, a)
		}
	})
}

// Growing a set never refuses what was allowed, but for the calls that tables
// withhold in the presence of a word.
func TestMoreWordsAllowMore(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := Set(rapid.Uint64().Draw(r, "set")) & Everything
		more := s | 1<<rapid.SampledFrom(All()).Draw(r, "word")
		Rules(func(call string, rules []Rule) bool {
			for _, rule := range rules {
				if rule.Unless.Words() != 0 {
					return true
				}
			}
			var args [6]uint64
			for i := range args {
				args[i] = rapid.OneOf(rapid.Uint64Max(16), rapid.Uint64()).Draw(r, call)
			}
			if Judge(rules, s, args, Self{}) == Allow && Judge(rules, more, args, Self{}) != Allow {
				r.Fatalf("%s(%#x) is allowed by %q and not by %q", call, args, s, more)
			}
			return true
		})
	})
}

func TestNeeds(t *testing.T) {
	for _, c := range []struct {
		call, held, want string
		args             [6]uint64
		ok               bool
	}{
		{"openat", "stdio", "rpath", [6]uint64{0, 0, 0}, true},
		{"openat", "stdio", "rpath wpath", [6]uint64{0, 0, 2}, true},
		{"openat", "stdio rpath", "wpath", [6]uint64{0, 0, 2}, true},
		{"openat", "stdio", "wpath cpath", [6]uint64{0, 0, 1 | 0x40, 0o644}, true},
		{"socket", "stdio", "inet", [6]uint64{2, 1, 0}, true},
		{"socket", "stdio", "unix", [6]uint64{1, 1, 0}, true},
		{"kill", "stdio", "proc", [6]uint64{1, 9}, true},
		{"fchown", "stdio", "fattr", [6]uint64{3, 0, 0}, true},
		{"fchown", "stdio", "chown", [6]uint64{3, 77, 77}, true},
		{"ioctl", "stdio tty", "proc", [6]uint64{0, 0x5410}, true},
		{"ioctl", "stdio", "", [6]uint64{0, 0x5412}, false},
		{"ptrace", "stdio", "", [6]uint64{}, false},
		{"unlink", "stdio", "cpath", [6]uint64{}, true},
	} {
		held, err := Parse(c.held)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := Needs(c.call, c.args, held, Self{UID: 0, GIDs: []uint32{0}})
		if got.String() != c.want || ok != c.ok {
			t.Errorf("Needs(%s %#x, %q) = %q, %v, want %q, %v", c.call, c.args, c.held, got, ok, c.want, c.ok)
		}
	}
}

func TestFileMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"/etc/hosts", "/etc/hosts", true},
		{"/etc/hosts", "/etc//hosts", false},
		{"/etc/hosts", "etc/hosts", false},
		{"/usr/share/zoneinfo/**", "/usr/share/zoneinfo/Europe/Berlin", true},
		{"/usr/share/zoneinfo/**", "/usr/share/zoneinfo", false},
		{"/usr/share/zoneinfo/**", "/usr/share/zoneinfo/../../../etc/passwd", false},
		{"/usr/share/zoneinfo/**", "/usr/share/zoneinfo2/x", false},
		{"/proc/*/stat", "/proc/1/stat", true},
		{"/proc/*/stat", "/proc/self/stat", true},
		{"/proc/*/stat", "/proc/1/task/1/stat", false},
		{"/proc/*/stat", "/proc//stat", false},
		{"/proc/*/stat", "/proc/1/mem", false},
	} {
		f := File{Path: c.pattern}
		if got := f.Match(c.path); got != c.want {
			t.Errorf("%q matches %q: %v, want %v", c.pattern, c.path, got, c.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"stdio rpath", "", " ", "stdio\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		set, err := Parse(s)
		if err != nil {
			return
		}
		if back, err := Parse(set.String()); err != nil || back != set {
			t.Errorf("Parse(%q) gives %q, which parses to %q, %v", s, set, back, err)
		}
	})
}
