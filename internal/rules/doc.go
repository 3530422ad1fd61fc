// Package rules says what each promise admits on Linux, and answers the reverse
// question, which words would admit a given system call.
//
// The tables are data: one line a system call and promise, with its reason ([All]).
//
//	set, err := promises.Parse("stdio rpath")
//	need, ok := rules.Needs("openat", args, set, rules.Self{}) // which words it still takes
//
// A seccomp filter sees numbers, not strings or structures. Rules that depend on
// a path or on a structure are admitted, refused or handed to a supervisor as a
// whole; doc/security.md lists what follows from that.
package rules
