//go:build linux && (amd64 || arm64) && cgo && libseccomp

package filter

func init() { compilers["libseccomp"] = CompileLibseccomp }
