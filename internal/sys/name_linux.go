package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// SetName names the calling thread, and with it the process if it is its first,
// as ps and the kernel's messages show it: at most 15 bytes.
func SetName(name string) {
	if p, err := unix.BytePtrFromString(name); err == nil {
		unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(p)), 0, 0, 0)
	}
}
