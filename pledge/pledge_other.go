//go:build !linux && !openbsd

package pledge

import (
	"fmt"
	"runtime"

	"github.com/pledge-linux/pledge/internal/process"
)

func pledge(words, execWords *string, opts []Option) error {
	return fmt.Errorf("pledge: %w", &process.Unsupported{Feature: "pledge on " + runtime.GOOS, Needs: "Linux or OpenBSD"})
}

func status() State { return State{} }

// OnViolation does nothing.
func OnViolation(f func(Violation)) {}

func (v Violation) text() string { return fmt.Sprintf("pledge %q, syscall %d", v.Promise, v.Number) }
