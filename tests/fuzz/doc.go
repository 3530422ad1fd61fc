// Package fuzz makes system calls of every number with odd arguments from inside,
// under random promises: what the rules refuse must be refused, whatever the
// arguments, and the supervisor must neither die nor hang. FUZZ_TIME, such as
// 2h, says for how long; a minute is usual, less with -short.
package fuzz
