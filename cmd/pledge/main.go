//go:build unix

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
	"fmt"
	"os"
	"path/filepath"

	"github.com/pledge-linux/pledge/cmd/internal/options"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/trust"
)

func main() {
	sys.QuitPlainly()
	stderr := options.Stderr()
	if err := trust.Elevated(); err != nil {
		os.Exit(options.Fail(stderr, err))
	}
	sys.Prefault(160 << 10)
	if o := options.Quick(os.Args[1:]); o != nil {
		os.Exit(o.Launch(stderr))
	}
	os.Exit(options.Fail(stderr, tools()))
}

// tools turns this process into pledge-tools, which stands beside the real place
// of this command or in libexec, and which nobody but root and the user could
// have put there. It returns only an error.
func tools() error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find pledge-tools: %w: is /proc mounted?", err)
	}
	dir := filepath.Dir(self)
	beside, libexec := filepath.Join(dir, "pledge-tools"), filepath.Join(filepath.Dir(dir), "libexec", "pledge", "pledge-tools")
	for _, path := range []string{beside, libexec} {
		err := trust.Exec(path, append([]string{"pledge"}, os.Args[1:]...), os.Environ())
		if !trust.Absent(path, err) {
			return fmt.Errorf("execute %w", err)
		}
	}
	return fmt.Errorf("this needs the command pledge-tools, which is neither %s nor %s: install both", beside, libexec)
}
