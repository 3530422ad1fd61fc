// Package enforce confines programs by policies of systrace: per system call,
// with seccomp user notification, on a stock kernel and without privilege.
//
//	status, err := enforce.Run(enforce.Options{Argv: []string{"ls"}, Mode: enforce.Automatic, Store: store, Log: log})
//
// What a policy decides by the call's number is a seccomp filter and costs
// nothing. What it decides by a path, an address or arguments reaches the
// supervisor, which reads the arguments once, decides, and then performs the
// call itself on what it has read: the kernel never looks at memory of the
// program that was judged. execve, which nobody can perform for another
// process, is continued, and what was really executed is compared with what was
// judged before its first instruction runs; a difference kills it.
//
// # Limitations
//
// A filter cannot be taken back: a policy that is changed while it is in use
// takes effect for all calls but those that its filter permits. Only Linux 5.19
// and later, amd64.
//
// # Stability
//
// Before version 1 fields may be added to [Options] and [Record]; lines of the log
// keep the form of systrace 1.6g.
package enforce

import (
	"io"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
)

// Mode is what happens to a call that the policy does not cover.
type Mode uint8

// Modes.
const (
	Automatic Mode = iota // refused and logged: systrace -a
	Learn                 // permitted, and a rule for it is added: systrace -A
	Ask                   // the agent is asked
)

// Options say what to run and how.
type Options struct {
	Argv []string
	Env  []string
	Mode Mode
	// Inherit keeps the first program's policy for all that it executes.
	Inherit bool
	// Generalize has learned rules hold for other temporary names, process ids
	// and versions than those of the run.
	Generalize bool
	// NoAlias leaves rules on fsread and fswrite out.
	NoAlias bool
	Store   *policy.Store
	// Log takes records of refused calls and of those of rules with log, one at
	// a time. Calls of everybody wait for it: it must not block.
	Log func(*Record)
	// Errors takes what goes wrong besides; it must not block either. One that
	// is an io.Closer is closed before this process is ended for a failure.
	Errors io.Writer
	// Agent answers in mode Ask.
	Agent Agent
	// Judge, if not nil, decides every call that reaches the supervisor, in the
	// place of policies. It may take its time.
	Judge func(*Asked) Ruling
	// Started, if not nil, is told the program's process.
	Started func(pid int)
	// Attach is a running process whose program Argv[0] is; 0 starts one.
	Attach int
	// As is whom the program runs as; nil for the caller.
	As *Identity
}

// Identity is a user with groups.
type Identity struct {
	UID, GID uint32
	Groups   []uint32
}

// An Agent answers questions about calls.
type Agent interface {
	// Ask returns an answer line to a request; err ends systrace.
	Ask(request string) (answer string, err error)
	// Tell shows lines that follow from an answer that was not final.
	Tell(lines ...string)
	// Done says that the request is decided.
	Done()
}
