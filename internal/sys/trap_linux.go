//go:build linux && (amd64 || arm64)

package sys

//lint:file-ignore U1000 the assembly uses the variables

import (
	"runtime"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A TrapRecord is what the handler of SIGSYS keeps of the first call that a
// filter trapped. The assembly knows this layout.
type TrapRecord struct {
	Args   [6]uint64
	PC     uint64
	Number int32
	Arch   uint32
	TID    int32
	_      int32
	FP, SP uint64 // where the frame of the function that called lies, and its stack
}

var (
	trapRecord  TrapRecord
	trapClaimed uint32
	trapDone    uint32
	trapEvent   int32
	trapCount   uint64 = 1
	trapNap            = [2]int64{0, 2_000_000} // struct timespec
)

func trapAddress() uintptr

// CatchTraps installs a handler of SIGSYS that keeps what was called, makes the
// returned eventfd readable, holds the calling thread for at most two seconds,
// or until TrapTold, and then ends the process by SIGSYS: it makes a call that
// the filter traps while SIGSYS is blocked. The handler calls into nothing.
// Preconditions: called once; the filter will trap kcmp(2), and keep
// rt_sigaction(SIGSYS) without effect, so that nobody can put another handler in
// its place.
func CatchTraps() (int, error) {
	fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		return -1, err
	}
	trapEvent = int32(fd)
	var act sigaction
	kernelAction(unix.SIGSEGV, nil, &act) // flags and restorer of a handler of Go's runtime
	act.handler, act.mask = trapAddress(), ^uintptr(0)
	if !kernelAction(unix.SIGSYS, &act, nil) {
		return -1, unix.EINVAL
	}
	return fd, nil
}

// Trapped returns the record, once the eventfd has become readable.
func Trapped() TrapRecord { return trapRecord }

// Callers are the places in Go's code that the trapped call was made from, the
// innermost first: PC, and what the frame pointers lead to. The thread stands still in
// the handler, and so does its stack.
func (r TrapRecord) Callers() []uintptr {
	const most, largest = 64, 1 << 20
	pc, fp, above := uintptr(r.PC), uintptr(r.FP), uintptr(r.SP)
	var list []uintptr
	for len(list) < most && runtime.FuncForPC(pc) != nil { // code of C has no frames to go by
		list = append(list, pc)
		if fp < above || fp-above > largest || fp%unsafe.Alignof(fp) != 0 {
			break
		}
		frame := (*[2]uintptr)(*(*unsafe.Pointer)(unsafe.Pointer(&fp)))
		above, fp, pc = fp+1, frame[0], frame[1]
	}
	return list
}

// TrapTold lets the handler end the process.
func TrapTold() { atomic.StoreUint32(&trapDone, 1) }
