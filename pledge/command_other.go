//go:build !linux && !openbsd

package pledge

import (
	"os/exec"
	"runtime"

	"github.com/pledge-linux/pledge/internal/process"
)

func command(execpromises, name string, args []string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Err = &process.Unsupported{Feature: "pledge on " + runtime.GOOS, Needs: "Linux or OpenBSD"}
	return cmd
}
