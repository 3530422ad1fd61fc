package sys

import "golang.org/x/sys/unix"

// SetThreadUser sets the effective user id of the calling thread alone, as
// setresuid(2) does; the functions of package unix set that of all threads
// (since golang.org/x/sys calls syscall's). It fails with EPERM without
// CAP_SETUID.
func SetThreadUser(uid uint32) unix.Errno {
	_, _, e := unix.RawSyscall(unix.SYS_SETRESUID, ^uintptr(0), uintptr(uid), ^uintptr(0))
	return e
}

// SetThreadGroup sets the effective group id of the calling thread alone, as
// setresgid(2) does. It fails with EPERM without CAP_SETGID.
func SetThreadGroup(gid uint32) unix.Errno {
	_, _, e := unix.RawSyscall(unix.SYS_SETRESGID, ^uintptr(0), uintptr(gid), ^uintptr(0))
	return e
}
