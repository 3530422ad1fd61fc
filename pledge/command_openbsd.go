package pledge

import (
	"os/exec"

	"github.com/pledge-linux/pledge/promises"
)

type prepared struct{}

func prepare(execpromises, name string) (*Program, error) {
	return nil, &promises.UnsupportedError{Feature: "pledge.Command on OpenBSD", Needs: "ExecPromises, which the kernel keeps apart for every program that is executed"}
}

func (p *Program) path() string { return p.name }

func (p *Program) command(cmd *exec.Cmd) *exec.Cmd { return cmd }
