package process

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// Rings returns an error if this process has a ring of io_uring: its calls are made
// by a thread of the kernel that neither filters nor rulesets hold. Nobody can make
// one under a filter, so it is looked for before the first. Where /proc cannot be
// read that is a note.
// Preconditions: Mu is held.
func Rings() (notes []string, err error) {
	if Now.Filters > 0 || Now.Held.Domains > 0 {
		return nil, nil
	}
	by, err := sys.Rings()
	switch {
	case err != nil:
		return []string{"io_uring: a ring from before, whose calls no layer sees, was not looked for: /proc cannot be read"}, nil
	case by != "":
		return nil, fmt.Errorf("this process has a ring of io_uring (%s), whose calls neither seccomp nor Landlock see: unmap and close it first (%w)", by, unix.EBUSY)
	}
	return nil, nil
}
