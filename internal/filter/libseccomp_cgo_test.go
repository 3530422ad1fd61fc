//go:build linux && cgo && libseccomp

package filter

func init() { compilers["libseccomp"] = CompileLibseccomp }
