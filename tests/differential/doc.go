// Package differential compares what a supervisor performs for a program with
// what the kernel does for it: the same random calls are made unconfined and
// confined, and every value, error and effect has to be the same.
package differential
