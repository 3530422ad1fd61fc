//go:build amd64 || arm64

package pledge

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/process"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/unveiled"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/unveil"
)

func command(execpromises, name string, args []string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	if cmd.Err != nil {
		return cmd
	}
	set, err := parse(execpromises)
	if err != nil {
		cmd.Err = err
		return cmd
	}
	spec := &launcher.Spec{Argv: append([]string{cmd.Path}, args...), Env: os.Environ(), Promises: set, Penalty: launcher.Kill}
	process.Mu.Lock()
	if !process.Now.Blocked {
		_, err = process.Overlooked(false)
	}
	if veil, ok := process.Now.Veil.(unveiled.Veil); ok && !process.Now.Blocked {
		var entries []unveil.Entry
		for path, perms := range veil.Plan {
			entries = append(entries, unveil.Entry{Path: path, Perms: unveil.Perms(perms), Links: veil.Links[path]})
		}
		spec.Unveil = unveil.NewPlan(entries...)
	}
	process.Mu.Unlock()
	if err != nil {
		cmd.Err = fmt.Errorf("pledge: %w", err)
		return cmd
	}
	fd, err := launcher.Stub(spec)
	if err != nil {
		cmd.Err = fmt.Errorf("pledge: %w", err)
		return cmd
	}
	if err := sys.CloseInherited(); err != nil {
		unix.Close(fd)
		cmd.Err = fmt.Errorf("pledge: %w", err)
		return cmd
	}
	cmd.Path = "/proc/self/fd/" + strconv.Itoa(fd)
	runtime.AddCleanup(cmd, func(fd int) { unix.Close(fd) }, fd)
	return cmd
}
