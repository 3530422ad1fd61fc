package process

import (
	"errors"
	"fmt"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/layers"
	"github.com/pledge-linux/pledge/promises"
)

// A Veil is the paths that were unveiled (package unveiled).
type Veil = layers.Veil

// A Failure is a path that could not be unveiled.
type Failure struct {
	Path string
	Err  error
}

// Unveiled takes note of how unveiling a path ended. What failed counts until the
// same path is unveiled: whoever overlooks the error would run without the veil.
// Preconditions: Mu is held.
func Unveiled(path string, err error) {
	var rest []Failure
	for _, f := range Now.Failed {
		if f.Path != path {
			rest = append(rest, f)
		}
	}
	if err != nil {
		rest = append(rest, Failure{path, err})
	}
	Now.Failed = rest
}

// Overlooked returns an error if a path could not be unveiled. With bestEffort it
// is no error, but for the note, where the kernel lacks what it takes.
// Preconditions: Mu is held.
func Overlooked(bestEffort bool) (notes []string, err error) {
	for _, f := range Now.Failed {
		if !bestEffort || !errors.Is(f.Err, promises.ErrNotSupported) {
			return nil, fmt.Errorf("an earlier call failed: %w (nothing may be assumed hidden; unveil the path with success, or only paths that exist)", f.Err)
		}
		notes = append(notes, fmt.Sprintf("unveil: nothing is hidden: %v", f.Err))
	}
	return notes, nil
}

// Block enforces the veil for a process as it is, with the files that its
// promises whitelist. Nothing can be unveiled from then on.
// Preconditions: Mu is held.
func Block(bestEffort bool) error {
	if Now.Blocked {
		return nil
	}
	notes, err := Overlooked(bestEffort)
	if err != nil {
		return err
	}
	if Now.Veil == nil {
		Now.Blocked = true
		Now.Notes = append(Now.Notes, notes...)
		return nil
	}
	rings, err := Rings()
	if err != nil {
		return err
	}
	notes = append(notes, rings...)
	ask := Ask(promises.Everything, bestEffort)
	ask.Unfiltered = true
	if Now.Pledged {
		ask.Promises = Now.Promises
		ask.Whitelist = func() []landlock.PathRule { return List(Now.Promises) }
	}
	var fallen Veil
	if ask.Veil, fallen, err = Now.Fall(); err != nil {
		return err
	}
	plan, err := Plan(ask)
	if err == nil {
		err = (Layers{Ruleset: &plan.Ruleset}).Enforce()
	}
	if err != nil {
		if Now.Pins.Veil == nil {
			UnpinVeil(fallen)
		}
		return err
	}
	Now.Fallen = fallen
	Now.Blocked, Now.Held, Now.Failed = true, plan.Held, nil
	Now.Notes = append(append(Now.Notes, notes...), plan.Notes...)
	return nil
}

// Ask is the question what promises take in this process.
// Preconditions: Mu is held.
func Ask(set promises.Set, bestEffort bool) layers.Ask {
	a := layers.Ask{
		Mode: layers.Library, Promises: set, BestEffort: bestEffort,
		ABI: landlock.ABI(), Held: Now.Held, Root: Now.Pins.Root, ThreadsApart: !ThreadSignals(),
	}
	a.Held.Closed = !CanRestrict()
	a.PtraceFree = Now.PtraceFree
	if a.ABI == 0 && !Now.Pledged {
		a.PtraceFree = landlock.PtraceFree()
	}
	return a
}

// Plan answers it, with the library's error.
func Plan(a layers.Ask) (layers.Plan, error) {
	plan, err := layers.Make(a)
	var lack *layers.Lack
	if !errors.As(err, &lack) {
		return plan, err
	}
	return plan, unsupported(lack)
}

// Waive takes note of what BestEffort has waived: without it the same words, and
// after paths that are not hidden any words, are the error again.
func (s *State) Waive(plan layers.Plan) {
	s.Waived = nil
	for _, lack := range plan.Waived {
		s.Waived = unsupported(lack)
		if lack.Paths {
			s.Unhidden = s.Waived
		}
	}
}

func unsupported(lack *layers.Lack) error {
	or := ", or the option BestEffort"
	if lack.Otherwise != "" {
		or = ", or " + lack.Otherwise + or
	}
	needs := fmt.Sprintf("Landlock ABI %d (Linux %s with lsm=landlock)%s; this kernel has ABI %d", lack.Need.ABI, lack.Need.Linux, or, lack.Have)
	if lack.Have == 0 {
		needs = fmt.Sprintf("Linux %s with lsm=landlock, and no sandbox around this process that hides it%s", lack.Need.Linux, or)
	}
	return &promises.UnsupportedError{Feature: lack.What, Needs: needs}
}
