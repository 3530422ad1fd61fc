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
