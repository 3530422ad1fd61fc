//go:build unix

package learn

import (
	"strings"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// An Earlier is what was learned before, as a profile has it.
type Earlier struct {
	Text     string // the file, for its comments
	Promises string
	Unveil   []string // PERMS:PATH
}

// learnedFrom begins the comments of a profile that say where it is from.
const learnedFrom = "# learned "

// Merge adds what was learned before.
func (r *Result) Merge(e *Earlier) error {
	set, err := promises.Parse(e.Promises)
	if err != nil {
		return err
	}
	for line := range strings.Lines(e.Text) {
		if rest, ok := strings.CutPrefix(line, learnedFrom); ok {
			r.History = append(r.History, "learned "+quote.Text(strings.TrimSpace(rest)))
		}
	}
	const before = "an earlier run"
	for _, p := range (set &^ r.Promises).Promises() {
		r.Words = append(r.Words, Word{p.String(), Evidence{First: before}})
	}
	r.Promises |= set
	t := &table{entries: map[string]*Unveil{}}
	for i := range r.Unveils {
		t.entries[r.Unveils[i].Path] = &r.Unveils[i]
	}
	for _, text := range e.Unveil {
		perms, path, err := unveil.Split(text)
		if err != nil {
			return err
		}
		t.add(path, perms, false, Evidence{First: before})
	}
	t.settle()
	r.Unveils = t.list()
	return nil
}
