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
	// No signal handler of ours may run in the child, which shares our memory:
	// all signals are blocked until its handlers are reset.
	full := ^uint64(0)
	var old uint64
	sigmask(unix.SIG_SETMASK, &full, &old)
	defer sigmask(unix.SIG_SETMASK, &old, nil)
	s.steps[0] = step{nr: unix.SYS_RT_SIGPROCMASK, args: [6]uintptr{unix.SIG_SETMASK, Keep(s, &old), 0, 8}}
	args := &cloneArgs{0: unix.CLONE_VM | unix.CLONE_VFORK | unix.CLONE_FILES | cloneClearSighand, 4: uint64(unix.SIGCHLD)}
	pid, err = s.vfork(0, unix.SYS_CLONE3, Keep(s, args), unsafe.Sizeof(*args))
	if se, ok := err.(*StepError); ok && se.Step == stepClone {
		// A kernel before 5.5, or a sandbox around this process that cannot look
		// into clone3's structure.
		n := s.resetHandlers()
		return s.vfork(n, unix.SYS_CLONE, unix.CLONE_VM|unix.CLONE_VFORK|unix.CLONE_FILES|uintptr(unix.SIGCHLD), 0)
	}
	return pid, err
}

const stepClone = "clone"

// vfork starts the child with the given call. The first unnamed steps have no
// name of their own.
func (s *Script) vfork(unnamed int, nr, arg0, arg1 uintptr) (pid int, err error) {
	var f failure
	p, errno := vforkSteps(nr, arg0, arg1, &s.steps[0], uintptr(len(s.steps)), &f)
	runtime.KeepAlive(s)
	if errno != 0 {
		return 0, &StepError{stepClone, unix.Errno(errno)}
	}
	if f.errno == 0 {
		return int(p), nil
	}
	var ws unix.WaitStatus
	unix.Wait4(int(p), &ws, unix.WALL, nil)
	return 0, &StepError{s.names[max(int(f.step)-unnamed, 0)], unix.Errno(f.errno)}
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
