//go:build !linux || (!amd64 && !arm64)

package sys

// QuitPlainly does nothing here.
func QuitPlainly() {}
