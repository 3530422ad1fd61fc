//go:build amd64 || arm64

package unveil

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestParsePerms(t *testing.T) {
	for _, c := range []struct {
		in, want string
		err      error
	}{
		{"", "", nil}, {"r", "r", nil}, {"cxwr", "rwxc", nil}, {"rr", "r", nil},
		{"q", "", ErrInvalid}, {"rwxcr", "", ErrTooLong}, {"R", "", ErrInvalid},
	} {
		got, err := ParsePerms(c.in)
		if got.String() != c.want || !errors.Is(err, c.err) {
			t.Errorf("ParsePerms(%q) = %q, %v, want %q, %v", c.in, got, err, c.want, c.err)
		}
	}
}

func TestAddResolvesAndReplaces(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(filepath.Join(root, "f"), nil, 0o644)
	os.Symlink("f", filepath.Join(root, "l"))
	var p Plan
	for _, perms := range []Perms{Read | Write, Read} {
		if err := p.Add(filepath.Join(root, "l"), perms); err != nil {
			t.Fatal(err)
		}
	}
	want := []Entry{{filepath.Join(root, "f"), Read, []string{filepath.Join(root, "l")}}}
	if got := p.Entries(); !reflect.DeepEqual(got, want) {
		t.Errorf("entries %v, want %v", got, want)
	}
	if err := p.Add(filepath.Join(root, "none"), Read); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing path: %v", err)
	}
}

func TestSplit(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	t.Setenv("TMPDIR", "")
	for in, want := range map[string]string{"r:~/x": "/home/me/x", "rw:$HOME": "/home/me", "rwc:$TMPDIR/y": "/tmp/y", "x:.": ".", ":/etc": "/etc"} {
		if _, got, err := Split(in); err != nil || got != want {
			t.Errorf("Split(%q) = %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"/etc", "r:", "r:$NO_SUCH_VARIABLE/x", "z:/etc"} {
		if _, _, err := Split(in); err == nil {
			t.Errorf("Split(%q) is accepted", in)
		}
	}
}
