package syntax

import (
	"errors"
	"fmt"
)

// Fault says what kind of mistake an [Error] is.
type Fault uint8

// Faults.
const (
	Syntax       Fault = iota
	IllegalToken       // a character that belongs to no token
	UnknownError       // deny[...] with a name that is no error
	UnknownFlag        // permit[...] with something other than inherit and detach
	BadOffset          // an index outside 0..9
	TooLong            // a line or an operand

	// Mistakes that are found when names are looked up (package policy).
	UnknownUser
	UnknownGroup
	BadRegexp
	NoElevation // "as" in a policy that is not used by root
)

// An Error is a mistake in a file.
type Error struct {
	Pos   Pos
	Fault Fault
	Msg   string // what is wrong
	Want  string // what was expected; may be empty
}

func (e *Error) Error() string {
	if e.Want == "" {
		return fmt.Sprintf("%s: %s", e.Pos, e.Msg)
	}
	return fmt.Sprintf("%s: %s, expected %s", e.Pos, e.Msg, e.Want)
}

// Errors returns the mistakes that an error of [Parse] is made of.
func Errors(err error) []*Error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var list []*Error
		for _, e := range joined.Unwrap() {
			list = append(list, Errors(e)...)
		}
		return list
	}
	var one *Error
	if errors.As(err, &one) {
		return []*Error{one}
	}
	return nil
}

// maxErrors is how many mistakes of one file are told.
const maxErrors = 10
