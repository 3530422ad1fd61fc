//go:build unix

package program

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Source says who named the place where a library lies.
type Source uint8

// The sources, from the most to the least trusted. The header of a file is a
// stranger's word.
const (
	BySystem Source = iota // the loader's own directories, its cache, ld.so.preload
	ByUser                 // LD_LIBRARY_PATH, LD_PRELOAD, LD_AUDIT
	ByHeader               // DT_RPATH, DT_RUNPATH, names with a slash
)

// A Library is a shared object that the dynamic loader will open.
type Library struct {
	*File
	From Source
}

// Deps is what a program needs to start.
type Deps struct {
	Interpreter *File     // the dynamic loader; nil if static
	Libraries   []Library // one of each that any variant of the loader would choose
	Config      []string  // files that the loader reads to find them
	Missing     []string  // names that were not found
}

// Close closes all descriptors.
func (d *Deps) Close() {
	if d.Interpreter != nil {
		d.Interpreter.Close()
	}
	for _, l := range d.Libraries {
		l.Close()
	}
}

// Surroundings are what a loader looks at beside the files.
type Surroundings struct {
	LibraryPath, Preload, Audit string // LD_LIBRARY_PATH, LD_PRELOAD, LD_AUDIT
	Dir                         string // where the program starts
}

// maxTries bounds how many files a header can have looked for. A desktop's
// programs come to some thousands.
const maxTries = 50000

// Find returns the libraries of the program f, whose image was read by r. What
// cannot be read has none.
func Find(f *File, im *Image, r *Reader, s Surroundings) Deps {
	if !im.Dynamic {
		return Deps{}
	}
	w := walk{program: &im.ELF, around: s, origin: filepath.Dir(f.Real), named: map[string]bool{}, tried: map[string]bool{}, variants: map[string][]string{}}
	if interp, err := Open(InDir(im.Interpreter, s.Dir)); err == nil {
		w.deps.Interpreter = interp
	}
	w.system = systemOf(im.Interpreter, w.deps.Interpreter, im.Machine)
	w.deps.Config = w.system.config
	main := &node{origin: w.origin}
	if d, err := im.Libraries(r); err == nil && d != nil {
		w.describe(main, d)
		w.preloaded(main)
		w.queue(main, d.Needed)
	} else {
		w.preloaded(main)
	}
	w.walk()
	return w.deps
}

// walk looks for all that is wanted, and what that wants.
func (w *walk) walk() {
	for len(w.wanted) > 0 && w.tries <= maxTries {
		next := w.wanted[0]
		w.wanted = w.wanted[1:]
		w.find(next)
	}
}

// InDir makes a path absolute.
func InDir(path, dir string) string {
	if filepath.IsAbs(path) {
		return path
	}
	if abs, err := filepath.Abs(filepath.Join(dir, path)); err == nil && filepath.IsAbs(dir) || dir == "" {
		return abs
	}
	return path
}

// A node is an object on the way from the program to a library.
type node struct {
	origin         string
	rpath, runpath []string // expanded
	parent         *node
}

// A want is a name that an object needs. The loader goes by breadth.
type want struct {
	name string
	by   *node
	from Source // of the name
}

type walk struct {
	deps     Deps
	program  *ELF
	around   Surroundings
	origin   string // of the program
	system   *system
	wanted   []want
	named    map[string]bool
	tried    map[string]bool     // paths
	variants map[string][]string // of a directory
	tries    int
}

func (w *walk) queue(by *node, names []string) {
	for _, name := range names {
		w.wanted = append(w.wanted, want{name, by, ByHeader})
	}
}

// preloaded are loaded before what the program needs.
func (w *walk) preloaded(main *node) {
	separates := func(r rune) bool { return r == ':' || r == ' ' }
	for _, name := range strings.FieldsFunc(w.around.Audit, separates) {
		w.wanted = append(w.wanted, want{name, main, ByUser})
	}
	for _, name := range strings.FieldsFunc(w.around.Preload, separates) {
		w.wanted = append(w.wanted, want{name, main, ByUser})
	}
	for _, name := range w.system.preload {
		w.wanted = append(w.wanted, want{name, main, BySystem})
	}
}

// describe takes the directories that an object names.
func (w *walk) describe(n *node, d *Dynamic) {
	all := func(lists []string) (dirs []string) {
		for _, s := range lists {
			for _, dir := range strings.FieldsFunc(s, func(r rune) bool { return r == ':' }) {
				dirs = append(dirs, expand(dir, n.origin, w.program.Machine)...)
			}
		}
		return dirs
	}
	n.runpath = all(d.RunPath)
	if len(d.RunPath) == 0 {
		n.rpath = all(d.RPath)
	}
}

// A group is paths of which the loader takes one. Directories for processors count
// only on processors of that kind: with certain set, only that path ends the search.
type group struct {
	paths   []string
	from    Source
	certain string
}

func (w *walk) find(n want) {
	if w.named[n.name] {
		return
	}
	for _, g := range w.groups(n) {
		ends := false
		for _, p := range g.paths {
			if w.take(p, g.from, n.by) {
				w.named[n.name] = true
				ends = ends || g.certain == "" || p == g.certain
			}
		}
		if ends {
			return
		}
	}
	if !w.named[n.name] && !slices.Contains(w.deps.Missing, n.name) && (w.deps.Interpreter == nil || filepath.Base(w.deps.Interpreter.Path) != n.name) {
		w.deps.Missing = append(w.deps.Missing, n.name)
	}
}

// groups lists where a name is looked for, in the loader's order.
func (w *walk) groups(n want) (list []group) {
	if strings.Contains(n.name, "/") {
		var paths []string
		for _, p := range expand(n.name, n.by.origin, w.program.Machine) {
			paths = append(paths, InDir(p, w.around.Dir))
		}
		return []group{{paths: paths, from: n.from}}
	}
	in := func(dirs []string, from Source) {
		for _, dir := range dirs {
			paths := w.inDir(InDir(dir, w.around.Dir), n.name)
			list = append(list, group{paths, from, paths[len(paths)-1]})
		}
	}
	var user []string
	for _, dir := range strings.FieldsFunc(w.around.LibraryPath, func(r rune) bool { return r == ':' || r == ';' }) {
		user = append(user, expand(dir, w.origin, w.program.Machine)...)
	}
	if w.system.musl {
		in(user, ByUser)
	}
	for o := n.by; o != nil && n.by.runpath == nil; o = o.parent {
		in(o.rpath, ByHeader)
	}
	if w.system.musl {
		for o := n.by; o != nil; o = o.parent {
			in(o.runpath, ByHeader)
		}
	} else {
		in(user, ByUser)
		in(n.by.runpath, ByHeader)
		list = append(list, group{paths: w.system.cache.lookup(n.name, w.program.Machine), from: BySystem})
	}
	// Which of these a loader has built in, and in what order, differs.
	var rest []string
	for _, dir := range w.system.dirs {
		rest = append(rest, w.inDir(dir, n.name)...)
	}
	list = append(list, group{paths: rest, from: BySystem})
	if w.system.beside != "" {
		in([]string{w.system.beside}, ByHeader)
	}
	return list
}

// inDir are the variants of a name in a directory: the loader takes the one that
// fits the processor best.
func (w *walk) inDir(dir, name string) []string {
	subs, ok := w.variants[dir]
	if !ok {
		w.tries += 8
		subs = variantsIn(dir, w.program.Machine)
		w.variants[dir] = subs
	}
	list := make([]string, 0, len(subs)+1)
	for _, sub := range subs {
		list = append(list, sub+"/"+name)
	}
	return append(list, filepath.Join(dir, name))
}

// take adds the object if it is one for this program.
func (w *walk) take(path string, from Source, by *node) bool {
	if w.tries++; w.tries > maxTries {
		return false
	}
	if taken, ok := w.tried[path]; ok {
		return taken
	}
	w.tried[path] = false
	f, err := Open(path)
	if err != nil {
		return false
	}
	if taken, ok := w.tried[f.Real]; ok && f.Real != path {
		w.tried[path] = taken
		f.Close()
		return taken
	}
	d := f.Library(w.program)
	w.tried[path], w.tried[f.Real] = d != nil, d != nil
	if d == nil {
		f.Close()
		return false
	}
	w.deps.Libraries = append(w.deps.Libraries, Library{f, from})
	n := &node{origin: filepath.Dir(f.Real), parent: by}
	w.describe(n, d)
	w.queue(n, d.Needed)
	return true
}

// Library reads the file as a shared object for a program, of any kind if that is
// nil. It returns nil if no loader would take it: a core dump, a program that is
// none of a library's type, an object for another processor.
func (f *File) Library(program *ELF) *Dynamic {
	r, err := f.Reader()
	if err != nil {
		return nil
	}
	defer r.Close()
	e, d, err := ReadLibrary(r)
	if err != nil || program != nil && !e.SameKind(program) {
		return nil
	}
	return d
}

// Directories returns where the header of a program has libraries looked for,
// and the files that it names by path: absolute, $ORIGIN and the like replaced.
func Directories(f *File, im *Image, r *Reader, dir string) (list []string) {
	d, err := im.Libraries(r)
	if err != nil || d == nil {
		return nil
	}
	origin := filepath.Dir(f.Real)
	add := func(s string) {
		for _, p := range expand(s, origin, im.Machine) {
			if p = filepath.Clean(InDir(p, dir)); filepath.IsAbs(p) && !slices.Contains(list, p) {
				list = append(list, p)
			}
		}
	}
	for _, s := range append(slices.Clone(d.RPath), d.RunPath...) {
		for _, p := range strings.FieldsFunc(s, func(r rune) bool { return r == ':' }) {
			add(p)
		}
	}
	for _, name := range d.Needed {
		if strings.Contains(name, "/") {
			add(name)
		}
	}
	return list
}

// Interpreter is what the kernel starts to run a file: a script's interpreter,
// or the dynamic loader; "" if it is neither, or cannot be read.
func Interpreter(path string) string {
	f, err := Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	r, err := f.Reader()
	if err != nil {
		return ""
	}
	defer r.Close()
	if s, ok := ParseScript(r.Head()); ok {
		return s.Interpreter
	}
	if im, err := ReadImage(r); err == nil {
		return im.Interpreter
	}
	return ""
}

func isDir(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}
