//go:build !openbsd && !(linux && (amd64 || arm64))

package pledge

import (
	"fmt"
	"runtime"

	"github.com/pledge-linux/pledge/promises"
)

func pledge(words, execWords *string, opts []Option) error {
	return fmt.Errorf("pledge: %w", &promises.UnsupportedError{Feature: "pledge on " + runtime.GOOS + "/" + runtime.GOARCH, Needs: "OpenBSD, or Linux on amd64 or arm64"})
}

func status() State { return State{} }

// OnViolation does nothing.
func OnViolation(f func(Violation)) {}

func (v Violation) text() string { return fmt.Sprintf("pledge %q, syscall %d", v.Promise, v.Number) }
