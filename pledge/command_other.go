//go:build !openbsd && !(linux && (amd64 || arm64))

package pledge

import (
	"os/exec"
	"runtime"

	"github.com/pledge-linux/pledge/promises"
)

type prepared struct{}

func prepare(execpromises, name string) (*Program, error) {
	return nil, &promises.UnsupportedError{Feature: "pledge on " + runtime.GOOS + "/" + runtime.GOARCH, Needs: "OpenBSD, or Linux on amd64 or arm64"}
}

func (p *Program) path() string { return p.name }

func (p *Program) command(cmd *exec.Cmd) *exec.Cmd { return cmd }
