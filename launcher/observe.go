package launcher

import (
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// An Observation has a program watched instead of, or beside, being confined.
type Observation struct {
	// Beyond is the set of promises whose calls are not seen: all others are.
	// Where Everything is not set it has to be part of the Spec's promises: what
	// is not seen is admitted.
	Beyond promises.Set
	// Everything lets the program do what it likes. Otherwise the promises and
	// paths of the Spec are enforced, and what they refuse is reported.
	Everything bool
	// Call is told of every call that is seen, before it is made. It is called
	// by one thread and delays the program.
	Call func(*Observed)
	// Lingers, if not nil, is called when the program has ended and others that
	// it started go on: they are watched until they have ended or stop is
	// closed. Without it they are not.
	Lingers func() (stop <-chan struct{})
}

// Observed is a call that was seen.
type Observed struct {
	PID     int
	Name    string
	Syscall int
	Args    [6]uint64
	// Alternatives are the sets of words that would each admit it. None: no
	// promise does.
	Alternatives []promises.Set
	// Unless is not 0 where the call is only made if it holds: without rpath a
	// library is not found, and not mapped.
	Unless promises.Set
	Uses   []Use
	// Text tells the call with its arguments; Program names the caller. Both
	// read the caller, and hold only during Call.
	Text    func() string
	Program func() string
}

// A Use is what a call does with a path.
type Use struct {
	Given string // as the program has it
	Real  string // where it leads; "" if that is not known
	// Perms is what unveil asks for it; 0 for looking only, which Landlock does
	// not see.
	Perms   unveil.Perms
	Missing bool // it does not exist; Real is where it would be
	Dir     bool // it is a directory
	// Refused is set where the paths that are enforced meanwhile do not show it.
	Refused bool
}
