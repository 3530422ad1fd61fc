package learn

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// did is a call with one path.
func did(l *Learner, name string, perms unveil.Perms, path string, missing bool, words ...promises.Set) {
	l.Call(&launcher.Observed{Name: name, Alternatives: words, Uses: []launcher.Use{{Given: path, Real: path, Perms: perms, Missing: missing}},
		Text: func() string { return name + "(" + path + ")" }, Program: func() string { return "prog" }})
}

const (
	r = unveil.Read
	w = unveil.Write
	c = unveil.Create
	x = unveil.Exec
)

var (
	rpath = promises.Rpath.Set()
	write = promises.Wpath.Set() | promises.Cpath.Set()
)

// TestPaths: what is done with paths, and what is shown of them.
func TestPaths(t *testing.T) {
	t.Chdir("/") // no working directory that has to be reached
	t.Setenv("HOME", "/home/u")
	for name, test := range map[string]struct {
		do   func(l *Learner)
		o    Options
		want string
	}{
		"one file":          {func(l *Learner) { did(l, "openat", r, "/srv/a", false, rpath) }, Options{}, "r:/srv/a"},
		"the system's":      {func(l *Learner) { read(l, "/usr/lib/a/b.so", "/usr/share/x/y", "/usr/lib/c") }, Options{}, "r:/usr/lib r:/usr/share"},
		"many of a kind":    {func(l *Learner) { read(l, numbered("/srv/data/%d", 10)...) }, Options{}, "r:/srv/data"},
		"few of a kind":     {func(l *Learner) { read(l, numbered("/srv/data/%d", 3)...) }, Options{}, "r:/srv/data/0 r:/srv/data/1 r:/srv/data/2"},
		"not all of /etc":   {func(l *Learner) { read(l, numbered("/etc/%d.conf", 10)...) }, Options{}, words10("r:/etc/%d.conf")},
		"a home":            {func(l *Learner) { read(l, numbered("/home/u/src/%d", 10)...) }, Options{}, words10("r:/home/u/src/%d")},
		"a home, on demand": {func(l *Learner) { read(l, numbered("/home/u/src/%d", 10)...) }, Options{Widen: true}, "r:/home/u/src"},
		"the home itself":   {func(l *Learner) { read(l, numbered("/home/u/%d", 10)...) }, Options{Widen: true}, words10("r:/home/u/%d")},
		"keys":              {func(l *Learner) { read(l, numbered("/home/u/.ssh/%d", 10)...) }, Options{Widen: true}, words10("r:/home/u/.ssh/%d")},
		"another's home":    {func(l *Learner) { read(l, numbered("/home/v/%d", 10)...) }, Options{Widen: true}, words10("r:/home/v/%d")},
		"names by content": {func(l *Learner) {
			read(l, "/srv/r/objects/44/b3b90ee088ea927fb5a773cf934d77c1946979", "/srv/r/objects/pack/pack-62971c2ee86e2bb800ad.idx")
		}, Options{}, "r:/srv/r/objects"},
		"names by content in a home": {func(l *Learner) { read(l, "/home/u/r/objects/44/b3b90ee088ea927fb5a773cf934d77c1946979") }, Options{},
			"r:/home/u/r/objects/44/b3b90ee088ea927fb5a773cf934d77c1946979"},
		"a process":         {func(l *Learner) { read(l, "/proc/4711/stat", "/proc/self/maps") }, Options{}, "r:/proc"},
		"writing a process": {func(l *Learner) { did(l, "openat", r|w, "/proc/4711/coredump_filter", false, write|rpath) }, Options{}, "r:/proc"},
		"writing a switch":  {func(l *Learner) { read(l, "/srv/a"); did(l, "openat", w, "/proc/sys/vm/x", false, write) }, Options{}, "r:/srv/a"},
		"a terminal":        {func(l *Learner) { did(l, "openat", r|w, "/dev/pts/7", false, write|rpath) }, Options{}, "rw:/dev/pts"},
		"what was made": {func(l *Learner) {
			did(l, "mkdir", c, "/srv/new", false, promises.Cpath.Set())
			did(l, "openat", w|c, "/srv/new/deep", true, write)
			did(l, "openat", r, "/srv/new/deep", false, rpath)
		}, Options{}, "rwc:/srv"},
		"a temporary file": {func(l *Learner) {
			did(l, "openat", r|w|c, "/tmp/xAbCdEf", true, write|rpath)
			did(l, "unlink", c, "/tmp/xAbCdEf", false, promises.Cpath.Set())
		}, Options{}, "rwc:/tmp"},
		"what is not there": {func(l *Learner) {
			did(l, "openat", r, "/srv/a", false, rpath)
			did(l, "openat", r, "/srv/none", true, rpath)
		}, Options{}, "r:/srv/a"},
		"more below less": {func(l *Learner) {
			read(l, numbered("/srv/d/%d", 10)...)
			did(l, "openat", w, "/srv/d/log", false, promises.Wpath.Set())
		}, Options{}, "r:/srv/d rw:/srv/d/log"},
		"at most": {func(l *Learner) {
			for i := range 10 {
				read(l, fmt.Sprintf("/srv/%d/a", i), fmt.Sprintf("/srv/%d/b", i))
			}
		}, Options{MaxUnveils: 10}, words10("r:/srv/%d")},
		"whitelisted":                   {func(l *Learner) { read(l, "/srv/a"); did(l, "openat", r|w, "/dev/null", false, promises.Stdio.Set()) }, Options{}, "r:/srv/a"},
		"without rpath nothing is read": {func(l *Learner) { did(l, "openat", r, "/etc/passwd", false, rpath, promises.Getpw.Set()) }, Options{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := New([]string{"prog"})
			test.do(l)
			result := l.Result(test.o)
			var got []string
			for _, u := range result.Unveils {
				got = append(got, u.String())
			}
			if s := strings.Join(got, " "); s != test.want {
				t.Errorf("%s\nwant %s", s, test.want)
			}
		})
	}
}

func read(l *Learner, paths ...string) {
	for _, p := range paths {
		did(l, "openat", r, p, false, rpath)
	}
}

func numbered(format string, n int) (list []string) {
	for i := range n {
		list = append(list, fmt.Sprintf(format, i))
	}
	return list
}

func words10(format string) string { return strings.Join(numbered(format, 10), " ") }

// TestWords: of the sets that admit all calls the one with the fewest words, and
// every word of it is needed.
func TestWords(t *testing.T) {
	pool := []promises.Set{1 << promises.Rpath, 1 << promises.Wpath, 1 << promises.Inet, 1 << promises.DNS, 1 << promises.Getpw, 1 << promises.Unix, 1<<promises.Rpath | 1<<promises.Wpath}
	rapid.Check(t, func(r *rapid.T) {
		var list []*kind
		for i := range rapid.IntRange(0, 6).Draw(r, "kinds") {
			alternatives := rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 1, 3, rapid.ID[promises.Set]).Draw(r, "alternatives")
			list = append(list, &kind{name: fmt.Sprint(i), alternatives: rules.Narrowest(alternatives)})
		}
		got := words(list)
		admits := func(set promises.Set) bool {
			return !slices.ContainsFunc(list, func(k *kind) bool { return !admitted(k.alternatives, set) })
		}
		if !admits(got) {
			r.Fatalf("%q does not admit all", got)
		}
		all := promises.Set(1)<<promises.Rpath | 1<<promises.Wpath | 1<<promises.Inet | 1<<promises.DNS | 1<<promises.Getpw | 1<<promises.Unix
		for s := promises.Set(0); ; s = (s - all) & all { // every subset
			if set := s | promises.Stdio.Set(); admits(set) && weight(set) < weight(got) {
				r.Fatalf("%q, though %q admits all", got, set)
			}
			if s == all {
				break
			}
		}
		for _, p := range (got &^ promises.Stdio.Set()).Promises() {
			if admits(got &^ p.Set()) {
				r.Fatalf("%q without %s admits all", got, p)
			}
		}
	})
}

// TestMerge: two runs in one profile, whichever came first.
func TestMerge(t *testing.T) {
	l := New([]string{"prog", "two"})
	read(l, "/srv/two")
	result := l.Result(Options{Dir: os.TempDir()})
	err := result.Merge(&Earlier{Text: "# learned 2025-01-01 from: prog one (3 calls)\n", Promises: "stdio wpath", Unveil: []string{"w:/srv/one", "rw:/srv"}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := result.TOML()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# learned 2025-01-01 from: prog one (3 calls)\n# learned ", "promises = 'stdio rpath wpath'", "'rw:/srv'"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(string(text), "'r:/srv/two'") {
		t.Errorf("a path below one that allows as much:\n%s", text)
	}
	if err := result.Merge(&Earlier{Promises: "nosuch"}); err == nil {
		t.Error("an unknown promise was merged")
	}
}

// TestBounded: ten million calls, each with a path of its own, are remembered in
// a bounded space.
func TestBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	l := New([]string{"prog"})
	o := &launcher.Observed{Name: "openat", Alternatives: []promises.Set{rpath}, Uses: []launcher.Use{{Perms: r}},
		Text: func() string { return "openat" }, Program: func() string { return "prog" }}
	const calls = 10_000_000
	for i := range calls {
		path := "/srv/" + strconv.Itoa(i/100) + "/" + strconv.Itoa(i)
		o.Uses[0].Given, o.Uses[0].Real = path, path
		l.Call(o)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	const most = 64 << 20
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > most {
		t.Errorf("%d MiB for %d calls", grown>>20, calls)
	}
	result := l.Result(Options{Dir: "/"})
	if result.Calls != calls || len(result.Notes) == 0 {
		t.Errorf("%d calls, notes %q", result.Calls, result.Notes)
	}
}

// TestCeiling: whatever a run did, the result shows no path more than the ceiling.
func TestCeiling(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, d := range []string{"a/ab", "a/cd", "b"} {
		if err := os.MkdirAll(filepath.Join(root, d), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, f := range []string{"0123456789abcdef0123", "1", "2", "3", "4", "5", "6", "7"} {
			path := filepath.Join(root, d, f)
			if err := os.WriteFile(path, nil, 0o644); err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
		}
		paths = append(paths, filepath.Join(root, d), filepath.Dir(filepath.Join(root, d)))
	}
	all := []promises.Set{rpath | write | promises.Exec.Set()}
	rapid.Check(t, func(q *rapid.T) {
		ceiling := &unveil.Plan{}
		for range rapid.IntRange(1, 4).Draw(q, "ceiling") {
			if err := ceiling.Add(rapid.SampledFrom(paths).Draw(q, "shown"), unveil.Perms(rapid.IntRange(0, 15).Draw(q, "perms"))); err != nil {
				q.Fatal(err)
			}
		}
		l := New([]string{"prog"})
		for range rapid.IntRange(1, 40).Draw(q, "calls") {
			did(l, "openat", unveil.Perms(rapid.IntRange(1, 15).Draw(q, "use")), rapid.SampledFrom(paths).Draw(q, "path"), false, all...)
		}
		result := l.Result(Options{Ceiling: ceiling, Dir: "/"})
		learned := &unveil.Plan{}
		for _, u := range result.Unveils {
			if err := learned.Add(u.Path, u.Perms); err != nil {
				q.Fatal(err)
			}
		}
		for _, path := range paths {
			has, _ := ceiling.Lookup(path)
			if gets, _ := learned.Lookup(path); gets&^has != 0 {
				q.Fatalf("%s: %q beyond the ceiling's %q: %v", path, gets, has, result.Unveils)
			}
		}
	})
}

// TestNoLinks: a path that is a link when the run is over is not in the result.
func TestNoLinks(t *testing.T) {
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc", filepath.Join(root, "d")); err != nil {
		t.Fatal(err)
	}
	l := New([]string{"prog"})
	read(l, filepath.Join(root, "d/passwd"), filepath.Join(root, "none"))
	result := l.Result(Options{Dir: "/"})
	if len(result.Unveils) != 1 || result.Unveils[0].Path != filepath.Join(root, "none") || len(result.Notes) != 1 {
		t.Errorf("%v, %q", result.Unveils, result.Notes)
	}
}

// TestBoundedBytes: so are the longest paths, and the longest texts, by both who
// remember.
func TestBoundedBytes(t *testing.T) {
	long := strings.Repeat("/"+strings.Repeat("a", 199), 19)
	text := strings.Repeat("x", 16<<10)
	l, trial := New([]string{"prog"}), &Trial{Set: rpath, Unveil: &unveil.Plan{}}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const calls = 30_000
	for i := range calls {
		path := long + strconv.Itoa(i) + "/" + strconv.Itoa(i)
		o := &launcher.Observed{Name: "openat", Alternatives: []promises.Set{rpath}, Uses: []launcher.Use{{Given: path, Real: path, Perms: r | c, Missing: i%2 == 0}},
			Text: func() string { return strings.Clone(text) }, Program: func() string { return "prog" }}
		l.Call(o)
		trial.Call(o)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	const most = 48 << 20
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > most {
		t.Errorf("%d MiB for %d calls", grown>>20, calls)
	}
	if result := l.Result(Options{Dir: "/"}); len(result.Notes) < 2 {
		t.Errorf("notes %q", result.Notes)
	}
	if _, paths, refused, _, _ := trial.Missing(); refused != calls || len(paths)+trial.More() != calls {
		t.Errorf("%d refused, %d paths and %d more", refused, len(paths), trial.More())
	}
	runtime.KeepAlive(l)
}
