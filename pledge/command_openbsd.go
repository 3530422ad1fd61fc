package pledge

import (
	"os/exec"

	"github.com/pledge-linux/pledge/promises"
)

func command(execpromises, name string, args []string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Err = &promises.UnsupportedError{Feature: "pledge.Command on OpenBSD", Needs: "ExecPromises, which the kernel keeps apart for every program that is executed"}
	return cmd
}
