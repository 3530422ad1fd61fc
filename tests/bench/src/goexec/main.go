// Goexec executes a program and does nothing else: what a launch costs in Go.
package main

import (
	"os"
	"syscall"
)

func main() { syscall.Exec(os.Args[1], os.Args[1:], os.Environ()) }
