package pledge

import (
	"fmt"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/promises"
)

var held struct {
	mu sync.Mutex
	State
}

// pledge is pledge(2).
func pledge(words, execWords *string, opts []Option) error {
	for _, o := range opts {
		if o.option() == Deny {
			return fmt.Errorf("pledge: %w", &promises.UnsupportedError{Feature: "the option Deny", Needs: "Linux; the promise error answers ENOSYS on OpenBSD"})
		}
	}
	held.mu.Lock()
	defer held.mu.Unlock()
	var err error
	switch {
	case words == nil:
		err = unix.PledgeExecpromises(*execWords)
	case execWords == nil:
		err = unix.PledgePromises(*words)
	default:
		err = unix.Pledge(*words, *execWords)
	}
	if err != nil {
		return fmt.Errorf("pledge: %w", err)
	}
	if words != nil {
		held.Pledged, held.Promises, held.Penalty, held.Layers = true, *words, "kill", []string{"pledge(2)"}
	}
	if execWords != nil {
		held.HasExec, held.ExecPromises = true, *execWords
	}
	return nil
}

func status() State {
	held.mu.Lock()
	defer held.mu.Unlock()
	return held.State
}

// OnViolation does nothing: the kernel tells.
func OnViolation(f func(Violation)) {}

func (v Violation) text() string { return fmt.Sprintf("pledge %q, syscall %d", v.Promise, v.Number) }
