// Package elfdeps finds the files that the dynamic loader will open for a
// program, by reading ELF files and the loader's configuration. It never runs
// ldd or the program.
package elfdeps

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/pledge-linux/pledge/internal/sys"
)

// Deps is what a program needs to start.
type Deps struct {
	Interpreter string   // the dynamic loader, links resolved; "" if static
	Libraries   []string // shared objects, links resolved
	Config      []string // files that the loader reads to find them
	Missing     []string // names that were not found
}

// Of returns the dependencies of the ELF file at path under the given values
// of LD_LIBRARY_PATH and LD_PRELOAD. Files that cannot be read have none.
func Of(path, libraryPath, preload string) Deps {
	w := walk{libraryPath: split(libraryPath), seen: map[string]bool{}, tried: map[string]bool{}}
	o, err := open(path)
	if err != nil || o.interpreter == "" {
		return Deps{}
	}
	interp := o.interpreter
	if real, err := sys.RealPath(interp); err == nil {
		interp = real
	}
	w.deps.Interpreter = interp
	w.program = o
	w.loader(interp)
	w.need(o, path, nil)
	for _, name := range strings.FieldsFunc(preload, func(r rune) bool { return r == ':' || r == ' ' }) {
		w.find(name, path, nil, nil)
	}
	return w.deps
}

// RunPaths returns the directories that the program itself names (DT_RPATH,
// DT_RUNPATH), $ORIGIN expanded.
func RunPaths(path string) []string {
	o, err := open(path)
	if err != nil {
		return nil
	}
	rpath, runpath := o.runPaths(path)
	return append(rpath, runpath...)
}

type walk struct {
	deps        Deps
	libraryPath []string
	cache       *cache
	dirs        []string
	program     *object
	seen        map[string]bool // names
	tried       map[string]bool // paths, and whether they were taken
}

// loader works out how the interpreter searches: musl by a path file, glibc by
// a cache.
func (w *walk) loader(interp string) {
	if name := filepath.Base(interp); strings.HasPrefix(name, "ld-musl-") || strings.Contains(interp, "musl") {
		arch := strings.TrimSuffix(strings.TrimPrefix(name, "ld-musl-"), ".so.1")
		file := "/etc/ld-musl-" + arch + ".path"
		w.dirs = []string{"/lib", "/usr/local/lib", "/usr/lib"}
		if b, err := os.ReadFile(file); err == nil {
			w.deps.Config = append(w.deps.Config, file)
			w.dirs = strings.FieldsFunc(string(b), func(r rune) bool { return r == ':' || r == '\n' })
		}
		return
	}
	const file = "/etc/ld.so.cache"
	if c, err := readCache(file); err == nil {
		w.cache = c
		w.deps.Config = append(w.deps.Config, file)
	}
	if _, err := os.Stat("/etc/ld.so.preload"); err == nil {
		w.deps.Config = append(w.deps.Config, "/etc/ld.so.preload")
	}
	w.dirs = []string{"/lib64", "/usr/lib64", "/lib", "/usr/lib"}
}

// need finds the DT_NEEDED of o, and theirs. inherited are the DT_RPATH of the
// objects that led here.
func (w *walk) need(o *object, path string, inherited []string) {
	rpath, runpath := o.runPaths(path)
	if runpath != nil {
		rpath = nil
	}
	rpath = append(rpath, inherited...)
	for _, name := range o.needed {
		w.find(name, path, rpath, runpath)
	}
}

func (w *walk) find(name, from string, rpath, runpath []string) {
	if w.seen[name] {
		return
	}
	w.seen[name] = true
	found := false
	// The loader takes what it finds in the first of these that has it.
	for _, candidates := range w.candidates(name, from, rpath, runpath) {
		for _, c := range candidates {
			if w.take(c, rpath) {
				found = true
			}
		}
		if found {
			break
		}
	}
	if !found && !strings.HasPrefix(name, "linux-") && filepath.Base(w.deps.Interpreter) != name {
		w.deps.Missing = append(w.deps.Missing, name)
	}
}

// candidates lists where a name is looked for, in the loader's order. Of several
// variants that the cache names (by processor capability) the loader chooses.
func (w *walk) candidates(name, from string, rpath, runpath []string) [][]string {
	if strings.Contains(name, "/") {
		return [][]string{{expand(name, from)}}
	}
	var list [][]string
	for _, dirs := range [][]string{rpath, w.libraryPath, runpath} {
		list = append(list, within(dirs, name)...)
	}
	if w.cache != nil {
		list = append(list, w.cache.lookup(name, w.program.machine))
	}
	return append(list, within(w.dirs, name)...)
}

// within lists the name in each directory.
func within(dirs []string, name string) [][]string {
	var list [][]string
	for _, d := range dirs {
		list = append(list, []string{filepath.Join(d, name)})
	}
	return list
}

// take adds the object if it is one for this program.
func (w *walk) take(path string, rpath []string) bool {
	if taken, ok := w.tried[path]; ok {
		return taken
	}
	w.tried[path] = false
	real, err := sys.RealPath(path)
	if err != nil {
		return false
	}
	if taken, ok := w.tried[real]; ok && real != path {
		w.tried[path] = taken
		return taken
	}
	o, err := open(real)
	taken := err == nil && o.wide == w.program.wide && o.machine == w.program.machine
	w.tried[path], w.tried[real] = taken, taken
	if !taken {
		return false
	}
	w.deps.Libraries = append(w.deps.Libraries, real)
	w.need(o, real, rpath)
	return true
}

// runPaths returns the directories of DT_RPATH and DT_RUNPATH of the object at
// path.
func (o *object) runPaths(path string) (rpath, runpath []string) {
	list := func(lists []string) []string {
		var dirs []string
		for _, s := range lists {
			for _, d := range split(s) {
				dirs = append(dirs, expand(d, path))
			}
		}
		return dirs
	}
	return list(o.rpath), list(o.runpath)
}

// expand replaces $ORIGIN, $LIB and $PLATFORM as ld.so does.
func expand(s, path string) string {
	if !strings.Contains(s, "$") {
		return s
	}
	origin := filepath.Dir(path)
	if real, err := sys.RealPath(path); err == nil {
		origin = filepath.Dir(real)
	}
	return strings.NewReplacer("${ORIGIN}", origin, "$ORIGIN", origin, "${LIB}", "lib64", "$LIB", "lib64",
		"${PLATFORM}", "x86_64", "$PLATFORM", "x86_64").Replace(s)
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ':' || r == ';' })
}
