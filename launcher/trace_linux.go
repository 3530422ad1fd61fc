package launcher

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Entries of /proc/PID/auxv.
const (
	atNull  = 0
	atBase  = 7
	atEntry = 9
)

// load waits under ptrace until the program's entry point: until then the
// supervisor serves the dynamic loader, from then on nobody does. It reports
// whether the program ended before, and its status.
func (s *supervisor) load() (done bool, status int, err error) {
	if done, status := s.stop(); done {
		return true, status, nil
	}
	entry, dynamic, err := entryPoint(s.child.pid)
	if err == nil && dynamic {
		err = s.runTo(entry, &done, &status)
	}
	s.loading.Store(false)
	s.child.traced = false
	switch {
	case done:
		return true, status, nil
	case err == nil:
		err = unix.PtraceDetach(s.child.pid)
	}
	if err != nil {
		unix.Kill(s.child.pid, unix.SIGKILL)
		return false, 0, failf("follow %s to its entry point: %w", s.launch.image.path, err)
	}
	return false, 0, nil
}

// stop waits for the exec stop and makes the program die with its tracer.
func (s *supervisor) stop() (done bool, status int) {
	ws, ok := s.waitTraced()
	if !ok || !ws.Stopped() {
		return true, s.child.status(ws)
	}
	unix.PtraceSetOptions(s.child.pid, unix.PTRACE_O_EXITKILL)
	if s.launch.before != nil { // executing did not move it; now it may run anywhere
		unix.SchedSetaffinity(s.child.pid, s.launch.before)
	}
	return false, 0
}

func (s *supervisor) waitTraced() (unix.WaitStatus, bool) {
	var ws unix.WaitStatus
	for {
		_, err := unix.Wait4(s.child.pid, &ws, unix.WALL, nil)
		if !errors.Is(err, unix.EINTR) {
			return ws, err == nil
		}
	}
}

// entryPoint reads where the program begins, and whether a loader comes first.
func entryPoint(pid int) (entry uintptr, dynamic bool, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/auxv", pid))
	if err != nil {
		return 0, false, err
	}
	word := func(i int) uint64 { return binary.LittleEndian.Uint64(b[i:]) }
	size := 8
	if narrow(b) {
		word, size = func(i int) uint64 { return uint64(binary.LittleEndian.Uint32(b[i:])) }, 4
	}
	for i := 0; i+2*size <= len(b); i += 2 * size {
		switch word(i) {
		case atEntry:
			entry = uintptr(word(i + size))
		case atBase:
			dynamic = word(i+size) != 0
		case atNull:
			return entry, dynamic && entry != 0, nil
		}
	}
	return entry, dynamic && entry != 0, nil
}

// narrow reports whether the auxiliary vector is one of 32-bit words: then the
// second word of its first pair is not the upper half of a small number.
func narrow(b []byte) bool {
	return len(b) >= 8 && binary.LittleEndian.Uint32(b[4:]) != 0
}

// runTo sets a breakpoint at the entry point, lets the loader run, and removes
// it. Signals that arrive meanwhile are delivered.
func (s *supervisor) runTo(entry uintptr, done *bool, status *int) error {
	pid := s.child.pid
	saved := make([]byte, len(breakpoint))
	if _, err := unix.PtracePeekText(pid, entry, saved); err != nil {
		return fmt.Errorf("read the entry point: %w", err)
	}
	if _, err := unix.PtracePokeText(pid, entry, breakpoint); err != nil {
		return fmt.Errorf("set the breakpoint: %w", err)
	}
	for sig := 0; ; {
		if err := unix.PtraceCont(pid, sig); err != nil {
			return err
		}
		ws, ok := s.waitTraced()
		if !ok || !ws.Stopped() {
			*done, *status = true, s.child.status(ws)
			return nil
		}
		if ws.StopSignal() == unix.SIGTRAP {
			hit, err := s.atBreakpoint(entry)
			if err != nil {
				return err
			}
			if hit {
				break
			}
		}
		sig = int(ws.StopSignal())
	}
	_, err := unix.PtracePokeText(pid, entry, saved)
	return err
}
