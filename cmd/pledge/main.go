// Command pledge runs a program under pledge(2) promises and unveil(2) paths.
//
// See pledge(1), or pledge --help.
//
// A launch is counted in tenths of a millisecond, and a Go program pays for
// every package that it links before main begins. So this command reads the
// options of a launch and launches; for all else it becomes pledge-tools.

// The launcher uses one processor at a time; asking cgroups how many there are
// costs a twentieth of a launch.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0
package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/pledge-linux/pledge/internal/command"
	"github.com/pledge-linux/pledge/internal/event"
	"github.com/pledge-linux/pledge/internal/sys"
)

func main() {
	sys.Prefault(160 << 10)
	stderr := event.FD(2)
	if o := command.Quick(os.Args[1:]); o != nil {
		os.Exit(o.Launch(stderr))
	}
	os.Exit(command.Fail(stderr, tools()))
}

// tools turns this process into pledge-tools, which stands beside this command
// or in libexec. It returns only an error.
func tools() error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find pledge-tools: %w: is /proc mounted?", err)
	}
	dir := filepath.Dir(self)
	beside, libexec := filepath.Join(dir, "pledge-tools"), filepath.Join(filepath.Dir(dir), "libexec", "pledge", "pledge-tools")
	argv := append([]string{"pledge"}, os.Args[1:]...)
	err = syscall.Exec(beside, argv, os.Environ())
	if errors.Is(err, fs.ErrNotExist) {
		err = syscall.Exec(libexec, argv, os.Environ())
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("this needs the command pledge-tools, which is neither %s nor %s: install both", beside, libexec)
	}
	return fmt.Errorf("execute pledge-tools: %w", err)
}
