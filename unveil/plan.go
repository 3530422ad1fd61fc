package unveil

import (
	"errors"
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	"github.com/pledge-linux/pledge/internal/quote"
)

// An Entry is one unveiled path: absolute, symbolic links resolved.
type Entry struct {
	Path  string
	Perms Perms
}

// A Plan is a set of unveiled paths. The zero Plan unveils nothing.
type Plan struct {
	entries map[string]Perms
}

// Add unveils a path, or replaces what was said of it before. The path is
// resolved now, symbolic links followed to the end, as unveil(2) does. The
// error wraps fs.ErrNotExist if it does not exist.
func (p *Plan) Add(path string, perms Perms) error {
	if path == "" {
		return fmt.Errorf("%w: empty path", ErrInvalid)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return fmt.Errorf("unveil %s: %w", quote.Word(path), errors.Unwrap(err))
	}
	if p.entries == nil {
		p.entries = map[string]Perms{}
	}
	p.entries[real] = perms
	return nil
}

// Entries returns the plan sorted by path.
func (p *Plan) Entries() []Entry {
	var list []Entry
	for path, perms := range p.entries {
		list = append(list, Entry{path, perms})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Path < list[j].Path })
	return list
}

// Lookup returns the permissions that decide for a real path: those of the
// nearest entry at or above it. OpenBSD answers ENOENT where there is none.
func (p *Plan) Lookup(path string) (Perms, bool) {
	for {
		if perms, ok := p.entries[path]; ok {
			return perms, true
		}
		if path == "/" || path == "." || path == "" {
			return 0, false
		}
		path = filepath.Dir(path)
	}
}

// Reaches reports whether a real directory is visible, or holds a path that is.
func (p *Plan) Reaches(dir string) bool {
	if perms, ok := p.Lookup(dir); ok && perms != 0 {
		return true
	}
	prefix := strings.TrimSuffix(dir, "/") + "/"
	for path, perms := range p.entries {
		if perms != 0 && strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// CreateOnly reports whether some directory may be created in but not written:
// Landlock would leave an empty file behind the refused open.
func (p *Plan) CreateOnly() bool {
	for _, perms := range p.entries {
		if perms&Create != 0 && perms&Write == 0 {
			return true
		}
	}
	return false
}
