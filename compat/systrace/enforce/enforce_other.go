//go:build !linux || !(amd64 || arm64)

package enforce

import (
	"errors"
	"io"
)

var errUnsupported = errors.New("policies of systrace are enforced on Linux only")

// NotFound is a command that there is none of.
type NotFound struct{ Name string }

func (e *NotFound) Error() string { return e.Name + ": command not found" }

// Run is for Linux.
func Run(Options) (int, error) { return 0, errUnsupported }

// Plan is for Linux.
func Plan(io.Writer, Options) error { return errUnsupported }
