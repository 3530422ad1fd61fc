package sys

import (
	"bytes"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ReadMemory copies len(p) bytes of another process. It returns how many could
// be copied, and an error if none could.
func ReadMemory(pid int, addr uint64, p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	local := []unix.Iovec{{Base: &p[0]}}
	local[0].SetLen(len(p))
	return unix.ProcessVMReadv(pid, local, []unix.RemoteIovec{{Base: uintptr(addr), Len: len(p)}}, 0)
}

// WriteMemory copies p into another process.
func WriteMemory(pid int, addr uint64, p []byte) error {
	if len(p) == 0 {
		return nil
	}
	local := []unix.Iovec{{Base: &p[0]}}
	local[0].SetLen(len(p))
	n, err := unix.ProcessVMWritev(pid, local, []unix.RemoteIovec{{Base: uintptr(addr), Len: len(p)}}, 0)
	if err == nil && n < len(p) {
		err = unix.EFAULT
	}
	return err
}

// ReadString copies a string that ends in NUL from another process, page by
// page. It returns ENAMETOOLONG if there is no NUL within limit bytes.
func ReadString(pid int, addr uint64, limit int) (string, error) {
	var out []byte
	for len(out) < limit {
		chunk := make([]byte, min(256-int(addr%256), limit-len(out)))
		n, err := ReadMemory(pid, addr, chunk)
		if err != nil {
			return "", err
		}
		if i := bytes.IndexByte(chunk[:n], 0); i >= 0 {
			return string(append(out, chunk[:i]...)), nil
		}
		out = append(out, chunk[:n]...)
		addr += uint64(n)
	}
	return "", unix.ENAMETOOLONG
}

// Bytes returns the memory of a structure that the kernel fills, as it is.
func Bytes[T any](p *T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(p)), unsafe.Sizeof(*p))
}

// Random fills the front of p with random bytes and returns how many. It is the
// system call: unix.Getrandom's way through the vDSO sets up memory that one
// call does not pay for. Preconditions: p is not empty.
func Random(p []byte) (int, unix.Errno) {
	n, _, e := unix.Syscall(unix.SYS_GETRANDOM, uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)), 0)
	if e != 0 {
		return 0, e
	}
	return int(n), 0
}

// Address returns where p points, for a raw system call that is made at once.
func Address[T any](p *T) uintptr { return uintptr(unsafe.Pointer(p)) }
