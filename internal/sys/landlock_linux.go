package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// A LandlockRuleset is struct landlock_ruleset_attr, as far as ABI 6 has it; older
// kernels take it where what they do not know is 0.
type LandlockRuleset struct{ FS, Net, Scoped uint64 }

// CreateRuleset makes a Landlock ruleset and returns its descriptor. Linux 5.13.
func CreateRuleset(r LandlockRuleset) (fd int, err error) {
	n, _, e := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&r)), unsafe.Sizeof(r), 0)
	if e != 0 {
		return -1, e
	}
	return int(n), nil
}

// LandlockABI returns the version of the kernel's Landlock, 0 if there is none.
func LandlockABI() int { return landlockTells(unix.LANDLOCK_CREATE_RULESET_VERSION) }

// LandlockErrata returns the set of Landlock's errors that the kernel has mended. Before
// Linux 6.15 it tells of none.
func LandlockErrata() int { return landlockTells(unix.LANDLOCK_CREATE_RULESET_ERRATA) }

func landlockTells(flag uintptr) int {
	n, _, e := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, flag)
	if e != 0 {
		return 0
	}
	return int(n)
}

// AddPath adds a rule: what is at, or below, a descriptor may be accessed so.
func AddPath(ruleset, fd int, access uint64) error {
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(fd)}
	return addRule(ruleset, unix.LANDLOCK_RULE_PATH_BENEATH, unsafe.Pointer(&rule))
}

// AddPort adds a rule: a port may be used so. Landlock ABI 4.
func AddPort(ruleset int, port, access uint64) error {
	rule := struct{ access, port uint64 }{access, port}
	const netPort = 2
	return addRule(ruleset, netPort, unsafe.Pointer(&rule))
}

func addRule(ruleset int, kind uintptr, rule unsafe.Pointer) error {
	_, _, e := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), kind, uintptr(rule), 0, 0, 0)
	if e != 0 {
		return e
	}
	return nil
}

// RestrictThread enforces a Landlock ruleset on the calling thread alone, with
// the flags of landlock_restrict_self(2). It needs no_new_privs or
// CAP_SYS_ADMIN. Linux 5.13, and later for flags.
func RestrictThread(ruleset int, flags uint64) unix.Errno {
	_, _, e := unix.RawSyscall(unix.SYS_LANDLOCK_RESTRICT_SELF, uintptr(ruleset), uintptr(flags), 0)
	return e
}
