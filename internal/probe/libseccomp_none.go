//go:build linux && !(cgo && libseccomp)

package probe

// libseccomp is the version of the library that is linked in: none.
func libseccomp() string { return "" }
