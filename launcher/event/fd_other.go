//go:build !unix

package event

import "errors"

// FD writes to a descriptor, on systems that have them.
type FD int

// Write returns errors.ErrUnsupported.
func (fd FD) Write(p []byte) (int, error) { return 0, errors.ErrUnsupported }
