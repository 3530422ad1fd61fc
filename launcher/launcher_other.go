//go:build !openbsd && !(linux && (amd64 || arm64))

package launcher

import (
	"runtime"

	"github.com/pledge-linux/pledge/promises"
)

// Run returns ErrNotSupported.
func Run(s *Spec) (int, error) { return 0, Exec(s) }

// Exec returns ErrNotSupported.
func Exec(s *Spec) error {
	return &Error{statusFailed, &promises.UnsupportedError{Feature: "pledge on " + runtime.GOOS + "/" + runtime.GOARCH, Needs: "OpenBSD, or Linux on amd64 or arm64"}}
}
