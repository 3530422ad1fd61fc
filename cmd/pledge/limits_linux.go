package main

import "golang.org/x/sys/unix"

func init() {
	resources["memlock"] = unix.RLIMIT_MEMLOCK
	resources["nproc"] = unix.RLIMIT_NPROC
}
