//go:build !linux

package sys

// Prefault does nothing.
func Prefault(size uintptr) {}
