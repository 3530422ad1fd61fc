//go:build amd64 || arm64

package pledge

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/process"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/unveiled"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/unveil"
)

// prepared is the descriptor of what confines itself and executes the program. It is
// closed when neither the Program nor a command of it can be reached.
type prepared struct {
	fd    int
	users *atomic.Int64
}

func prepare(execpromises, name string) (*Program, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil, err
	}
	set, err := parse(execpromises)
	if err != nil {
		return nil, err
	}
	spec := &launcher.Spec{Argv: []string{path}, Env: os.Environ(), Promises: set, Penalty: launcher.Kill}
	if spec.Unveil, err = veilNow(); err != nil {
		return nil, fmt.Errorf("pledge: %w", err)
	}
	fd, err := launcher.Stub(spec)
	if err != nil {
		return nil, fmt.Errorf("pledge: %w", err)
	}
	if err := sys.CloseInherited(); err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("pledge: %w", err)
	}
	p := &Program{name: name, prepared: prepared{fd, new(atomic.Int64)}}
	use(p, p.prepared)
	return p, nil
}

// use keeps the descriptor for as long as the user can be reached.
func use[T any](user *T, p prepared) {
	p.users.Add(1)
	runtime.AddCleanup(user, func(p prepared) {
		if p.users.Add(-1) == 0 {
			unix.Close(p.fd)
		}
	}, p)
}

// veilNow are the paths that the program gets to see, or nil for all.
func veilNow() (*unveil.Plan, error) {
	process.Mu.Lock()
	defer process.Mu.Unlock()
	if process.Now.Blocked {
		return nil, nil
	}
	if _, err := process.Overlooked(false); err != nil {
		return nil, err
	}
	veil, ok := process.Now.Veil.(unveiled.Veil)
	if !ok {
		return nil, nil
	}
	var entries []unveil.Entry
	for path, perms := range veil.Plan {
		entries = append(entries, unveil.Entry{Path: path, Perms: unveil.Perms(perms), Links: veil.Links[path]})
	}
	return unveil.NewPlan(entries...), nil
}

func (p *Program) path() string { return "/proc/self/fd/" + strconv.Itoa(p.fd) }

func (p *Program) command(cmd *exec.Cmd) *exec.Cmd {
	cmd.Args[0] = p.name
	use(cmd, p.prepared)
	runtime.KeepAlive(p)
	return cmd
}
