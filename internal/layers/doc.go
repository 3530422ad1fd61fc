// Package layers decides what the kernel's layers have to enforce for promises,
// paths and ports on a given version of Landlock: the situations that the filter's
// rules depend on, the ruleset, and what is lost. The launcher, supervised or in
// place, and the library ask it, and nobody else decides. It asks the kernel
// nothing, so every version is tested on any machine.
package layers
