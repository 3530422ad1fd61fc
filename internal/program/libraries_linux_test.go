package program

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// found are the real paths of what a program will load.
func found(t testing.TB, path string, s Surroundings) (list []string, interp string) {
	t.Helper()
	f, err := Open(path)
	if err != nil {
		return nil, ""
	}
	defer f.Close()
	r, err := f.Reader()
	if err != nil {
		return nil, ""
	}
	defer r.Close()
	im, err := ReadImage(r)
	if err != nil || !im.Dynamic {
		return nil, ""
	}
	d := Find(f, im, r, s)
	defer d.Close()
	for _, l := range d.Libraries {
		list = append(list, l.Real)
	}
	return list, im.Interpreter
}

// listed are the real paths that the loader itself says it opens.
func listed(t testing.TB, interp, path, dir string, env ...string) (list []string, missing bool) {
	cmd := exec.Command(interp, path)
	cmd.Env = append([]string{"LD_TRACE_LOADED_OBJECTS=1"}, env...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil, true
	}
	for line := range strings.Lines(string(out)) {
		_, right, ok := strings.Cut(line, "=> ")
		if !ok {
			right = strings.TrimSpace(line) // a name with a slash
		}
		p, _, ok := strings.Cut(right, " (")
		if !ok {
			missing = missing || strings.Contains(line, "not found")
			continue
		}
		if !filepath.IsAbs(p) {
			p = filepath.Join(dir, p)
		}
		if real, err := filepath.EvalSymlinks(p); err == nil {
			list = append(list, real)
		}
	}
	return list, missing
}

// For every ELF program of the system, what is found holds what the loader
// itself lists.
func TestAgreesWithTheLoader(t *testing.T) {
	checked := 0
	for _, pattern := range []string{"/usr/bin/*", "/usr/sbin/*", "/usr/libexec/*", "/usr/lib/git-core/*", "/usr/lib/gcc/*/*/*"} {
		programs, _ := filepath.Glob(pattern)
		for _, p := range programs {
			got, interp := found(t, p, Surroundings{Dir: "/"})
			if interp == "" {
				continue
			}
			want, _ := listed(t, interp, p, "/")
			if len(want) == 0 {
				continue
			}
			checked++
			for _, lib := range want {
				if real, _ := filepath.EvalSymlinks(interp); lib != real && !slices.Contains(got, lib) {
					t.Errorf("%s: the loader takes %s, which is not among %v", p, lib, got)
				}
			}
		}
	}
	if checked < 10 {
		testbed.Skip(t, "programs with a dynamic loader")
	}
	t.Logf("%d programs", checked)
}

// In random arrangements of libraries (DT_RPATH, DT_RUNPATH, LD_LIBRARY_PATH,
// LD_PRELOAD, $ORIGIN, names with a slash, directories for processors) what is
// found is what the loader lists.
func TestArrangementsAgreeWithTheLoader(t *testing.T) {
	testbed.Need(t, "gcc")
	rng := rand.New(rand.NewPCG(5, 6))
	full := 0
	for n := range 24 {
		dir := testbed.Dir(t, os.Getuid())
		a := arrangement{t: t, rng: rng, dir: dir}
		env, s := a.build()
		got, interp := found(t, dir+"/bin/main", s)
		want, missing := listed(t, interp, dir+"/bin/main", dir, env...)
		if !missing && len(want) > 3 {
			full++
		}
		for _, lib := range want {
			if strings.HasPrefix(lib, dir) && !slices.Contains(got, lib) {
				t.Errorf("arrangement %d: the loader takes %s, found: %v\n%s", n, lib, got, a.says)
			}
		}
	}
	if full < 4 {
		t.Errorf("only %d arrangements were complete", full)
	}
}

type arrangement struct {
	t    *testing.T
	rng  *rand.Rand
	dir  string
	says string
}

// build makes bin/main, which needs liba and libb, which may need libc1 and
// libd1; each lies in one or two of the directories.
func (a *arrangement) build() (env []string, s Surroundings) {
	dirs := []string{"bin", "lib", "opt", "lib/glibc-hwcaps/x86-64-v2", "opt/tls/x86_64", "opt/haswell", "user"}
	for _, d := range dirs {
		os.MkdirAll(filepath.Join(a.dir, d), 0o755)
	}
	libs := []string{"a", "b", "c1", "d1"}
	for i := len(libs) - 1; i >= 0; i-- {
		var needs []string
		for _, other := range libs[i+1:] {
			if a.rng.IntN(2) == 0 {
				needs = append(needs, other)
			}
		}
		first := dirs[a.rng.IntN(len(dirs))]
		a.link(filepath.Join(a.dir, first, "lib"+libs[i]+".so"), needs, "-shared", "-fPIC", "-Wl,-soname,lib"+libs[i]+".so")
		os.Symlink(filepath.Join(a.dir, first, "lib"+libs[i]+".so"), filepath.Join(a.dir, "lib"+libs[i]+".so")) // for linking
		if a.rng.IntN(2) == 0 {
			a.link(filepath.Join(a.dir, dirs[a.rng.IntN(len(dirs))], "lib"+libs[i]+".so"), needs, "-shared", "-fPIC", "-Wl,-soname,lib"+libs[i]+".so")
		}
	}
	a.link(filepath.Join(a.dir, "bin/main"), []string{"a", "b"})
	s.Dir = a.dir
	if a.rng.IntN(2) == 0 {
		s.LibraryPath = a.dir + "/user:" + []string{"lib", "$ORIGIN/../opt"}[a.rng.IntN(2)]
		env = append(env, "LD_LIBRARY_PATH="+s.LibraryPath)
	}
	if a.rng.IntN(3) == 0 {
		s.Preload = "libd1.so"
		env = append(env, "LD_PRELOAD="+s.Preload)
	}
	a.says += fmt.Sprint(env)
	return env, s
}

func (a *arrangement) link(out string, needs []string, flags ...string) {
	src := filepath.Join(a.dir, "x.c")
	os.WriteFile(src, []byte("int x;int main(){return 0;}\n"), 0o644)
	argv := append([]string{"-o", out, src, "-Wl,--no-as-needed", "-Wl,--unresolved-symbols=ignore-all", "-L" + a.dir}, flags...)
	if a.rng.IntN(3) > 0 {
		path := []string{"$ORIGIN/../lib:$ORIGIN", a.dir + "/opt", a.dir + "/lib:" + a.dir + "/opt", "$ORIGIN/../opt:lib"}[a.rng.IntN(4)]
		argv = append(argv, "-Wl,-rpath,"+path, []string{"-Wl,--enable-new-dtags", "-Wl,--disable-new-dtags"}[a.rng.IntN(2)])
	}
	for _, n := range needs {
		argv = append(argv, "-l"+n)
	}
	a.says += strings.Join(argv[3:], " ") + " -> " + out + "\n"
	if msg, err := exec.Command("gcc", argv...).CombinedOutput(); err != nil {
		a.t.Fatalf("gcc %v: %v\n%s", argv, err, msg)
	}
}

// A library that is needed by a path is found, and a table of names of any size
// is read.
func TestSlashAndBigStringTable(t *testing.T) {
	testbed.Need(t, "gcc")
	dir := testbed.Dir(t, os.Getuid())
	write := func(name, text string) string {
		testbed.Write(t, os.Getuid(), filepath.Join(dir, name), text, 0o644)
		return filepath.Join(dir, name)
	}
	gcc := func(argv ...string) {
		cmd := exec.Command("gcc", argv...)
		cmd.Dir = dir
		if msg, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", argv, err, msg)
		}
	}
	gcc("-shared", "-fPIC", "-o", "libslash.so", write("l.c", "int answer(void){return 42;}\n"))
	// Each name has a megabyte.
	asm := ".data\n"
	for i := range 20 {
		name := fmt.Sprintf("n%d%s", i, strings.Repeat("y", 1<<20))
		asm += ".globl " + name + "\n" + name + ": .long 1\n"
	}
	gcc("-rdynamic", "-o", "main", write("m.c", "int answer(void);int main(){return answer();}\n"), write("big.s", asm), "./libslash.so")
	got, interp := found(t, dir+"/main", Surroundings{Dir: dir})
	if interp == "" || !slices.Contains(got, dir+"/libslash.so") {
		t.Errorf("found %v, interpreter %q", got, interp)
	}
	if want, _ := listed(t, interp, dir+"/main", dir); !slices.Contains(want, dir+"/libslash.so") {
		t.Errorf("the loader lists %v: the test proves nothing", want)
	}
}

// Without a cache the loader's own directories are looked into.
func TestWithoutACache(t *testing.T) {
	f, err := Open("/bin/sh")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := f.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	im, err := ReadImage(r)
	if err != nil || !im.Dynamic {
		testbed.Skip(t, "a dynamic /bin/sh")
	}
	w := walk{program: &im.ELF, named: map[string]bool{}, tried: map[string]bool{}, variants: map[string][]string{}, system: &system{dirs: systemDirs(im.Machine)}}
	w.find(want{"libc.so.6", &node{}, ByHeader})
	defer w.deps.Close()
	if len(w.deps.Libraries) == 0 {
		t.Error("libc.so.6 is not found without /etc/ld.so.cache")
	}
}

// A header cannot have the launcher look for files for ever.
func TestTriesAreBounded(t *testing.T) {
	w := walk{program: &ELF{}, named: map[string]bool{}, tried: map[string]bool{}, variants: map[string][]string{}, system: &system{}}
	n := &node{}
	for i := range 2000 {
		n.rpath = append(n.rpath, fmt.Sprintf("/nowhere/%d", i))
	}
	names := []string{"again", "again", "again"}
	for i := range 60000 {
		names = append(names, fmt.Sprintf("lib%d.so", i))
	}
	w.queue(n, names)
	w.walk()
	if w.tries <= maxTries || len(w.tried) > maxTries+1 || len(w.wanted) < 50000 {
		t.Errorf("%d files were looked for, %d names are left", len(w.tried), len(w.wanted))
	}
}

// What lies beside an interpreter is there by the header's word.
func TestBesideAnInterpreter(t *testing.T) {
	testbed.Need(t, "gcc")
	dir := testbed.Dir(t, os.Getuid())
	src := filepath.Join(dir, "x.c")
	testbed.Write(t, os.Getuid(), src, "int x; int main(){return 0;}\n", 0o644)
	testbed.Write(t, os.Getuid(), filepath.Join(dir, "secrets/ld.so"), "not even an ELF file", 0o755)
	for _, argv := range [][]string{
		{"-shared", "-fPIC", "-Wl,-soname,libkeys.so", "-o", dir + "/secrets/libkeys.so", src},
		{"-Wl,--no-as-needed", "-o", dir + "/main", src, "-L" + dir + "/secrets", "-lkeys", "-Wl,--dynamic-linker=" + dir + "/secrets/ld.so"},
	} {
		if msg, err := exec.Command("gcc", argv...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, msg)
		}
	}
	f, err := Open(dir + "/main")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := f.Reader()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	im, err := ReadImage(r)
	if err != nil {
		t.Fatal(err)
	}
	d := Find(f, im, r, Surroundings{Dir: "/"})
	defer d.Close()
	for _, l := range d.Libraries {
		if strings.HasPrefix(l.Real, dir) && l.From != ByHeader {
			t.Errorf("%s is believed (%d)", l.Real, l.From)
		}
	}
}

func FuzzCache(f *testing.F) {
	f.Add([]byte(cacheMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &cache{data: data}
		if len(data) > cacheHeader {
			c.entries = data[cacheHeader:]
		}
		c.lookup("libc.so.6", MachineAMD64)
		c.names("/lib/libc.so.6")
	})
}
