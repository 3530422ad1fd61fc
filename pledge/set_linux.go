//go:build amd64 || arm64

package pledge

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/process"
	"github.com/pledge-linux/pledge/promises"
)

// An errnoError is an errno with a sentence.
type errnoError struct {
	errno unix.Errno
	text  string
}

func (e *errnoError) Error() string { return "pledge: " + e.text }

// Unwrap returns the errno, which errors.Is compares with.
func (e *errnoError) Unwrap() error { return e.errno }

// parse reads a string as the kernel does.
func parse(words string) (promises.Set, error) {
	set, err := promises.Parse(words)
	switch {
	case errors.Is(err, promises.ErrTooLong):
		return 0, &errnoError{unix.ENAMETOOLONG, err.Error()}
	case err != nil:
		return 0, &errnoError{unix.EINVAL, err.Error()}
	}
	return set, nil
}

// A request is what the state is to become.
type request struct {
	process.State
	deny, bestEffort bool
	looked           bool // the pins are this request's own
}

// newRequest reads both strings and checks that they take nothing back.
func newRequest(words, execWords *string, opts []Option) (*request, error) {
	r := &request{State: process.Now}
	for _, o := range opts {
		switch o.option() {
		case Deny:
			r.deny = true
		case BestEffort:
			r.bestEffort = true
		}
	}
	set, exec := r.Promises, r.Exec
	var err error
	if words != nil {
		if set, err = parse(*words); err != nil {
			return nil, err
		}
	}
	if execWords != nil {
		if exec, err = parse(*execWords); err != nil {
			return nil, err
		}
	}
	if set, err = r.shrink(set); err != nil {
		return nil, err
	}
	if r.deny && process.Now.Kills {
		return nil, &errnoError{unix.EPERM, "violations end the process already, Deny cannot change that: no filter is taken back"}
	}
	if r.ExecSet && !exec.SubsetOf(r.Exec) {
		return nil, growth("execpromises", r.Exec, exec)
	}
	if execWords != nil && words == nil && !r.Pledged {
		return nil, fmt.Errorf("pledge: %w", &promises.UnsupportedError{Feature: "execpromises without promises",
			Needs: "a pledge of this process first, or pledge.Command for the program: execve(2) adds no filter"})
	}
	r.Promises, r.Pledged = set, r.Pledged || words != nil
	r.Exec, r.ExecSet = exec, r.ExecSet || execWords != nil
	return r, nil
}

// shrink returns the set that a request leads to: itself, or with error held
// what is held of it.
func (r *request) shrink(set promises.Set) (promises.Set, error) {
	switch {
	case !r.Pledged || set.SubsetOf(r.Promises):
		return set, nil
	case r.Promises.Has(promises.Error):
		return set & r.Promises, nil
	}
	return 0, growth("promises", r.Promises, set)
}

func growth(what string, held, asked promises.Set) error {
	return &errnoError{unix.EPERM, fmt.Sprintf("%s only shrink: %q is not held, only %q", what, held.Missing(asked), held)}
}

// execRefused reports whether a plain execve would give its image more than the
// execpromises. The mode error is no capability.
func (r *request) execRefused() bool {
	return r.ExecSet && r.Promises.Has(promises.Exec) && !(r.Promises &^ promises.Error.Set()).SubsetOf(r.Exec)
}
