// Package unveiled translates unveiled paths into Landlock rules.
//
// OpenBSD lets the most specific entry decide alone, also when it allows less;
// Landlock adds up everything on the way to a file and can take nothing away. A
// plan therefore grants the siblings of a path that allows less than its parent,
// one by one, and notes what is lost by that. It never grants more than was
// asked.
package unveiled

import (
	"path/filepath"
	"sort"
	"strings"
)

// Perms are the permissions of package unveil.
type Perms uint8

// The permissions.
const (
	Read   Perms = 1 << iota // r
	Write                    // w
	Exec                     // x
	Create                   // c: create and remove
)

// Letters are those of unveil(2), in the order of the bits.
const Letters = "rwxc"

func (p Perms) String() string {
	var b strings.Builder
	for i, c := range Letters {
		if p&(1<<i) != 0 {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// An Entry is one unveiled path: absolute, symbolic links resolved.
type Entry struct {
	Path  string
	Perms Perms
}

// A Plan has the permissions of unveiled paths. The nil Plan unveils nothing.
type Plan map[string]Perms

// Entries returns the plan sorted by path.
func (p Plan) Entries() []Entry {
	var list []Entry
	for path, perms := range p {
		list = append(list, Entry{path, perms})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Path < list[j].Path })
	return list
}

// Lookup returns the permissions that decide for a real path: those of the
// nearest entry at or above it. OpenBSD answers ENOENT where there is none.
func (p Plan) Lookup(path string) (Perms, bool) {
	for {
		if perms, ok := p[path]; ok {
			return perms, true
		}
		if path == "/" || path == "." || path == "" {
			return 0, false
		}
		path = filepath.Dir(path)
	}
}

// Reaches reports whether a real directory is visible, or holds a path that is.
func (p Plan) Reaches(dir string) bool {
	if perms, ok := p.Lookup(dir); ok && perms != 0 {
		return true
	}
	prefix := strings.TrimSuffix(dir, "/") + "/"
	for path, perms := range p {
		if perms != 0 && strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// CreateOnly reports whether some directory may be created in but not written:
// Landlock would leave an empty file behind the refused open.
func (p Plan) CreateOnly() bool {
	for _, perms := range p {
		if perms&Create != 0 && perms&Write == 0 {
			return true
		}
	}
	return false
}
