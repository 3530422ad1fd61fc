package unveil

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/unveiled"
)

// An Entry is one unveiled path: absolute, symbolic links resolved.
type Entry struct {
	Path  string
	Perms Perms
}

// A Plan is a set of unveiled paths, for a program that is to be launched. The
// zero Plan unveils nothing.
type Plan struct {
	entries unveiled.Plan
}

// NewPlan makes a plan of entries whose paths are resolved already, as those of
// [Plan.Entries] are.
func NewPlan(entries ...Entry) *Plan {
	p := &Plan{entries: unveiled.Plan{}}
	for _, e := range entries {
		p.entries[e.Path] = unveiled.Perms(e.Perms)
	}
	return p
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
		p.entries = unveiled.Plan{}
	}
	p.entries[real] = unveiled.Perms(perms)
	return nil
}

// Entries returns the plan sorted by path.
func (p *Plan) Entries() []Entry {
	var list []Entry
	for _, e := range p.entries.Entries() {
		list = append(list, Entry{e.Path, Perms(e.Perms)})
	}
	return list
}

// Lookup returns the permissions that decide for a real path: those of the
// nearest entry at or above it. OpenBSD answers ENOENT where there is none.
func (p *Plan) Lookup(path string) (Perms, bool) {
	perms, ok := p.entries.Lookup(path)
	return Perms(perms), ok
}

// Reaches reports whether a real directory is visible, or holds a path that is.
func (p *Plan) Reaches(dir string) bool { return p.entries.Reaches(dir) }
