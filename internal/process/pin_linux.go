package process

import (
	"os"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
)

// Pins are what later rulesets need of the file system, opened and judged while
// this process could do that.
type Pins struct {
	// Known are the whitelisted files; they are pinned once rpath is given up.
	Known []whitelist.Entry
	// Loading are the files of a dynamic loader and of the search path.
	Loading []landlock.PathRule
	// Root, if not 0, is a descriptor of /.
	Root int
	// Veil, if not nil, is the veil, ready to fall.
	Veil Veil
	done bool
}

// Pin looks everything up that fewer words than these can need, for a process that
// will hold no rpath from now on. What a pledge calls must be admitted by what was
// pledged before: openat, stat, statfs and the like are not.
func Pin(words promises.Set, veil Veil) (Pins, error) {
	p := Pins{Known: whitelist.Pin(whitelist.Entries(words)), done: true}
	var err error
	if words.Has(promises.Exec) {
		if p.Loading, err = landlock.Pin(whitelist.Loading(words, os.Getenv("PATH"))); err != nil {
			return p, err
		}
	}
	if words.Has(promises.Cpath) {
		root, err := landlock.Pin([]landlock.PathRule{{Path: "/", Access: landlock.Refer}})
		if err != nil {
			return p, err
		}
		p.Root = root[0].FD
	}
	if veil == nil || !words.Has(promises.Unveil) {
		return p, nil
	}
	p.Veil, err = PinVeil(veil)
	return p, err
}

// Load are the rules of what a dynamic loader needs.
func (p Pins) Load(words promises.Set) []landlock.PathRule {
	if p.done {
		return p.Loading
	}
	return whitelist.Loading(words, os.Getenv("PATH"))
}

// Release closes what was opened for a pledge that failed.
func (p Pins) Release() {
	if !p.done {
		return
	}
	for _, e := range p.Known {
		landlock.Unpin([]landlock.PathRule{e.Rule})
	}
	landlock.Unpin(p.Loading)
	landlock.Unpin([]landlock.PathRule{{FD: p.Root}})
	UnpinVeil(p.Veil)
}

// UnpinVeil closes what PinVeil opened.
func UnpinVeil(v Veil) {
	if v, ok := v.(*pinnedVeil); ok {
		landlock.Unpin(v.rules)
	}
}

// A pinnedVeil is the translation of a veil that nothing can be added to.
type pinnedVeil struct {
	rules      []landlock.PathRule
	notes      []string
	createOnly bool
}

// mostPins is how many descriptors a veil may take for as long as the process lives.
const mostPins = 256

// PinVeil returns the veil with its paths opened, as it falls, for rulesets that will
// be made once it has fallen. It is nil if there are very many.
func PinVeil(v Veil) (Veil, error) {
	if v, ok := v.(*pinnedVeil); ok {
		return v, nil
	}
	rules, notes, err := v.Rules()
	if err != nil || len(rules) > mostPins {
		return nil, err
	}
	if rules, err = landlock.Pin(rules); err != nil {
		return nil, err
	}
	return &pinnedVeil{rules, notes, v.CreateOnly()}, nil
}

func (v *pinnedVeil) Rules() ([]landlock.PathRule, []string, error) {
	return append([]landlock.PathRule(nil), v.rules...), v.notes, nil
}

func (v *pinnedVeil) CreateOnly() bool { return v.createOnly }
