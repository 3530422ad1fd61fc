// Package filter turns the rules of package rules into a seccomp program.
//
// [Compile] is a small assembler of its own: a launch has tenths of a
// millisecond, and linking libseccomp costs more than that before main begins
// (doc/architecture.md has the figures). CompileLibseccomp, in builds with the
// tag libseccomp, gives the same rules to libseccomp; tests hold both against
// [Options.Judge], the plain reading of the rules.
package filter
