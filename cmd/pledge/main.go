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
	"github.com/pledge-linux/pledge/internal/sys"
)

func main() {
	sys.Prefault(160 << 10)
	stderr := command.Stderr()
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
	for _, path := range []string{beside, libexec} {
		err := trusted(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = syscall.Exec(path, append([]string{"pledge"}, os.Args[1:]...), os.Environ())
		}
		return fmt.Errorf("execute %s: %w", path, err)
	}
	return fmt.Errorf("this needs the command pledge-tools, which is neither %s nor %s: install both", beside, libexec)
}

// trusted refuses a file that somebody else put there, as one can beside a command
// that was copied to /tmp.
func trusted(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok || st.Uid != 0 && int(st.Uid) != os.Geteuid() {
		return errors.New("it is owned by another user")
	}
	if info.Mode()&0o002 != 0 {
		return errors.New("everybody can write it: chmod o-w it")
	}
	return nil
}
