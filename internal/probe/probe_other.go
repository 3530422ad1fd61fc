//go:build !linux

package probe

import "fmt"

// Require refuses every requirement: they are Linux's.
func Require(want string) error { return fmt.Errorf("--require %s: only on Linux", want) }
