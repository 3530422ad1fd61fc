// Package pledge confines the running Go program to what its promises admit:
// OpenBSD's pledge(2), on Linux by seccomp and Landlock, on OpenBSD by the real
// call.
//
//	if err := pledge.Pledge("stdio rpath", ""); err != nil {
//		log.Fatal(err)
//	}
//
// From the return of the call on, every thread of the process, existing and
// future, may only do what the promises say; a violation ends the process. Call
// it when everything is open that needs more: listeners, databases, keys.
//
// # Promises
//
// The words are those of OpenBSD 7.9, and tmppath; doc/promises.md lists what
// each admits, `pledge explain` the same on the command line. Promises only
// shrink: asking for more than is held is EPERM and changes nothing, unless
// error is held, then the request is cut down to what is held.
//
// # Starting programs
//
// Promises are inherited by every process that is started. On Linux a filter
// survives execve(2) and none is added there, so a plain execve cannot give the
// new image execpromises of its own:
//
//   - where the execpromises hold all that the promises hold, or none were
//     set ([Promises]), the image keeps the promises of its caller;
//   - where they hold less, execve answers EACCES, because the image would hold
//     more than it was to.
//
// [Command] starts a program under exactly the execpromises that it is given.
// Call it before the process gives up what the program needs.
//
// # Violations
//
// The process dies by SIGSYS, which nothing can catch or survive
// (SECCOMP_RET_KILL_PROCESS); OpenBSD sends SIGABRT. [Deny] answers EPERM
// instead, the promise error ENOSYS. [OnViolation] tells what happened before
// the process ends. With the environment variable PLEDGE_DEBUG=1 every program does
// that: the call, its word, and the stack that led to it, on standard error.
//
// # Limitations
//
// There is no supervisor, so what lies in memory is not looked at: file names
// (only whitelisted files can be read without rpath, Landlock sees to that, and
// such a file that is replaced by rename(2) cannot be read any more), the port
// of UDP under dns, descriptors in messages. [Status] lists what that means for the
// promises in force. Needs Linux 5.13 with Landlock where rpath is not held, and
// for rpath and wpath unless kernel.yama.ptrace_scope keeps processes out of each
// other's memory; 6.2 where paths are unveiled; where C has threads in the process,
// and the kernel is older than 7.0, each is brought to restrict itself by a signal (33), for
// which /proc is needed.
//
// # Stability
//
// What the words admit follows OpenBSD. Before version 1 options and fields of
// [State] and [Violation] may be added; functions keep their meaning.
package pledge

import (
	"fmt"
	"iter"
	"runtime"
	"strings"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/promises"
)

// ErrNotSupported is what errors.Is finds in the error of a kernel that lacks
// something; the error's text names the feature and the kernel that has it.
// Nothing was put in force then.
const ErrNotSupported = promises.ErrNotSupported

// An UnsupportedError is such an error.
type UnsupportedError = promises.UnsupportedError

// An Option changes what Pledge does. There are [Deny] and [BestEffort].
type Option interface{ option() option }

type option int

func (o option) option() option { return o }

// The options.
const (
	// Deny answers violations with EPERM instead of ending the process. After a
	// pledge whose violations end it that is EPERM: no filter is taken back.
	Deny option = iota + 1
	// BestEffort accepts that the kernel lacks Landlock, or an old one lacks
	// parts; [Status] says what was lost. seccomp is always needed. A later call
	// without it returns the error of what is missing, also for the same words.
	BestEffort
)

// Pledge restricts the process to the promises, and the programs that it
// executes to the execpromises, as pledge(2) does with two strings. The empty
// string is the empty set: see [Promises] and [ExecPromises] to leave one as it
// is.
//
// Words are separated by single spaces. Both strings are read before anything
// changes. If the error is nil everything asked for is in force; otherwise
// nothing is, but where the error says that a Landlock ruleset stays. Errors
// wrap EINVAL (unknown word), ENAMETOOLONG (more than 1024 bytes), EPERM (more
// than is held) and ErrNotSupported.
//
// A path that could not be unveiled is an error here, whatever was made of
// Unveil's; see package unveil.
//
// Without the word unveil the paths collected by package unveil are enforced,
// and none can be unveiled from then on.
func Pledge(promises, execpromises string, opts ...Option) error {
	return pledge(&promises, &execpromises, opts)
}

// Promises is Pledge that leaves the execpromises as they are.
func Promises(promises string, opts ...Option) error { return pledge(&promises, nil, opts) }

// ExecPromises is Pledge that leaves the promises as they are. In a process that
// has not pledged it is ErrNotSupported on Linux: nothing could hold an executed
// program to them; use [Command].
func ExecPromises(execpromises string, opts ...Option) error {
	return pledge(nil, &execpromises, opts)
}

// A Violation is a call that no promise admitted.
type Violation struct {
	Number   int       // of the system call
	Syscall  string    // its name
	Promise  string    // the words that would admit it, "" if none does
	Args     [6]uint64 // as they were in the registers
	PC       uintptr   // where the call was made
	ThreadID int
	// Callers are the places in Go's code that led to it, the innermost first, for
	// [runtime.CallersFrames]. There is none if C made the call.
	Callers []uintptr
}

// Caller returns the innermost place outside the standard library that led to the
// call, as "main.serve (/src/main.go:12)", or "".
func (v Violation) Caller() string {
	for f := range v.frames() {
		first, _, _ := strings.Cut(f.Function, "/")
		if name, _, _ := strings.Cut(f.Function, "."); name == "main" || strings.Contains(f.Function, "/") && strings.Contains(first, ".") {
			return frame(f)
		}
	}
	return ""
}

// Stack returns the places that led to the call, a line each.
func (v Violation) Stack() string {
	var b strings.Builder
	for f := range v.frames() {
		fmt.Fprintf(&b, "    %s\n", frame(f))
	}
	return b.String()
}

// frame is a place as it is printed: directories may have any name.
func frame(f runtime.Frame) string {
	return quote.Text(fmt.Sprintf("%s (%s:%d)", f.Function, f.File, f.Line))
}

func (v Violation) frames() iter.Seq[runtime.Frame] {
	return func(yield func(runtime.Frame) bool) {
		list := runtime.CallersFrames(v.Callers)
		for more := len(v.Callers) > 0; more; {
			var f runtime.Frame
			f, more = list.Next()
			if !yield(f) {
				return
			}
		}
	}
}

// String returns OpenBSD's line: comm[pid]: pledge "inet", syscall 41 (socket).
func (v Violation) String() string { return v.text() }
