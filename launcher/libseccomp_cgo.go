//go:build linux && (amd64 || arm64) && cgo && libseccomp

package launcher

import "github.com/pledge-linux/pledge/internal/filter"

var compiler = filter.CompileLibseccomp
