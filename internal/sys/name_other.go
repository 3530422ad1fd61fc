//go:build !linux

package sys

// SetName names the calling thread where that is possible.
func SetName(name string) {}
