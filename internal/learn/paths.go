//go:build unix

package learn

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// whole are directories that come with the system: what is read in them is
// unveiled as the directory.
var whole = []string{
	"/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/share", "/usr/include", "/usr/local/lib", "/usr/local/share", "/usr/local/go",
	"/lib", "/lib64", "/etc/ssl", "/etc/alternatives", "/etc/fonts", "/etc/ld.so.conf.d", "/sys/devices", "/sys/fs/cgroup", "/sys/kernel/mm",
	"/nix/store", "/gnu/store",
}

// kept are directories that are never unveiled as a whole because of some files
// in them.
var kept = []string{"/", "/bin", "/boot", "/dev", "/etc", "/home", "/media", "/mnt", "/opt", "/proc", "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/usr/local", "/var", "/var/lib", "/var/log", "/var/tmp"}

const (
	defaultMax = 16
	// many files of a directory with the same permissions become the directory.
	many = 6
)

// table is paths that are being made short.
type table struct {
	entries map[string]*Unveil
	home    string
	widen   bool
	ceiling *unveil.Plan // that nothing may be shown beyond; nil for none
	stores  []string     // that may not be shown, with files named by their contents
	// procWrites are files of /proc that were opened for writing.
	procWrites []string
}

// unveils makes the list of paths for the promises of the result.
func (l *Learner) unveils(o Options, r *Result) []Unveil {
	t := &table{entries: map[string]*Unveil{}, widen: o.Widen, ceiling: o.Ceiling}
	t.home, _ = os.UserHomeDir()
	for path, p := range l.paths {
		l.place(t, path, p, r.Promises)
	}
	t.interpreters()
	t.settle()
	if r.Promises.Has(promises.Rpath) && len(t.entries) > 0 && !t.reaches(workingDirectory(o.Dir)) {
		for path := range l.looks {
			t.add(process(path), unveil.Read, false, Evidence{0, "looked at, by a relative path", ""})
		}
		t.settle()
	}
	limit := o.MaxUnveils
	if limit == 0 {
		limit = defaultMax
	}
	t.gather(many)
	for n := many - 1; len(t.entries) > limit && n > 1; n-- {
		t.gather(n)
	}
	if len(t.entries) > limit {
		r.Notes = append(r.Notes, fmt.Sprintf("%d paths, not %d: fewer would show directories that hold more than the program used; --widen lets those of homes be shown", len(t.entries), limit))
	}
	if len(t.stores) > 0 {
		sort.Strings(t.stores)
		r.Notes = append(r.Notes, fmt.Sprintf("files in %s have names that the next run will not ask for; --widen shows such directories of homes", t.stores[0]))
	}
	if len(t.procWrites) > 0 {
		sort.Strings(t.procWrites)
		r.Notes = append(r.Notes, fmt.Sprintf("%s was opened for writing, which is never unveiled in /proc: the program is refused that", quote.Word(t.procWrites[0])))
	}
	r.Notes = append(r.Notes, t.bound()...)
	return t.list()
}

func workingDirectory(dir string) string {
	if dir == "" {
		dir = "."
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "/"
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		return real
	}
	return abs
}

// reaches tells whether an entry is at, above or below a directory: without one
// the program is not started in it.
func (t *table) reaches(dir string) bool {
	for path := range t.entries {
		if path == dir || path == "/" || strings.HasPrefix(path, strings.TrimSuffix(dir, "/")+"/") || strings.HasPrefix(dir, path+"/") {
			return true
		}
	}
	return false
}

// granting are the permissions that promises make use of.
func granting(set promises.Set) (p unveil.Perms) {
	for _, g := range []struct {
		word promises.Promise
		perm unveil.Perms
	}{{promises.Rpath, unveil.Read}, {promises.Wpath, unveil.Write}, {promises.Cpath, unveil.Create}, {promises.Dpath, unveil.Create}, {promises.Exec, unveil.Exec}} {
		if set.Has(g.word) {
			p |= g.perm
		}
	}
	return p
}

// place enters a path: what the run made itself, and names that it made or
// removed, as the directory that was there.
func (l *Learner) place(t *table, path string, p *place, set promises.Set) {
	perms := p.perms & granting(set)
	if set.Has(promises.Unix) {
		perms |= p.socket
	}
	if perms == 0 || rules.Find(rules.Files, set, path) != nil || strings.HasPrefix(path, "pipe:") || strings.HasPrefix(path, "/memfd:") {
		return
	}
	if p.several && !t.mayShow(path, perms) {
		l.lost += p.calls
		return // for all that is in it
	}
	if p.missing && perms&unveil.Create == 0 && !l.below(path) {
		return // nothing is there to be shown
	}
	at := path
	if perms&unveil.Create != 0 {
		at = parent(at)
	}
	for p.missing && l.below(at) {
		at = parent(at) // to where it can be shown before it is there
	}
	for l.made[at] {
		at = parent(at)
	}
	if perms&unveil.Create != 0 && set.Has(promises.Cpath) {
		perms |= unveil.Write // where names can only be made, not written, no open may create: see unveil(2)'s c
	}
	at = process(strings.TrimSuffix(at, " (deleted)"))
	if at == "/proc" || strings.HasPrefix(at, "/proc/") {
		if perms &^= unveil.Write | unveil.Create; perms != p.perms&granting(set) {
			t.procWrites = append(t.procWrites, path)
		}
		if perms == 0 {
			return
		}
	}
	if store := storeOf(at); store != at {
		if t.mayShow(store, perms) {
			at = store
		} else {
			t.stores = append(t.stores, store)
		}
	}
	t.add(at, perms, at != path, Evidence{p.calls, p.call + " " + quote.Word(path), p.program})
}

// hashed are names that are made of what a file contains, such as git's and
// Go's: the next run has others.
var hashed = regexp.MustCompile(`^(pack-)?[0-9a-f]{16,}([.-].*)?$`)

// storeOf is the directory of files with such names; the path itself if its name
// is another.
func storeOf(path string) string {
	if !hashed.MatchString(filepath.Base(path)) {
		return path
	}
	dir := parent(path)
	if name := filepath.Base(dir); len(name) == 2 && strings.Trim(name, "0123456789abcdef") == "" {
		return parent(dir) // they are spread by how they begin
	}
	return dir
}

// below tells whether a path is in a directory that the run made.
func (l *Learner) below(path string) bool {
	for path != "/" {
		if path = parent(path); l.made[path] {
			return true
		}
	}
	return false
}

// process puts /proc in the place of what is below a process's directory, and
// /dev/pts in the place of a terminal there: the next run has other numbers.
func process(path string) string {
	if n, ok := strings.CutPrefix(path, "/dev/pts/"); ok && strings.Trim(n, "0123456789") == "" {
		return "/dev/pts"
	}
	rest, ok := strings.CutPrefix(path, "/proc/")
	if !ok {
		return path
	}
	first, _, _ := strings.Cut(rest, "/")
	if _, err := strconv.Atoi(first); err == nil || first == "self" {
		return "/proc"
	}
	return path
}

func (t *table) add(path string, perms unveil.Perms, wider bool, e Evidence) {
	for _, dir := range whole {
		if perms&^unveil.Read == 0 && strings.HasPrefix(path, dir+"/") && t.within(dir, perms) {
			path, wider = dir, true
		}
	}
	u := t.entries[path]
	if u == nil {
		u = &Unveil{Path: path, Evidence: Evidence{First: e.First, Program: e.Program}}
		t.entries[path] = u
	} else if e.Calls > 0 && (u.Calls == 0 || e.First < u.First) {
		u.First, u.Program = e.First, e.Program
	}
	u.Perms |= perms
	u.Wider = u.Wider || wider
	u.Calls += e.Calls
}

// interpreters: executing a file is executing its interpreters as well.
func (t *table) interpreters() {
	var queue []string
	for path, u := range t.entries {
		if u.Perms&unveil.Exec != 0 {
			queue = append(queue, path)
		}
	}
	for n := 0; len(queue) > 0 && n < 1000; n++ {
		path := queue[0]
		queue = queue[1:]
		next := program.Interpreter(path) // a script's, or the dynamic loader
		if next == "" {
			continue
		}
		real, err := filepath.EvalSymlinks(next)
		if err != nil {
			continue
		}
		if u := t.entries[real]; u == nil || u.Perms&unveil.Exec == 0 {
			queue = append(queue, real)
		}
		t.add(real, unveil.Exec, false, Evidence{0, "interpreter of " + quote.Word(path), ""})
	}
}

// settle drops what a directory above shows already; what allows more than that
// allows at least as much, since the nearest entry decides.
func (t *table) settle() {
	for _, path := range t.names() {
		for up := parent(path); ; up = parent(up) {
			if above := t.entries[up]; above != nil && up != path {
				u := t.entries[path]
				if u.ceiling {
					break
				}
				if u.Perms&^above.Perms == 0 {
					above.Calls += u.Calls
					delete(t.entries, path)
				} else {
					u.Perms |= above.Perms
				}
				break
			}
			if up == "/" {
				break
			}
		}
	}
}

// names are the paths, ancestors before what is below them.
func (t *table) names() (names []string) {
	for path := range t.entries {
		names = append(names, path)
	}
	sort.Strings(names)
	return names
}

// gather puts a directory in the place of n or more entries in it that allow
// the same, deepest first, where that may be.
func (t *table) gather(n int) {
	type group struct {
		dir   string
		perms unveil.Perms
	}
	groups := map[group][]string{}
	for path, u := range t.entries {
		g := group{parent(path), u.Perms}
		groups[g] = append(groups[g], path)
	}
	var found []group
	for g, paths := range groups {
		if len(paths) >= n && t.mayShow(g.dir, g.perms) {
			found = append(found, g)
		}
	}
	sort.Slice(found, func(i, j int) bool {
		a, b := strings.Count(found[i].dir, "/"), strings.Count(found[j].dir, "/")
		if a != b {
			return a > b
		}
		return found[i].dir < found[j].dir
	})
	for _, g := range found {
		for _, path := range groups[g] {
			if u := t.entries[path]; u != nil && u.Perms == g.perms {
				delete(t.entries, path)
				t.add(g.dir, u.Perms, true, u.Evidence)
			}
		}
	}
	t.settle()
}

// mayShow tells whether a directory may be shown as a whole though the program
// used some files of it only.
func (t *table) mayShow(dir string, perms unveil.Perms) bool {
	if !t.within(dir, perms) {
		return false
	}
	for _, k := range kept {
		if dir == k {
			return false
		}
	}
	if t.home == "" || t.home == "/" || dir != t.home && !strings.HasPrefix(dir, t.home+"/") {
		return !strings.HasPrefix(dir, "/home/") && !strings.HasPrefix(dir, "/proc/")
	}
	return t.widen && dir != t.home && !hidden(dir[len(t.home):])
}

// hidden tells whether a path has a component that begins with a dot, as those
// with keys and passwords in a home do.
func hidden(path string) bool { return strings.Contains(path, "/.") }

func (t *table) list() (list []Unveil) {
	for _, path := range t.names() {
		list = append(list, *t.entries[path])
	}
	return list
}
