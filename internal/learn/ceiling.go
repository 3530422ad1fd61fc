//go:build unix

package learn

import (
	"fmt"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/unveil"
)

// within tells whether the ceiling shows a path with these permissions.
func (t *table) within(path string, perms unveil.Perms) bool {
	if t.ceiling == nil {
		return true
	}
	have, _ := t.ceiling.Lookup(path)
	return perms&^have == 0
}

// bound takes out what the run could not have used, and says so. Paths are names:
// where the program has put links, and a directory in the place of its files, they
// mean more than was seen. Nothing may be added to the table after that.
func (t *table) bound() (notes []string) {
	for _, path := range t.names() {
		if !unveil.Direct(path) {
			delete(t.entries, path)
			notes = append(notes, fmt.Sprintf("%s leads through a symbolic link by now, and is left out", quote.Word(path)))
		}
	}
	if t.ceiling == nil {
		return notes
	}
	beyond := 0
	for path, u := range t.entries {
		have, _ := t.ceiling.Lookup(path)
		if u.Perms&^have != 0 {
			beyond++
		}
		if u.Perms &= have; u.Perms == 0 {
			delete(t.entries, path)
		}
	}
	if beyond > 0 {
		notes = append(notes, plural(beyond, "path")+" would show more than the paths that were shown meanwhile: they are left out, or allow less")
	}
	for _, e := range t.ceiling.Entries() {
		if above := t.perms(e.Path); t.entries[e.Path] == nil && above&^e.Perms != 0 {
			t.entries[e.Path] = &Unveil{Path: e.Path, Perms: above & e.Perms, ceiling: true, Evidence: Evidence{First: "no more than the paths that were shown meanwhile"}}
		}
	}
	return notes
}

// perms are those of the nearest entry at or above a path.
func (t *table) perms(path string) unveil.Perms {
	for {
		if u := t.entries[path]; u != nil {
			return u.Perms
		}
		if path == "/" || path == "" {
			return 0
		}
		path = parent(path)
	}
}
