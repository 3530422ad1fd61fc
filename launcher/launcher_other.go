//go:build !linux && !openbsd

package launcher

import (
	"errors"
	"runtime"
)

// ErrNotSupported is the error of systems that have neither seccomp nor
// pledge(2).
var ErrNotSupported = errors.New("pledge: not supported on " + runtime.GOOS)

// Run returns ErrNotSupported.
func Run(s *Spec) (int, error) { return 0, &Error{statusFailed, ErrNotSupported} }

// Exec returns ErrNotSupported.
func Exec(s *Spec) error { return &Error{statusFailed, ErrNotSupported} }
