package sys

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// SockFprog returns the struct sock_fprog of a program, for seccomp(2).
func SockFprog(code []unix.SockFilter) *unix.SockFprog {
	return &unix.SockFprog{Len: uint16(len(code)), Filter: &code[0]}
}

// Instructions returns the memory of a program. There is at least one.
func Instructions(code []unix.SockFilter) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(&code[0])), len(code)*int(unsafe.Sizeof(code[0])))
}

// Word returns a pointer to the operand of an instruction, so that a script may
// store into it.
func Word(ins *unix.SockFilter) *uint32 { return &ins.K }

// SeccompNotif is struct seccomp_notif: a call that waits for an answer.
type SeccompNotif struct {
	ID    uint64
	PID   uint32 // the calling thread
	Flags uint32
	Nr    int32
	Arch  uint32
	IP    uint64
	Args  [6]uint64
}

type seccompNotifResp struct {
	id    uint64
	val   int64
	error int32
	flags uint32
}

type seccompNotifAddfd struct {
	id         uint64
	flags      uint32
	srcfd      uint32
	newfd      uint32
	newfdFlags uint32
}

// ioctl requests of a listener (linux/seccomp.h).
const (
	notifRecv     = 0xc0502100
	notifSend     = 0xc0182101
	notifIDValid  = 0x40082102
	notifAddfd    = 0x40182103
	notifSetFlags = 0x40082104
)

func ioctl(fd int, req uintptr, arg unsafe.Pointer) (uintptr, unix.Errno) {
	r, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), req, uintptr(arg))
	return r, e
}

// NotifRecv waits for the next call. It returns ENOENT if the caller died
// meanwhile.
func NotifRecv(fd int, n *SeccompNotif) unix.Errno {
	*n = SeccompNotif{} // the kernel refuses a dirty buffer
	_, e := ioctl(fd, notifRecv, unsafe.Pointer(n))
	return e
}

// NotifContinue lets the kernel perform the call. Its pointer arguments must
// not have been judged: the caller can change what they point to.
func NotifContinue(fd int, id uint64) unix.Errno {
	return answer(fd, &seccompNotifResp{id: id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE})
}

// answer sends an answer. A signal may come while another thread is at the
// listener: the caller still has to be answered.
func answer(fd int, r *seccompNotifResp) unix.Errno {
	for {
		if _, e := ioctl(fd, notifSend, unsafe.Pointer(r)); e != unix.EINTR {
			return e
		}
	}
}

// NotifReturn answers with a result, or with errno if it is not 0.
func NotifReturn(fd int, id uint64, val int64, errno unix.Errno) unix.Errno {
	return answer(fd, &seccompNotifResp{id: id, val: val, error: -int32(errno)})
}

// NotifInstallFD puts a copy of fd into the caller without answering yet and
// returns its number there. Linux 5.9.
func NotifInstallFD(fd int, id uint64, src int, flags uint32) (int, unix.Errno) {
	a := seccompNotifAddfd{id: id, srcfd: uint32(src), newfdFlags: flags}
	n, e := undisturbed(fd, &a)
	return int(n), e
}

// NotifValid reports whether the call still waits: then what was read of the
// caller's memory was read of the caller's and not of a successor's.
func NotifValid(fd int, id uint64) bool {
	_, e := ioctl(fd, notifIDValid, unsafe.Pointer(&id))
	return e == 0
}

// NotifSyncWakeup makes the kernel hand the processor over between caller and
// listener instead of waking the other on another one. Linux 6.6.
func NotifSyncWakeup(fd int) unix.Errno {
	_, _, e := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), notifSetFlags, unix.SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP)
	return e
}

// SeccompAction reports whether the kernel knows a filter action.
func SeccompAction(action uint32) bool {
	_, _, e := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptr(unsafe.Pointer(&action)))
	return e == 0
}

// SeccompFilter reports how the kernel answers SECCOMP_SET_MODE_FILTER with the
// given flags and no program: EFAULT where flags and mode are known.
func SeccompFilter(flags uintptr) unix.Errno {
	_, _, e := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, flags, 0)
	return e
}

// ListenHere loads a filter that admits everything on the calling thread and returns its
// listener. Preconditions: the goroutine is locked to the thread, which is used for
// nothing afterwards.
func ListenHere() (int, unix.Errno) {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return -1, unix.EPERM
	}
	prog := SockFprog([]unix.SockFilter{{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW}})
	fd, _, e := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_NEW_LISTENER, uintptr(unsafe.Pointer(prog)))
	runtime.KeepAlive(prog)
	return int(fd), e
}

// LoadFilterAllThreads loads a filter for every thread of this process
// (SECCOMP_FILTER_FLAG_TSYNC, Linux 3.17).
// Preconditions: no_new_privs is set on the calling thread, which the goroutine
// is locked to.
func LoadFilterAllThreads(code []unix.SockFilter) error {
	prog := SockFprog(code)
	tid, _, e := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(prog)))
	runtime.KeepAlive(prog)
	switch {
	case e == unix.ENOMEM:
		return fmt.Errorf("seccomp: %w: the filters of this process exceed 32768 instructions: pledge fewer times", e)
	case e != 0:
		return fmt.Errorf("seccomp: %w", e)
	case tid != 0:
		return fmt.Errorf("seccomp: thread %d has filters of its own and cannot be brought under this one", tid)
	}
	return nil
}

// Violate makes a call that no promise admits, and returns what the filter
// answers.
func Violate() error {
	_, _, e := unix.RawSyscall(unix.SYS_KCMP, 0, 0, 0)
	return e
}
