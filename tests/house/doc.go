// Package house tests the order of the tree: where it builds, which package may
// import which, where unsafe code and raw system calls stand, and what the
// public packages show.
package house
