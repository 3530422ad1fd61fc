//go:build amd64 || arm64

package enforce

import (
	"time"

	"golang.org/x/sys/unix"
)

// stopsOf waits until a thread that the calling thread traces stops or ends. An
// execve moves a thread to its process's id.
func stopsOf(tid, tgid int) (id int, ws unix.WaitStatus, ok bool) {
	if tid == tgid {
		for {
			got, err := unix.Wait4(tid, &ws, unix.WALL, nil)
			if err == unix.EINTR {
				continue
			}
			return got, ws, err == nil
		}
	}
	for pause := 20 * time.Microsecond; ; pause = min(2*pause, time.Millisecond) {
		for _, id := range []int{tid, tgid} {
			got, err := unix.Wait4(id, &ws, unix.WALL|unix.WNOHANG, nil)
			if err == nil && got == id {
				return id, ws, true
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
