//go:build amd64 || arm64

package launcher

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
)

// Entries of /proc/PID/auxv.
const (
	atNull  = 0
	atBase  = 7
	atEntry = 9
)

// newTasks has the program stop where it makes a thread or a process, before
// that runs.
const newTasks = unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEFORK | unix.PTRACE_O_TRACEVFORK

// A tracee is the program on its way to its entry point, where it is stopped by a
// breakpoint. Only the kin touches it.
type tracee struct {
	pid    int
	before *sys.Affinity // where it may run from then on; nil for anywhere
	entry  uintptr
	saved  []byte // what the breakpoint stands in the place of
}

// follow sets a breakpoint at the entry point of the program, which is held before
// its first instruction: until then the supervisor will serve the dynamic loader, from then on
// nobody does. It reports whether the program ended before, and its status.
func (s *supervisor) follow() (done bool, status int, err error) {
	if ws := s.child.held.Status; !ws.Stopped() {
		return true, s.child.status(ws), nil
	}
	s.window.since = time.Now()
	err = s.launch.sameProgram(s.child.pid)
	if err == nil {
		err = unix.PtraceSetOptions(s.child.pid, unix.PTRACE_O_EXITKILL|newTasks)
	}
	entry, dynamic, e := entryPoint(s.child.pid)
	if err == nil {
		err = e
	}
	switch {
	case err != nil:
	case !dynamic:
		err = s.arrived()
	default:
		err = s.tracee.breakAt(entry)
	}
	return false, 0, s.followed(err)
}

// depart has a program go on that was held. A stop that came before its first instruction
// comes now, if it was not continued since; the kernel sees to what happens in between.
func (s *supervisor) depart() error {
	stop := 0
	if s.child.held.Stop {
		if st, err := procfs.ReadStatus(s.child.pid); err == nil && !st.Continues() {
			stop = int(unix.SIGSTOP)
		}
	}
	return s.followed(unix.PtraceCont(s.child.pid, stop))
}

// arrived ends the loader's rights and the tracing.
func (s *supervisor) arrived() error {
	s.loading.Store(false)
	s.listener.Direct(s.launch.spec.Observe != nil)
	s.tracee.spread()
	s.launch.unpin()
	return unix.PtraceDetach(s.child.pid)
}

// spread lets the program run where the launcher might before it was pinned. A
// constructor may have started threads, which were born pinned.
func (t *tracee) spread() {
	if t.before == nil {
		return
	}
	unix.SchedSetaffinity(t.pid, t.before)
	tasks := "/proc/" + strconv.Itoa(t.pid) + "/task"
	var st unix.Stat_t
	if unix.Stat(tasks, &st) != nil || st.Nlink <= 3 {
		return
	}
	threads, _ := os.ReadDir(tasks)
	for _, d := range threads {
		if tid, err := strconv.Atoi(d.Name()); err == nil {
			unix.SchedSetaffinity(tid, t.before)
		}
	}
}

// followed kills a program that cannot be followed: its loader's rights would
// not end. What is stopped and cannot be found was killed by somebody, whose doing
// it stays.
func (s *supervisor) followed(err error) error {
	if err == nil {
		return nil
	}
	unix.Kill(s.child.pid, unix.SIGKILL)
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	return failf("follow %s to its entry point: %w", s.launch.image.path, err)
}

// entryPoint reads where the program begins, and whether a loader comes first.
func entryPoint(pid int) (entry uintptr, dynamic bool, err error) {
	b, err := procfs.Read(pid, "auxv")
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

func (t *tracee) breakAt(entry uintptr) error {
	pid := t.pid
	t.entry, t.saved = entry, make([]byte, len(breakpoint))
	if _, err := unix.PtracePeekText(pid, entry, t.saved); err != nil {
		return fmt.Errorf("read the entry point: %w", err)
	}
	if _, err := unix.PtracePokeText(pid, entry, breakpoint); err != nil {
		return fmt.Errorf("set the breakpoint: %w", err)
	}
	return nil
}

// advance deals with a stop on the way to the entry point: at the breakpoint,
// which it removes, where a thread or process was made, which ends the loader's
// rights as well, or by a signal, which it delivers.
func (s *supervisor) advance(ws unix.WaitStatus) error {
	sig := ws.StopSignal()
	if ws.TrapCause() > 0 {
		return s.followed(s.multiplied())
	}
	hit, err := false, error(nil)
	switch sig {
	case unix.SIGTRAP:
		hit, err = s.tracee.atBreakpoint()
	case unix.SIGSTOP, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU:
		if sys.PtraceHalted(s.child.pid) {
			if s.paused() {
				s.halt()
			}
			sig = 0
		}
	}
	switch {
	case err != nil:
	case !hit:
		err = unix.PtraceCont(s.child.pid, int(sig))
	default:
		if err = s.tracee.clear(s.child.pid); err == nil {
			err = s.arrived()
		}
	}
	return s.followed(err)
}

// clear removes the breakpoint from a process.
func (t *tracee) clear(pid int) error {
	_, err := unix.PtracePokeText(pid, t.entry, t.saved)
	return err
}

// multiplied ends the loader's rights where the program has made a thread or a
// process. Neither of the two runs: both are stopped. A process has a copy of the
// breakpoint.
func (s *supervisor) multiplied() error {
	id, err := unix.PtraceGetEventMsg(s.child.pid)
	if err == nil {
		err = s.tracee.clear(s.child.pid)
	}
	if err == nil {
		err = s.tracee.release(int(id))
	}
	if err != nil {
		return err
	}
	return s.arrived()
}

// release lets a new thread or process go. Its first stop may have been taken
// note of already.
func (t *tracee) release(pid int) error {
	err := t.clear(pid)
	if errors.Is(err, unix.ESRCH) {
		var ws unix.WaitStatus
		if _, err := unix.Wait4(pid, &ws, unix.WALL, nil); err != nil || !ws.Stopped() {
			return nil // it was killed
		}
		err = t.clear(pid)
	}
	if err != nil {
		return err
	}
	if t.before != nil {
		unix.SchedSetaffinity(pid, t.before)
	}
	return unix.PtraceDetach(pid)
}
