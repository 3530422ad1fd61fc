package rules

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/promises"
)

// Growing a set never refuses what was allowed, but for the calls that tables
// withhold in the presence of a word.
func TestMoreWordsAllowMore(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := promises.Set(rapid.Uint64().Draw(r, "set")) & promises.Everything
		more := s | 1<<rapid.SampledFrom(promises.All()).Draw(r, "word")
		All(func(call string, list []Rule) bool {
			for _, rule := range list {
				if rule.Unless.Words() != 0 {
					return true
				}
			}
			var args [6]uint64
			for i := range args {
				args[i] = rapid.OneOf(rapid.Uint64Max(16), rapid.Uint64()).Draw(r, call)
			}
			if Judge(list, s, args, Self{}) == Allow && Judge(list, more, args, Self{}) != Allow {
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
		held, err := promises.Parse(c.held)
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
