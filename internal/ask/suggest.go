//go:build unix

package ask

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pledge-linux/pledge/internal/learn"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// Breadth says how much a suggestion gives, from little to all.
type Breadth int

// Breadths.
const (
	Literal Breadth = iota
	Names           // one whose name is made up: the directory of such
	Directory
	Tree
	Everything
)

var breadths = [...]string{"literal", "made-up names", "directory", "tree", "everything"}

func (b Breadth) String() string { return breadths[b] }

// A Suggestion is a rule that would decide the question.
type Suggestion struct {
	Breadth Breadth `json:"-"`
	Class   string  `json:"breadth"`
	Grant   Grant   `json:"-"`
	Rule    string  `json:"rule"` // as options of pledge
	Says    string  `json:"says"` // in words
	// What it covers: pending questions, calls of the history, files on disk.
	Pending int  `json:"pending"`
	History int  `json:"history"`
	Files   int  `json:"files"`
	More    bool `json:"more_files,omitempty"` // than were counted
	// Chosen is set for the one that is preselected: never the widest.
	Chosen bool `json:"chosen,omitempty"`
}

// suggest makes the suggestions for what a call lacks, the narrowest first. Near
// tells whether another path of a directory was granted before: then its
// directory is preselected.
func suggest(l Lack, have promises.Set, near func(Entry) bool) []Suggestion {
	words := missingWords(l, have)
	var list []Suggestion
	add := func(b Breadth, g Grant) {
		g.Words |= words
		rule := Rendered(g)
		for i := range list {
			if list[i].Rule == rule {
				return
			}
		}
		list = append(list, Suggestion{Breadth: b, Class: b.String(), Grant: g, Rule: rule, Says: says(g)})
	}
	switch {
	case len(l.Entries) > 0:
		suggestPaths(l, add)
	case len(l.Connect)+len(l.Bind) > 0:
		add(Literal, Grant{Connect: l.Connect, Bind: l.Bind})
		add(Everything, Grant{AnyPort: true})
	default:
		add(Literal, Grant{})
		add(Everything, Grant{Entries: []Entry{{"/", unveil.Read}}}) // the word, and all that can be read
	}
	list[chosen(l, list, near)].Chosen = true
	return list
}

// missingWords are the fewest words that would do.
func missingWords(l Lack, have promises.Set) promises.Set {
	if len(l.Alternatives) == 0 {
		return 0
	}
	return learn.Fewest(have, l.Alternatives) &^ have
}

func suggestPaths(l Lack, add func(Breadth, Grant)) {
	add(Literal, Grant{Entries: each(l.Entries, func(p string) string { return p })})
	add(Names, Grant{Entries: each(l.Entries, learn.Stable)})
	add(Directory, Grant{Entries: each(l.Entries, filepath.Dir)})
	add(Tree, Grant{Entries: withLocales(each(l.Entries, treeOf))})
	all := unveil.Perms(0)
	for _, e := range l.Entries {
		all |= e.Perms
	}
	add(Everything, Grant{Entries: []Entry{{"/", all}}})
}

// each changes the paths of entries, and adds what executing one executes.
func each(list []Entry, change func(string) string) (changed []Entry) {
	g := Grant{}
	for _, e := range list {
		g.Entries = g.adding(Entry{change(e.Path), e.Perms})
		if e.Perms&unveil.Exec != 0 {
			for _, i := range learn.Interpreters(e.Path) {
				g.Entries = g.adding(Entry{i, unveil.Exec})
			}
		}
	}
	return g.Entries
}

// locales are where a C library reads translations and their aliases: a link leads
// from one to the other, so they are given together.
var locales = [...]string{"/etc/locale.alias", "/usr/lib"}

func isLocale(path string) bool { return path == locales[0] || within(path, locales[1]) }

// withLocales adds the one where the other is.
func withLocales(list []Entry) []Entry {
	for _, e := range list {
		if _, err := os.Stat(locales[0]); err == nil && isLocale(e.Path) && e.Perms == unveil.Read {
			return []Entry{{locales[0], e.Perms}, {locales[1], e.Perms}}
		}
	}
	return list
}

// treeOf is what a path belongs to as a whole: what came with the system, a home,
// or the first two names.
func treeOf(path string) string {
	if path == locales[0] {
		return locales[1]
	}
	if dir := learn.Whole(path); dir != "" {
		return dir
	}
	parts := strings.SplitN(path, "/", 4)
	if len(parts) < 4 {
		return filepath.Dir(path)
	}
	return "/" + parts[1] + "/" + parts[2]
}

// chosen is the suggestion that is preselected: what the system brings as a
// whole where it is only read, a directory where there was another of its files,
// what has a made-up name by its directory, else the path itself.
func chosen(l Lack, list []Suggestion, near func(Entry) bool) int {
	last := len(list) - 1
	at := func(b Breadth) (int, bool) {
		for i := range list[:last] {
			if list[i].Breadth == b {
				return i, true
			}
		}
		return 0, false
	}
	if len(l.Entries) == 0 {
		return 0
	}
	e := l.Entries[0]
	home, _ := os.UserHomeDir()
	if i, ok := at(Tree); ok && (learn.Whole(e.Path) != "" || isLocale(e.Path)) && onlyReads(l.Entries) {
		return i
	}
	if i, ok := at(Names); ok && learn.Stable(e.Path) != e.Path && mayName(home, learn.Stable(e.Path)) {
		return i
	}
	if i, ok := at(Directory); ok && len(l.Entries) == 1 && learn.MayShow(home, filepath.Dir(e.Path)) && near(e) {
		return i
	}
	return 0
}

// mayName tells whether a directory may stand for names of it that are made up.
func mayName(home, dir string) bool {
	return dir == "/proc" || dir == "/dev/pts" || learn.MayShow(home, dir)
}

func onlyReads(list []Entry) bool {
	for _, e := range list {
		if e.Perms&^unveil.Read != 0 {
			return false
		}
	}
	return true
}

// Rendered is a grant as options of pledge.
func Rendered(g Grant) string {
	var parts []string
	if g.Words != 0 {
		parts = append(parts, g.Words.String())
	}
	for _, e := range g.Entries {
		parts = append(parts, "-u "+e.String())
	}
	for _, p := range g.Connect {
		parts = append(parts, fmt.Sprintf("--tcp-connect %d", p))
	}
	for _, p := range g.Bind {
		parts = append(parts, fmt.Sprintf("--tcp-bind %d", p))
	}
	if g.AnyPort {
		parts = append(parts, "any TCP port")
	}
	return strings.Join(parts, " ")
}

// says is a grant in words.
func says(g Grant) string {
	var parts []string
	for _, w := range g.Words.Promises() {
		parts = append(parts, w.String()+": "+w.Summary())
	}
	for _, e := range g.Entries {
		parts = append(parts, permsText(e.Perms)+" "+e.Path)
	}
	for _, p := range g.Connect {
		parts = append(parts, fmt.Sprintf("connect to TCP port %d", p))
	}
	for _, p := range g.Bind {
		parts = append(parts, fmt.Sprintf("listen at TCP port %d", p))
	}
	if g.AnyPort {
		parts = append(parts, "every TCP port")
	}
	return strings.Join(parts, "; ")
}

func permsText(p unveil.Perms) string {
	var words []string
	for _, w := range []struct {
		perm unveil.Perms
		text string
	}{{unveil.Read, "read"}, {unveil.Write, "write"}, {unveil.Exec, "execute"}, {unveil.Create, "create and remove in"}} {
		if p&w.perm != 0 {
			words = append(words, w.text)
		}
	}
	return strings.Join(words, ", ")
}

// filesBelow counts files on disk that a grant shows, and stops at most.
func filesBelow(g Grant, most int) (n int, more bool) {
	for _, e := range g.Entries {
		filepath.WalkDir(e.Path, func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return nil
			}
			if path == "/proc" || path == "/sys" {
				return filepath.SkipDir
			}
			if !d.IsDir() {
				n++
			}
			if n >= most {
				more = true
				return filepath.SkipAll
			}
			return nil
		})
	}
	return n, more
}
