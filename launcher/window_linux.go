//go:build amd64 || arm64

package launcher

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// A window is the time before the entry point, in which the program has the
// loader's rights. It ends at the entry point, when a second thread or process
// appears, or when it has taken longer than loading does anywhere.
type window struct {
	since time.Time
	ended atomic.Bool
}

// No loader takes that long: on a board, emulated and loaded with other work, a
// desktop program with three hundred libraries takes some seconds. Time counts
// from when the program was started, without that in which the machine slept.
const (
	windowAtLeast = 30 * time.Second
	windowCPU     = 20 * time.Second
	windowAtMost  = 10 * time.Minute
)

// over reports whether the window is over for the process, and keeps that.
func (w *window) over(pid int) bool {
	if w.ended.Load() || w.since.IsZero() {
		return w.ended.Load()
	}
	passed := time.Since(w.since)
	if passed < windowAtLeast {
		return false
	}
	if expired(passed, cpuTime(pid)) {
		w.ended.Store(true)
	}
	return w.ended.Load()
}

// expired judges by the clock and by the processor time.
func expired(passed, used time.Duration) bool {
	return passed >= windowAtMost || passed >= windowAtLeast && used >= windowCPU
}

// cpuTime is what a process has used of the processors.
func cpuTime(pid int) time.Duration {
	const perProcess = 2 // CPUCLOCK_SCHED of a whole process
	var ts unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|perProcess), &ts); err != nil {
		return 0
	}
	return time.Duration(ts.Nano())
}
