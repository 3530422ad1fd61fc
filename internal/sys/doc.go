// Package sys holds the only unsafe code and the only raw system calls.
package sys
