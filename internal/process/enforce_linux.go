package process

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// allAtOnce reports whether the kernel restricts all threads in one call.
func allAtOnce() bool { return landlock.At(landlock.ABI()).AllThreads }

// Layers is what to put in force: a ruleset, a filter, or both.
type Layers struct {
	Ruleset *landlock.Ruleset
	Filter  []unix.SockFilter
}

// Enforce puts the layers in force for every thread of this process, Landlock
// first: the filter need not admit its calls then. It makes sure beforehand that
// the filter will be taken; should it be refused all the same, the error says
// that the ruleset stays.
func (l Layers) Enforce() error {
	if l.Filter != nil {
		if err := filterTaken(); err != nil {
			return err
		}
	}
	// no_new_privs and the filter are the calling thread's until it is synced.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	restricted, err := l.restrict()
	if err != nil || l.Filter == nil {
		return err
	}
	if err := sys.LoadFilterAllThreads(l.Filter); err != nil {
		if restricted {
			return fmt.Errorf("%w; the Landlock ruleset stays in force, it cannot be undone", err)
		}
		return err
	}
	Now.Filters++
	return nil
}

// restrict enforces the ruleset, if there is one, and sets no_new_privs.
func (l Layers) restrict() (bool, error) {
	if l.Ruleset == nil || l.Ruleset.Empty() {
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return false, fmt.Errorf("set no_new_privs: %w", err)
		}
		return false, nil
	}
	ruleset := *l.Ruleset
	if sys.ListsThreads() && ruleset.FS&landlock.ReadDir != 0 {
		tasks := landlock.PathRule{Path: "/proc/" + strconv.Itoa(os.Getpid()) + "/task", Access: landlock.ReadDir}
		ruleset.Paths = append(ruleset.Paths[:len(ruleset.Paths):len(ruleset.Paths)], tasks)
	}
	fd, err := ruleset.Open()
	if err != nil {
		return false, err
	}
	defer unix.Close(fd)
	if err := restrictAllThreads(fd); err != nil {
		return false, err
	}
	Now.Held.Domains++
	Now.Held.Scoped |= l.Ruleset.Scoped
	return true, nil
}

// CanRestrict reports whether this process can bring all its threads under another
// ruleset: that takes listing them where C code may have started some, and rpath
// for it, on kernels that cannot do it by themselves.
// Preconditions: Mu is held.
func CanRestrict() bool {
	return !sys.ListsThreads() || allAtOnce() || !Now.Pledged || Now.Promises.Has(promises.Rpath)
}

func restrictAllThreads(ruleset int) error {
	var err error
	if allAtOnce() {
		if err = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err == nil {
			if e := sys.RestrictThread(ruleset, unix.LANDLOCK_RESTRICT_SELF_TSYNC); e != 0 {
				err = e
			}
		}
	} else {
		err = sys.RestrictAllThreads(ruleset)
	}
	switch {
	case errors.Is(err, unix.E2BIG):
		return fmt.Errorf("landlock: this process is under %d rulesets already, the kernel's limit: %w", landlock.MaxLayers, err)
	case err != nil:
		return fmt.Errorf("landlock: %w", err)
	}
	return nil
}

// filterTaken asks the kernel whether it takes filters for all threads, without
// giving it one.
func filterTaken() error {
	switch e := sys.SeccompFilter(unix.SECCOMP_FILTER_FLAG_TSYNC); e {
	case unix.EFAULT, unix.EACCES: // it looked for the program, or for no_new_privs
		return nil
	case unix.ENOSYS, unix.EINVAL:
		return &promises.UnsupportedError{Feature: "seccomp filters", Needs: "Linux 3.17 with CONFIG_SECCOMP_FILTER, and no sandbox around this process that hides them"}
	default:
		return fmt.Errorf("seccomp: %w: a sandbox around this process refuses filters", e)
	}
}

// ThreadSignals reports whether Landlock's signal scope leaves signals between
// threads of one process alone: each thread has a domain of its own, and the
// first kernels with the scope (6.12) kept them apart (erratum 2).
func ThreadSignals() bool {
	const erratum = 1 << 1
	if allAtOnce() {
		return true
	}
	return sys.LandlockErrata()&erratum != 0
}
