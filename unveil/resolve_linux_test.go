//go:build amd64 || arm64

package unveil

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/unveiled"
)

// tree makes directories with a file each, and links.
func tree(t *testing.T, links map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"shown/d", "shown/e/f", "hidden"} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, d, "s"), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, target := range links {
		if err := os.Symlink(strings.ReplaceAll(target, "ROOT", root), filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// Paths lead where filepath.EvalSymlinks says, and fail where it does.
func TestResolve(t *testing.T) {
	root := tree(t, map[string]string{"l": "shown", "a": "ROOT/hidden", "up": "shown/d/../e", "loop": "loop", "none": "nothing", "two": "l/../a/s", "f": "hidden/s/x", "slash": "shown//d/"})
	names := []string{"l", "a", "up", "loop", "none", "two", "f", "slash", "shown", "d", "e", "s", "hidden", "x", "..", "."}
	rapid.Check(t, func(r *rapid.T) {
		path := root + "/" + strings.Join(rapid.SliceOfN(rapid.SampledFrom(names), 1, 5).Draw(r, "path"), "/")
		got, _, err := resolve(filepath.Clean(path))
		want, werr := filepath.EvalSymlinks(filepath.Clean(path))
		if got != want || (err == nil) != (werr == nil) {
			r.Fatalf("%s: %q, %v; want %q, %v", path, got, err, want, werr)
		}
	})
}

// A link in a directory that may be created in was made by an earlier run, to be
// shown more with the same options.
func TestPlantedLinks(t *testing.T) {
	root := tree(t, map[string]string{"shown/x": "ROOT/hidden", "shown/y": "d", "shown/e/up": "../../hidden", "outside": "ROOT/shown/x/s", "own": "hidden"})
	for _, c := range []struct {
		plan string
		ok   bool
	}{
		{"rwc:shown rwc:shown/x/s", false}, {"rwc:shown r:shown/x", false}, {"rwc:shown/x rwc:shown", false},
		{"c:shown rw:shown/x/s", false}, {"rc:shown r:shown/e r:shown/e/up/s", true}, {"rc:shown r:shown/e/up/s", false},
		{"rwc:shown r:outside", false}, {"rwc:shown rwc:own", true}, {"rwc:shown rw:shown/y/s", true}, {"rwc:shown rwx:shown/y/s", false},
		{"rwc:shown r:hidden r:shown/x/s", true}, {"rwc:shown r:hidden rw:shown/x/s", false},
		{"rwx:shown rwx:shown/x/s", true}, {"rwc:shown rwx:shown/d/s", true},
	} {
		var p Plan
		for _, u := range strings.Fields(c.plan) {
			perms, path, err := Split(u)
			if err == nil {
				err = p.Add(filepath.Join(root, path), perms)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		err := unveiled.Veil{Plan: p.entries, Links: p.links}.Checked()
		if (err == nil) != c.ok || err != nil && !strings.Contains(err.Error(), "through the link") {
			t.Errorf("%s: %v", c.plan, err)
		}
	}
}

// Another user's link in a directory that everybody can write is not followed.
func TestStrangersLinks(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("missing: root, to make another user's link")
	}
	root := tree(t, map[string]string{"shown/l": "ROOT/hidden"})
	if err := os.Lchown(filepath.Join(root, "shown/l"), 65534, 65534); err != nil {
		t.Fatal(err)
	}
	for mode, ok := range map[os.FileMode]bool{0o755: true, 0o777 | os.ModeSticky: false} {
		if err := os.Chmod(filepath.Join(root, "shown"), mode); err != nil {
			t.Fatal(err)
		}
		var p Plan
		if err := p.Add(filepath.Join(root, "shown/l/s"), Read); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "another user's link") {
			t.Errorf("%v: %v", mode, err)
		}
	}
}

// What two plans allow together is what each of them allows, everywhere.
func TestIntersect(t *testing.T) {
	root := tree(t, nil)
	paths := []string{root}
	for _, p := range []string{"shown", "shown/d", "shown/d/s", "shown/e", "shown/e/f", "shown/e/f/s", "hidden", "hidden/s"} {
		paths = append(paths, filepath.Join(root, p))
	}
	draw := func(r *rapid.T, name string) *Plan {
		p := &Plan{}
		for range rapid.IntRange(0, 4).Draw(r, name) {
			if err := p.Add(rapid.SampledFrom(paths).Draw(r, "path"), Perms(rapid.IntRange(0, 15).Draw(r, "perms"))); err != nil {
				r.Fatal(err)
			}
		}
		return p
	}
	rapid.Check(t, func(r *rapid.T) {
		a, b := draw(r, "a"), draw(r, "b")
		both := a.Intersect(b)
		for _, path := range paths {
			x, _ := a.Lookup(path)
			y, _ := b.Lookup(path)
			if got, _ := both.Lookup(path); got != x&y {
				r.Fatalf("%s: %q and %q are %q", path, x, y, got)
			}
		}
		if a.Intersect(nil) != a || (*Plan)(nil).Intersect(a) != a {
			r.Fatal("a nil plan hides something")
		}
	})
}
