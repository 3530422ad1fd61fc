package unveiled

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/landlock"
)

// granted sums up the rules on the way to a path, as Landlock does.
func granted(rules []landlock.PathRule, path string) uint64 {
	var a uint64
	for _, r := range rules {
		if r.Path == path || r.Path == "/" || strings.HasPrefix(path, r.Path+"/") {
			a |= r.Access
		}
	}
	return a
}

// Whatever is unveiled, the rules grant no path more than its nearest entry
// does, and files below expanded directories no less.
func TestRulesNeverWiden(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, p := range []string{"a", "a/b", "a/b/c", "a/b2", "a2", "a/b/c/d"} {
		if err := os.MkdirAll(filepath.Join(root, p), 0o755); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(root, p, "file")
		if err := os.WriteFile(file, nil, 0o644); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, filepath.Join(root, p), file)
	}
	rapid.Check(t, func(r *rapid.T) {
		p := Plan{}
		for range rapid.IntRange(1, 5).Draw(r, "entries") {
			p[rapid.SampledFrom(paths).Draw(r, "path")] = Perms(rapid.IntRange(0, 15).Draw(r, "perms"))
		}
		rules, _, err := p.Rules()
		if err != nil {
			r.Fatal(err)
		}
		for _, path := range paths {
			perms, _ := p.Lookup(path)
			got := granted(rules, path)
			if over := got &^ Rights(perms); over != 0 {
				r.Fatalf("%v: %s is granted %#x beyond %q", p.Entries(), path, over, perms)
			}
			if filepath.Base(path) == "file" {
				if under := Rights(perms) & (landlock.ReadFile | landlock.WriteFile | landlock.Execute) &^ got; under != 0 {
					r.Fatalf("%v: %s lacks %#x of %q", p.Entries(), path, under, perms)
				}
			}
		}
	})
}

func TestProcIsNeverWritable(t *testing.T) {
	p := Plan{"/": Read | Write | Create}
	rules, _, err := p.Rules()
	if err != nil {
		t.Fatal(err)
	}
	if got := granted(rules, "/proc/self/mem"); got&landlock.WriteFile != 0 || got&landlock.ReadFile == 0 {
		t.Errorf("/proc/self/mem has rights %#x, want reading only", got)
	}
	p["/proc/self"] = Write
	if _, _, err := p.Rules(); err == nil {
		t.Error("unveiling /proc for writing by name is accepted")
	}
}

// A name beside a carved-out path that is gone when the ruleset is made is no
// error; a path that was asked for is.
func TestVanishedSibling(t *testing.T) {
	if landlock.ABI() == 0 {
		t.Fatal("missing: Landlock")
	}
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{"secret", "beside"} {
		os.Mkdir(filepath.Join(root, d), 0o755)
	}
	p := Plan{root: Read, filepath.Join(root, "secret"): 0}
	rules, _, err := p.Rules()
	if err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(root, "beside"))
	r := landlock.Ruleset{FS: landlock.Handled(landlock.ABI()), Paths: rules}
	if fd, err := r.Open(); err != nil {
		t.Errorf("a vanished sibling: %v", err)
	} else {
		os.NewFile(uintptr(fd), "ruleset").Close()
	}
	r.Paths = append(r.Paths, landlock.PathRule{Path: filepath.Join(root, "beside"), Access: landlock.ReadFile})
	if _, err := r.Open(); err == nil {
		t.Error("a vanished path that was asked for is accepted")
	}
}
