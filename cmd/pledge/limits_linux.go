package main

import "golang.org/x/sys/unix"

func init() {
	resources["as"] = unix.RLIMIT_AS
	resources["memlock"] = unix.RLIMIT_MEMLOCK
	resources["nproc"] = unix.RLIMIT_NPROC
}
