package sys

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The ids of one thread: the functions of package unix change those of every
// thread of the process.

// SetThreadGroups sets the supplementary groups of the calling thread.
func SetThreadGroups(groups []uint32) unix.Errno {
	var list unsafe.Pointer
	if len(groups) > 0 {
		list = unsafe.Pointer(&groups[0])
	}
	_, _, e := unix.RawSyscall(unix.SYS_SETGROUPS, uintptr(len(groups)), uintptr(list), 0)
	return e
}

// SetThreadUsers sets the real, effective, saved and file system user id of the
// calling thread.
func SetThreadUsers(real, effective, saved, fs uint32) unix.Errno {
	return setThreadIDs(unix.SYS_SETRESUID, unix.SYS_SETFSUID, real, effective, saved, fs)
}

// SetThreadAllGroups sets the real, effective, saved and file system group id of
// the calling thread.
func SetThreadAllGroups(real, effective, saved, fs uint32) unix.Errno {
	return setThreadIDs(unix.SYS_SETRESGID, unix.SYS_SETFSGID, real, effective, saved, fs)
}

func setThreadIDs(setres, setfs, real, effective, saved, fs uint32) unix.Errno {
	if _, _, e := unix.RawSyscall(uintptr(setres), uintptr(real), uintptr(effective), uintptr(saved)); e != 0 {
		return e
	}
	unix.RawSyscall(uintptr(setfs), uintptr(fs), 0, 0)
	if now, _, _ := unix.RawSyscall(uintptr(setfs), ^uintptr(0), 0, 0); uint32(now) != fs {
		return unix.EPERM // setfsuid(2) has no other way to fail
	}
	return 0
}

// SetThreadCaps sets the effective and permitted capabilities of the calling
// thread, as bit masks, and empties the inheritable ones.
func SetThreadCaps(effective, permitted uint64) error {
	d := CapData(permitted, 0)
	d[0].Effective, d[1].Effective = uint32(effective), uint32(effective>>32)
	return unix.Capset(CapHeader(), &d[0])
}

// KeepThreadCaps has the calling thread keep its permitted capabilities
// when it changes its user id (SECBIT_NO_SETUID_FIXUP, which needs
// CAP_SETPCAP).
func KeepThreadCaps() error {
	const noSetuidFixup = 1 << 2
	return unix.Prctl(unix.PR_SET_SECUREBITS, noSetuidFixup, 0, 0, 0)
}

// PidfdSignal sends a signal to the process that a pidfd refers to.
func PidfdSignal(pidfd int, sig unix.Signal) error {
	return unix.PidfdSendSignal(pidfd, sig, nil, 0)
}

// SetCaps makes a set the effective and permitted one of every thread of this
// process, and empties the inheritable one. In a program with C it is only the
// calling thread's.
func SetCaps(set uint64) error {
	h, d := CapHeader(), CapData(set, 0)
	_, _, e := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(h)), uintptr(unsafe.Pointer(&d[0])), 0)
	switch e {
	case 0:
		return nil
	case syscall.ENOTSUP:
		return unix.Capset(h, &d[0])
	}
	return e
}
