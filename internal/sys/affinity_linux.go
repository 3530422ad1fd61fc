package sys

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// An Affinity is the set of processors that a thread may run on.
type Affinity = unix.CPUSet

// SizeofAffinity is its size for sched_setaffinity(2).
const SizeofAffinity = unsafe.Sizeof(Affinity{})

// PinHere keeps the calling thread, and the children that it starts, on the
// processor that it runs on, and returns where it was allowed to run before.
// Handing a launch from processor to processor costs more than what is handed
// over.
func PinHere() (before *Affinity, ok bool) {
	before = new(Affinity)
	if unix.SchedGetaffinity(0, before) != nil {
		return nil, false
	}
	var cpu uint32
	if _, _, e := unix.RawSyscall(unix.SYS_GETCPU, uintptr(unsafe.Pointer(&cpu)), 0, 0); e != 0 {
		return nil, false
	}
	var one Affinity
	one.Set(int(cpu))
	return before, unix.SchedSetaffinity(0, &one) == nil
}
