package pledge

import (
	"os/exec"

	"github.com/pledge-linux/pledge/internal/process"
)

func command(execpromises, name string, args []string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Err = &process.Unsupported{Feature: "pledge.Command on OpenBSD", Needs: "ExecPromises, which the kernel keeps apart for every program that is executed"}
	return cmd
}
