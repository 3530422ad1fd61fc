package options

import "golang.org/x/sys/unix"

func systemResource(name string) (int, bool) {
	switch name {
	case "as":
		return unix.RLIMIT_AS, true
	case "memlock":
		return unix.RLIMIT_MEMLOCK, true
	case "nproc":
		return unix.RLIMIT_NPROC, true
	}
	return 0, false
}
