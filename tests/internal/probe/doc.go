// Package probe builds the program that tests run confined: it performs a script
// of system calls and says how it ended. Its language is described in
// src/probe.c.
package probe
