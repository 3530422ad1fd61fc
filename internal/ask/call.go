//go:build unix

package ask

import (
	"github.com/pledge-linux/pledge/promises"
)

// A Call waits for a decision.
type Call struct {
	PID     int
	Program string
	Parents []string // the programs above it, the nearest first
	Name    string
	Text    string // with its arguments
	// Judge says what the call lacks under a policy. It reads nothing of the
	// caller: what it judges was read once.
	Judge func(*Policy) Verdict
}

// A Verdict is what a policy says of a call.
type Verdict struct {
	Permit bool
	// Errno is the answer of a call that is refused in any case, or quietly; 0
	// where somebody is asked.
	Errno int
	Lack
}

// decides tells whether nobody has to be asked: some words have calls refused with
// an error that the program expects.
func (v Verdict) decides() bool { return v.Permit || v.Errno != 0 }

// A Lack is what would have to be added for a call to be permitted.
type Lack struct {
	// Alternatives are sets of words of which one is missing; none if the words
	// are there.
	Alternatives []promises.Set
	Entries      []Entry // that are not shown
	Connect      []uint16
	Bind         []uint16
	// Missing is set where a path does not exist yet.
	Missing bool
	// To is where a call of the network goes, for people.
	To string
}

// Outcome is what becomes of a call.
type Outcome struct {
	Permit bool
	Errno  int
	Kill   bool
	// Question is the number of the question that was asked, 0 if none was; State
	// is how that one ended.
	Question int
	State    State
}

// State is where a question is in its life.
type State string

// States. All but Pending, and Later, are ends.
const (
	Pending   State = "pending"
	Later     State = "later" // refused for now, and kept to be answered
	Answered  State = "answered"
	Resolved  State = "resolved"  // a rule was made meanwhile
	Withdrawn State = "withdrawn" // nobody waits any more
	Expired   State = "expired"   // the default was taken
)
