//go:build linux && cgo && libseccomp

package probe

import lib "github.com/pledge-linux/pledge/internal/libseccomp"

// libseccomp is the version of the library that is linked in.
func libseccomp() string { return lib.Version() }
