//go:build linux && (amd64 || arm64)

package sys

import (
	"runtime"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A step is one system call of a script. The assembly knows this layout.
type step struct {
	nr     uintptr // or stepBranch
	args   [6]uintptr
	store  *uint32 // if not nil, receives the low 32 bits of the result
	ignore uintptr // not 0 if the step may fail
}

// stepBranch is no system call, and only a child's: it goes on with another step, whose
// address and number are the first two arguments, or ends if the third is not 0
// and points to 16 bits of which one of the fourth's is set.
const stepBranch = ^uintptr(0)

// A Script is a list of system calls that run where no Go code can: in a child
// that shares this process's memory until it executes a program, or on a thread
// that is about to. The memory that they point to is kept with it.
type Script struct {
	steps []step
	names []string
	keep  []any
	// failure is what a child that failed tells; the first unnamed steps have no name.
	failure failure
	unnamed int
	// mask is the signals that the starting thread blocks; held, that a held child does.
	mask, held uint64
}

// NewScript returns an empty script with room for the steps of a launch.
func NewScript() *Script {
	const room = 96
	s := &Script{steps: make([]step, 0, room), names: make([]string, 0, room), keep: make([]any, 0, 16)}
	s.add("restore the signal mask", step{}, nil) // Start fills it in, Run skips it
	return s
}

// Add appends a system call that must succeed; name says what it does.
func (s *Script) Add(name string, nr uintptr, args ...uintptr) {
	s.add(name, step{nr: nr}, args)
}

// Try appends a system call that may fail.
func (s *Script) Try(name string, nr uintptr, args ...uintptr) {
	s.add(name, step{nr: nr, ignore: 1}, args)
}

// Store appends a system call whose result is written to to.
func (s *Script) Store(name string, to *uint32, nr uintptr, args ...uintptr) {
	s.add(name, step{nr: nr, store: to}, args)
}

func (s *Script) add(name string, st step, args []uintptr) {
	copy(st.args[:], args)
	s.steps = append(s.steps, st)
	s.names = append(s.names, name)
}

// Secret puts words into the last arguments of the last step, from argument
// first on. They are written where the kernel will read them and nowhere else,
// so that Wipe forgets them.
func (s *Script) Secret(first int, words []uint64) {
	args := &s.steps[len(s.steps)-1].args
	for i := range words {
		args[first+i] = uintptr(words[i])
	}
}

// Wipe forgets the steps.
func (s *Script) Wipe() { clear(s.steps[:cap(s.steps)]) }

// Keep returns the address of memory that steps point to, and keeps it alive
// until the script has run.
func Keep[T any](s *Script, p *T) uintptr {
	s.keep = append(s.keep, p)
	return uintptr(unsafe.Pointer(p))
}

// KeepString is Keep for a string that the kernel reads up to its NUL.
func (s *Script) KeepString(str string) uintptr {
	b, err := unix.BytePtrFromString(str)
	if err != nil {
		b = new(byte)
	}
	return Keep(s, b)
}

// KeepStrings is KeepString for an array of strings that ends in a null
// pointer, as execve takes. A string with a NUL in it is left out.
func (s *Script) KeepStrings(list []string) uintptr {
	size := 0
	for _, str := range list {
		size += len(str) + 1
	}
	text := make([]byte, 0, size+1) // one piece of memory: each costs a page fault
	ptrs := make([]*byte, 0, len(list)+1)
	for _, str := range list {
		if strings.IndexByte(str, 0) < 0 {
			at := len(text)
			text = append(append(text, str...), 0)
			ptrs = append(ptrs, &text[at])
		}
	}
	ptrs = append(ptrs, nil)
	s.keep = append(s.keep, ptrs)
	return uintptr(unsafe.Pointer(&ptrs[0]))
}

// A StepError is a step that failed.
type StepError struct {
	Step  string
	Errno unix.Errno
}

func (e *StepError) Error() string { return e.Step + ": " + e.Errno.Error() }

// Unwrap returns the errno.
func (e *StepError) Unwrap() error { return e.Errno }

// Implemented in script_*.s.
//
//go:noescape
func runSteps(steps *step, n uintptr) (failed int64, errno uintptr)

//go:noescape
func vforkSteps(nr, arg0, arg1 uintptr, steps *step, n uintptr, failure *failure) (pid uintptr, errno uintptr)

type failure struct{ step, errno uint64 }

// Run performs the script on the calling thread. It returns only if a step
// fails or the script ends without execve.
// A successful execve resets signal handlers by itself. The thread cannot change
// while it performs the steps, so the goroutine need not be locked to it.
func (s *Script) Run() error {
	steps := s.steps[1:]
	failed, errno := runSteps(&steps[0], uintptr(len(steps)))
	runtime.KeepAlive(s)
	if failed < 0 {
		return nil
	}
	return &StepError{s.names[1+failed], unix.Errno(errno)}
}

// cloneArgs is struct clone_args of clone3(2), as of Linux 5.3: flags, pidfd,
// child_tid, parent_tid, exit_signal, stack, stack_size, tls.
type cloneArgs [8]uint64

const cloneClearSighand = 0x100000000

// Start performs the script in a new child and returns its process id when the
// child has executed a program. Until then the child shares memory and
// descriptors with this process: a descriptor that it makes is ours, and
// closing on exec spares our copy. The child's signal handlers are the default
// ones, ignored signals stay ignored, and its mask is this thread's.
// Preconditions: the goroutine is locked to its thread; the last step is
// execve.
func (s *Script) Start() (pid int, err error) {
	defer blockAll(&s.mask)()
	s.restoreMask(&s.mask)
	if pid, err = s.clone(unix.CLONE_VFORK); err != nil || s.failure.errno == 0 {
		return pid, err
	}
	return 0, s.ended(pid)
}

// A Held is a child of [Script.StartHeld].
type Held struct {
	PID int
	// Status is how it ended before it executed a program; a stop otherwise.
	Status unix.WaitStatus
	// Stop is set if it was to be stopped (SIGSTOP) before it could be.
	Stop bool
}

// StartHeld is Start for a script with PTRACE_TRACEME among its steps: it returns
// when the child stands before the first instruction of its program. This thread
// is not suspended meanwhile, for a tracee that a signal stops has to be helped on; other
// signals than those that nothing blocks wait for the program.
func (s *Script) StartHeld() (h Held, err error) {
	defer blockAll(&s.mask)()
	s.held = ^uint64(0) &^ (1 << (unix.SIGTRAP - 1)) // by which the kernel tells of execve
	s.restoreMask(&s.held)
	if h.PID, err = s.clone(0); err != nil {
		return h, err
	}
	for {
		_, err := unix.Wait4(h.PID, &h.Status, unix.WALL, nil)
		switch sig := h.Status.StopSignal(); {
		case err == unix.EINTR:
		case err != nil:
			return h, &StepError{stepClone, asErrno(err)}
		case !h.Status.Stopped() && s.failure.errno != 0:
			return h, s.stepError()
		case !h.Status.Stopped():
			return h, nil
		case sig == unix.SIGTRAP && ptraceSender(h.PID) == h.PID:
			_, err := PtraceSigmask(h.PID, s.mask)
			if err == nil || err == unix.ESRCH { // it was killed, which the next wait tells
				return h, nil
			}
			unix.Kill(h.PID, unix.SIGKILL)
			return h, err
		case sig == unix.SIGSTOP:
			h.Stop = true // here nobody would hear of its being continued
			unix.PtraceCont(h.PID, 0)
		default:
			unix.PtraceCont(h.PID, int(sig))
		}
	}
}

// blockAll blocks all signals: no signal handler of ours may run in a child that
// shares our memory, so they are blocked until its handlers are reset. It returns what undoes that.
func blockAll(old *uint64) func() {
	full := ^uint64(0)
	sigmask(unix.SIG_SETMASK, &full, old)
	return func() { sigmask(unix.SIG_SETMASK, old, nil) }
}

// restoreMask makes the child's first step.
func (s *Script) restoreMask(mask *uint64) {
	s.steps[0] = step{nr: unix.SYS_RT_SIGPROCMASK, args: [6]uintptr{unix.SIG_SETMASK, Keep(s, mask), 0, 8}}
}

const stepClone = "clone"

// clone starts the child.
func (s *Script) clone(how uintptr) (pid int, err error) {
	const shared = unix.CLONE_VM | unix.CLONE_FILES
	args := &cloneArgs{0: uint64(how | shared | cloneClearSighand), 4: uint64(unix.SIGCHLD)}
	p, errno := s.perform(unix.SYS_CLONE3, Keep(s, args), unsafe.Sizeof(*args))
	if errno != 0 {
		// A kernel before 5.5, or a sandbox around this process that cannot look
		// into clone3's structure.
		s.unnamed = s.resetHandlers()
		p, errno = s.perform(unix.SYS_CLONE, how|shared|uintptr(unix.SIGCHLD), 0)
	}
	runtime.KeepAlive(s)
	if errno != 0 {
		return 0, &StepError{stepClone, unix.Errno(errno)}
	}
	return int(p), nil
}

func (s *Script) perform(nr, arg0, arg1 uintptr) (pid, errno uintptr) {
	return vforkSteps(nr, arg0, arg1, &s.steps[0], uintptr(len(s.steps)), &s.failure)
}

// ended waits for a child that could not perform a step.
func (s *Script) ended(pid int) error {
	var ws unix.WaitStatus
	unix.Wait4(pid, &ws, unix.WALL, nil)
	return s.stepError()
}

func (s *Script) stepError() error {
	return &StepError{s.names[max(int(s.failure.step)-s.unnamed, 0)], unix.Errno(s.failure.errno)}
}

// resetHandlers puts steps in front that make handlers of this process the
// default action; ignored signals stay ignored. It returns their number.
func (s *Script) resetHandlers() int {
	var old, def sigaction
	dfl := Keep(s, &def)
	var steps []step
	for sig := uintptr(1); sig <= 64; sig++ {
		_, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, sig, 0, uintptr(unsafe.Pointer(&old)), 8, 0, 0)
		if e == 0 && old.handler > 1 {
			steps = append(steps, step{nr: unix.SYS_RT_SIGACTION, args: [6]uintptr{sig, dfl, 0, 8}, ignore: 1})
		}
	}
	n := len(steps)
	all := append(steps, s.steps...)
	s.Wipe()
	s.steps = all
	return n
}

// A sigaction is the kernel's, with a restorer as on amd64; arm64 has the field
// too.
type sigaction struct {
	handler, flags, restorer, mask uintptr
}
