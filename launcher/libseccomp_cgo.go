//go:build linux && cgo && libseccomp

package launcher

import "github.com/pledge-linux/pledge/internal/filter"

var compiler = filter.CompileLibseccomp
