//go:build linux && (amd64 || arm64)

package sys

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A step is one system call of a script. The assembly knows this layout.
type step struct {
	nr     uintptr
	args   [6]uintptr
	store  *uint32 // if not nil, receives the low 32 bits of the result
	ignore uintptr // not 0 if the step may fail
}

// A Script is a list of system calls that run where no Go code can: in a child
// that shares this process's memory until it executes a program, or on a thread
// that is about to. The memory that they point to is kept with it.
type Script struct {
	steps []step
	names []string
	keep  []any
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
// pointer, as execve takes.
func (s *Script) KeepStrings(list []string) uintptr {
	ptrs := make([]*byte, 0, len(list)+1)
	for _, str := range list {
		if b, err := unix.BytePtrFromString(str); err == nil {
			ptrs = append(ptrs, b)
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
func vforkSteps(flags uintptr, steps *step, n uintptr, failure *failure) (pid uintptr, errno uintptr)

type failure struct{ step, errno uint64 }

// Run performs the script on the calling thread. It returns only if a step
// fails or the script ends without execve.
// Preconditions: the goroutine is locked to its thread.
func (s *Script) Run() error {
	failed, errno := runSteps(&s.steps[0], uintptr(len(s.steps)))
	runtime.KeepAlive(s)
	if failed < 0 {
		return nil
	}
	return &StepError{s.names[failed], unix.Errno(errno)}
}

// Start performs the script in a new child and returns its process id when the
// child has executed a program. Until then the child shares memory and
// descriptors with this process: a descriptor that it makes is ours, and
// closing on exec spares our copy.
// Preconditions: the goroutine is locked to its thread; the last step is
// execve.
func (s *Script) Start() (pid int, err error) {
	// No signal handler may run in the child while it shares our memory. Its
	// script restores mask and handlers.
	full := ^uint64(0)
	var old uint64
	sigmask(unix.SIG_SETMASK, &full, &old)
	var f failure
	p, errno := vforkSteps(unix.CLONE_VM|unix.CLONE_VFORK|unix.CLONE_FILES|uintptr(unix.SIGCHLD), &s.steps[0], uintptr(len(s.steps)), &f)
	sigmask(unix.SIG_SETMASK, &old, nil)
	runtime.KeepAlive(s)
	if errno != 0 {
		return 0, &StepError{"clone", unix.Errno(errno)}
	}
	if f.errno != 0 {
		var ws unix.WaitStatus
		unix.Wait4(int(p), &ws, unix.WALL, nil)
		return 0, &StepError{s.names[f.step], unix.Errno(f.errno)}
	}
	return int(p), nil
}

func sigmask(how int, set, old *uint64) {
	unix.RawSyscall6(unix.SYS_RT_SIGPROCMASK, uintptr(how), uintptr(unsafe.Pointer(set)), uintptr(unsafe.Pointer(old)), 8, 0, 0)
}

// A sigaction is the kernel's, with a restorer as on amd64; arm64 has the field
// too.
type sigaction struct {
	handler, flags, restorer, mask uintptr
}

// ResetSignals appends the steps that a child needs before the program runs:
// handlers of this process become the default action, ignored signals stay
// ignored, and the signal mask is what it was at the start of this process.
func (s *Script) ResetSignals() {
	var old, def sigaction
	dfl := Keep(s, &def)
	for sig := uintptr(1); sig <= 64; sig++ {
		_, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, sig, 0, uintptr(unsafe.Pointer(&old)), 8, 0, 0)
		if e == 0 && old.handler > 1 {
			s.Try("reset signal handlers", unix.SYS_RT_SIGACTION, sig, dfl, 0, 8)
		}
	}
	mask := new(uint64)
	sigmask(unix.SIG_SETMASK, nil, mask)
	s.Add("restore the signal mask", unix.SYS_RT_SIGPROCMASK, uintptr(unix.SIG_SETMASK), Keep(s, mask), 0, 8)
}
