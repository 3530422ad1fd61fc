package process

import (
	"sync"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/layers"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
)

// A State is what is in force.
type State struct {
	Pledged  bool
	Promises promises.Set
	// Exec are the execpromises, if ExecSet.
	Exec    promises.Set
	ExecSet bool

	// Veil is what was collected so far; Blocked is set once it is enforced, or
	// was closed without anything in it.
	Veil    Veil
	Blocked bool
	// Fallen is the veil that is in force, pinned, if it is not of too many paths.
	Fallen Veil

	// Waived is the error of the promises in force without BestEffort, Unhidden that
	// of paths that are not hidden.
	Waived, Unhidden error
	// Failed are the paths that could not be unveiled.
	Failed []Failure

	// Filters counts the seccomp programs.
	Filters int
	// Held is what Landlock enforces.
	Held layers.Held
	// Pins are what later rulesets need.
	Pins Pins
	// PtraceFree and NetAdmin were seen when the process first pledged. Sockets are the situations
	// that sockets make which were open then, or could be made since.
	PtraceFree bool
	NetAdmin   bool
	Sockets    promises.Set
	// Deny is set if the last filter answers EPERM, Kills if some filter ends
	// violators: that one counts.
	Deny, Kills bool
	// Notes say what is enforced otherwise than asked.
	Notes []string
}

// Mu guards Now. It is held over a whole change.
var Mu sync.Mutex

// Now is the state of this process.
var Now State

// List are the whitelisted files of the promises, looked up now where that is
// still possible.
// Preconditions: Mu is held.
func List(s promises.Set) []landlock.PathRule {
	if Now.Pins.Known == nil {
		return whitelist.Rules(whitelist.Entries(s), s)
	}
	return whitelist.Rules(Now.Pins.Known, s)
}

// Fall returns the veil as it can be enforced now, and the same for later, or nil.
func (s *State) Fall() (veil, fallen Veil, err error) {
	if s.Pins.Veil != nil {
		return s.Pins.Veil, s.Pins.Veil, nil
	}
	if s.Veil == nil {
		return nil, nil, nil
	}
	if fallen, err = PinVeil(s.Veil); err != nil || fallen == nil {
		return s.Veil, nil, err
	}
	return fallen, fallen, nil
}
