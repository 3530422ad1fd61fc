//go:build amd64 || arm64

package pledge

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/process"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/trust"
	"github.com/pledge-linux/pledge/promises"
)

// OnViolation has f told what was called before a violation ends the process;
// nil writes the line of [Violation.String] to standard error, and [Violation.Caller]
// (or the whole [Violation.Stack] with PLEDGE_DEBUG=1). It counts for promises that
// are made after it. f runs on a goroutine of its own while the calling thread is held;
// when it returns, or after two seconds, the process dies by SIGSYS.
//
// The filter then traps instead of killing (SECCOMP_RET_TRAP). Setting a handler of
// SIGSYS succeeds and has no effect. It is for finding out what a program needs:
// hostile code in the process can keep the handler from running and so survive,
// though not perform, violations. A filter of an earlier pledge that kills goes on
// killing untold. On OpenBSD the kernel tells; f is not called.
func OnViolation(f func(Violation)) {
	process.Mu.Lock()
	defer process.Mu.Unlock()
	if f == nil {
		f = tell
	}
	trap.wanted, trap.tell = true, f
}

// tell writes the line of a violation, and where the call was made if that was asked.
func tell(v Violation) {
	line := v.String()
	if debugging() {
		line += "\n" + strings.TrimSuffix(v.Stack(), "\n")
	} else if at := v.Caller(); at != "" {
		line += ", at " + at
	}
	fmt.Fprintln(os.Stderr, line)
}

// debugging reports whether whoever started the program wants to see violations. In
// one that has more rights than they do it counts for nothing.
func debugging() bool {
	return os.Getenv("PLEDGE_DEBUG") == "1" && trust.Elevated() == nil
}

// A trapping is what OnViolation asked for. Package process's mutex guards it.
type trapping struct {
	wanted, installed bool
	tell              func(Violation)
	// promises are those of the last pledge. The goroutine that tells may not wait
	// for the mutex: a thread that will never go on can hold it.
	promises atomic.Uint64
}

var trap trapping

// install puts the handler in place, and a goroutine that waits for it.
func (t *trapping) install() error {
	if t.installed {
		return nil
	}
	fd, err := sys.CatchTraps()
	if err != nil {
		return fmt.Errorf("catch SIGSYS: %w", err)
	}
	t.installed = true
	if runtime.GOMAXPROCS(0) == 1 {
		runtime.GOMAXPROCS(2) // the thread that is held keeps one
	}
	go t.wait(fd)
	return nil
}

func (t *trapping) wait(fd int) {
	var count [8]byte
	for {
		if _, err := unix.Read(fd, count[:]); err == unix.EINTR {
			continue
		}
		break
	}
	t.tell(newViolation(sys.Trapped()))
	sys.TrapTold()
}

func newViolation(r sys.TrapRecord) Violation {
	v := Violation{Number: int(r.Number), Args: r.Args, PC: uintptr(r.PC), ThreadID: int(r.TID), Callers: r.Callers()}
	if arch := abi.ByAudit(r.Arch); arch != nil {
		v.Syscall = arch.CallName(uint32(r.Number))
	}
	set := promises.Set(trap.promises.Load()) | rules.Unsupervised | rules.Library
	if need, ok := rules.Needs(v.Syscall, v.Args, set, self()); ok {
		v.Promise = need.String()
	}
	return v
}

func (v Violation) text() string {
	return fmt.Sprintf("%s[%d]: pledge %q, syscall %d (%s)", quote.Word(filepath.Base(os.Args[0])), os.Getpid(), v.Promise, v.Number, v.Syscall)
}
