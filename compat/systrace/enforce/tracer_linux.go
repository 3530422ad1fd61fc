package enforce

import (
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// tracer is the one thread that uses ptrace: to look at a program before its
// first instruction, and to make a thread change its directory.
type tracer struct {
	work chan func()
}

func newTracer() *tracer {
	t := &tracer{work: make(chan func())}
	go func() {
		runtime.LockOSThread()
		for f := range t.work {
			f()
		}
	}()
	return t
}

// do runs f on the tracer's thread.
func (t *tracer) do(f func()) {
	done := make(chan struct{})
	t.work <- func() { f(); close(done) }
	<-done
}

// stopsOf waits until a traced thread stops or ends. An execve moves a thread
// to its process's id.
func stopsOf(tid, tgid int) (id int, ws unix.WaitStatus, ok bool) {
	for pause := 20 * time.Microsecond; ; pause = min(2*pause, time.Millisecond) {
		for _, id := range []int{tid, tgid} {
			got, err := unix.Wait4(id, &ws, unix.WALL|unix.WNOHANG, nil)
			if err == nil && got == id {
				return id, ws, true
			}
			if err == unix.ECHILD && tid == tgid {
				return 0, ws, false
			}
		}
		if unix.Kill(tid, 0) == unix.ESRCH && unix.Kill(tgid, 0) == unix.ESRCH {
			return 0, ws, false
		}
		time.Sleep(pause)
	}
}

// ptraceEvent is the event of a stop, or 0.
func ptraceEvent(ws unix.WaitStatus) int { return int(ws) >> 16 }

const eventStop = 128 // PTRACE_EVENT_STOP
