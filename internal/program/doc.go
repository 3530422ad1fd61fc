//go:build unix

// Package program reads what the file of a program says, as the kernel and the
// dynamic loaders read it: what #! line it has, what ELF interpreter it asks for,
// what libraries will be opened for it. It never runs anything.
//
// Files are not trusted. Each is opened once, must be a regular file, and is
// judged and used by the descriptor. What a file names is told with who named
// it: the user, the system, or the file itself; see [Library].
package program
