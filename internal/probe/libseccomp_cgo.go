//go:build linux && cgo && libseccomp

package probe

import "github.com/pledge-linux/pledge/internal/filter"

// libseccomp is the version of the library that is linked in.
func libseccomp() string { return filter.LibseccompVersion() }
