//go:build !openbsd && !(linux && (amd64 || arm64))

package pledge

import (
	"os/exec"
	"runtime"

	"github.com/pledge-linux/pledge/promises"
)

func command(execpromises, name string, args []string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Err = &promises.UnsupportedError{Feature: "pledge on " + runtime.GOOS + "/" + runtime.GOARCH, Needs: "OpenBSD, or Linux on amd64 or arm64"}
	return cmd
}
