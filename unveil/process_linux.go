//go:build amd64 || arm64

package unveil

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/process"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/unveiled"
	"github.com/pledge-linux/pledge/promises"
)

func unveil(path, permissions string) error {
	process.Mu.Lock()
	defer process.Mu.Unlock()
	n := &process.Now
	switch {
	case n.Pledged && !n.Promises.Has(promises.Unveil):
		return violation(n.Deny || n.Promises.Has(promises.Error))
	case n.Blocked:
		return fmt.Errorf("unveil %s: %w: the veil is blocked", quote.Word(path), unix.EPERM)
	}
	err := collect(n, path, permissions)
	if err != nil {
		err = &pathError{path, err}
	}
	process.Unveiled(path, err)
	return err
}

// A pathError is an *fs.PathError whose text is safe on a terminal.
type pathError struct {
	path string
	err  error
}

func (e *pathError) Error() string { return e.err.Error() }
func (e *pathError) Unwrap() error { return e.err }

// As gives errors.As an *fs.PathError.
func (e *pathError) As(target any) bool {
	p, ok := target.(**fs.PathError)
	if ok {
		*p = &fs.PathError{Op: "unveil", Path: e.path, Err: e.err}
	}
	return ok
}

func collect(n *process.State, path, permissions string) error {
	switch {
	case n.Pledged && !n.Promises.Has(promises.Rpath):
		return fmt.Errorf("unveil %s: %w: looking the path up takes rpath, which was given up: unveil before the pledge", quote.Word(path), unix.EPERM)
	case landlock.ABI() == 0:
		return fmt.Errorf("unveil %s: %w", quote.Word(path), &promises.UnsupportedError{Feature: "unveil", Needs: "Linux 5.13 with lsm=landlock, and no sandbox around this process that hides it"})
	}
	perms, err := ParsePerms(permissions)
	if err != nil {
		return withErrno(err)
	}
	known, _ := n.Veil.(unveiled.Veil)
	plan := Plan{known.Plan, known.Links}
	if err := plan.Add(path, perms); err != nil {
		return withErrno(err)
	}
	n.Veil = unveiled.Veil{Plan: plan.entries, Links: plan.links}
	return nil
}

func block() error {
	process.Mu.Lock()
	defer process.Mu.Unlock()
	n := &process.Now
	if n.Pledged && !n.Promises.Has(promises.Unveil) {
		return violation(n.Deny || n.Promises.Has(promises.Error))
	}
	if err := process.Block(false); err != nil {
		return fmt.Errorf("unveil: %w", err)
	}
	return nil
}

// withErrno gives an error the errno of unveil(2).
func withErrno(err error) error {
	for _, e := range []struct {
		is    error
		errno unix.Errno
	}{{ErrTooLong, unix.ENAMETOOLONG}, {ErrInvalid, unix.EINVAL}, {fs.ErrNotExist, unix.ENOENT}} {
		if errors.Is(err, e.is) && !errors.Is(err, e.errno) {
			return fmt.Errorf("%w (%w)", err, e.errno)
		}
	}
	return err
}

// violation makes a call that no promise admits, so that unveiling without the
// promise has the penalty of any violation. It returns what the filter answers.
func violation(survives bool) error {
	if !survives {
		fmt.Fprintln(os.Stderr, `pledge: unveil: needs promise "unveil"`)
	}
	return fmt.Errorf(`unveil: needs promise "unveil": %w`, sys.Violate())
}
