// Package launcher runs a program under promises and unveiled paths.
//
//	spec := &launcher.Spec{Argv: []string{"cat", "/etc/hostname"}, Env: os.Environ(), Promises: set}
//	status, err := launcher.Run(spec)
//
// The child confines itself before it executes the program: a script of system
// calls sets no_new_privs, enforces the Landlock ruleset and loads one seccomp
// filter, under which the starting execve passes by a secret in registers that
// execve(2) does not use (seccomp shows them to the filter). There is no moment
// at which the program, its loader or its constructors run unconfined.
//
// # Supervised
//
// [Run] stays as the parent. The filter hands would-be violations to it: it
// names what is missing, applies the penalty, opens whitelisted files, and
// serves the dynamic loader until the program's entry point is reached. Calls
// that are allowed never leave the kernel. When the supervisor dies the kernel
// answers ENOSYS in its place.
//
// # In place
//
// [Exec] turns this process into the program. Nobody can serve the loader or
// end its rights at the entry point, so they stay, and the whitelist is left to
// Landlock.
//
// # Limitations
//
// doc/security.md lists what each layer enforces and what none can.
//
// # Stability
//
// Before version 1 fields may be added to [Spec], [Report] and [Observation]; write
// them with the names of their fields. Run and Exec keep their meaning. What Stub,
// Describe and WriteFilter return is for this version alone.
package launcher

import (
	"fmt"

	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// Penalty is what happens to a violation.
type Penalty uint8

// The penalties. The promise error makes violations fail with ENOSYS and say
// nothing, whatever the penalty.
const (
	Deny Penalty = iota // EPERM and a report
	Kill                // the process dies, status 134
)

// A Limit is a resource limit, soft and hard at once.
type Limit struct {
	Resource int // RLIMIT_*
	Value    uint64
}

// Credentials are those that the program is given instead of the launcher's.
type Credentials struct {
	UID, GID uint32
	Groups   []uint32
}

// A Spec says what to run and how to confine it.
type Spec struct {
	Argv []string
	Env  []string
	Dir  string // working directory; "" is the launcher's

	Promises promises.Set
	Unveil   *unveil.Plan // nil unveils everything
	Penalty  Penalty

	KeepFDs  []int // inherited descriptors above 2 that stay open
	Limits   []Limit
	User     *Credentials
	KeepCaps bool

	// TCPConnect and TCPBind limit TCP to these ports where not nil.
	TCPConnect, TCPBind []uint16

	// BestEffort accepts that a kernel lacks something; what was lost is in
	// Report's notes.
	BestEffort bool
	// TraceUnveil reports opens that Landlock will refuse, at the price of a
	// round trip for every open.
	TraceUnveil bool
	// StrictUnveil answers stat, access and readlink by unveil too, and ENOENT
	// for what is hidden, at the price of a round trip for every such call.
	StrictUnveil bool
	// Observe has the program watched; nil confines it.
	Observe *Observation
	// Started, if not nil, is called once it is known how the program is
	// confined: when it runs, or right before Exec becomes it.
	Started func()
	Report  *Report
}

// ErrNotSupported is what errors.Is finds in the error of a system for which no
// filters are written: they are for Linux on amd64 and arm64.
const ErrNotSupported = promises.ErrNotSupported

// An Error is a failure of the launcher itself; nothing was run.
type Error struct {
	Status int // 125, 126 (cannot be executed) or 127 (not found)
	Err    error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns what went wrong.
func (e *Error) Unwrap() error { return e.Err }

// Exit statuses of the launcher itself, and of a violation under Kill.
const (
	statusFailed    = 125
	statusNotExec   = 126
	statusNotFound  = 127
	statusViolation = 128 + 6 // as of SIGABRT
)

func failf(format string, args ...any) *Error {
	return &Error{statusFailed, fmt.Errorf(format, args...)}
}
