// Package libpledge tests the C library: its filters against those of the Go
// assembler, and OpenBSD's behaviour in C programs that are linked with it.
package libpledge

//go:generate go run ../../internal/gen/libpledge ../../libpledge
