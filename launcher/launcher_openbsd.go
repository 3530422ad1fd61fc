package launcher

import (
	"os/exec"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/promises"
)

// Run is Exec: the kernel needs no supervisor.
func Run(s *Spec) (int, error) { return 0, Exec(s) }

// Exec unveils the paths, sets the promises as execpromises of the real
// pledge(2), and executes the program. It returns only an error.
func Exec(s *Spec) error {
	path, err := exec.LookPath(s.Argv[0])
	if err != nil {
		return &Error{statusNotFound, err}
	}
	if s.Unveil != nil {
		if err := unix.Unveil(path, "x"); err != nil {
			return failf("unveil %s: %w", path, err)
		}
		for _, e := range s.Unveil.Entries() {
			if err := unix.Unveil(e.Path, e.Perms.String()); err != nil {
				return failf("unveil %s: %w", e.Path, err)
			}
		}
	}
	if s.Dir != "" {
		if err := unix.Chdir(s.Dir); err != nil {
			return failf("change to directory %s: %w", s.Dir, err)
		}
	}
	words := s.Promises.Words() &^ promises.Tmppath.Set()
	if err := unix.Pledge("stdio exec", words.String()); err != nil {
		return failf("pledge: %w", err)
	}
	return &Error{statusNotExec, unix.Exec(path, s.Argv, s.Env)}
}
