package sys

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// FileLimit is the limit of descriptors that this process was started with. Go's
// package syscall raises the soft one before anything else runs and keeps what it was
// to itself; a program that is started by a script has to get it back. nil is no
// other than what is in force.
//
// Package syscall restores the limit in a child, and before it executes a program in
// this process's place. So it is told to execute nothing. Afterwards the limit is as
// high as it was; package os/exec no longer lowers it for children of its own.
func FileLimit() *unix.Rlimit {
	var raised, was unix.Rlimit
	if unix.Prlimit(0, unix.RLIMIT_NOFILE, nil, &raised) != nil || raised.Cur != raised.Max-1 {
		return nil // package syscall raises it to one less
	}
	syscall.Exec("", []string{""}, nil) // no such file
	if unix.Prlimit(0, unix.RLIMIT_NOFILE, nil, &was) != nil || was == raised {
		return nil
	}
	unix.Prlimit(0, unix.RLIMIT_NOFILE, &raised, nil)
	return &was
}
