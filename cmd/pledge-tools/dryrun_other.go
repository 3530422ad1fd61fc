//go:build unix && (!linux || !(amd64 || arm64))

package main

import (
	"errors"
	"io"

	"github.com/pledge-linux/pledge/cmd/internal/options"
)

func show(o *commandLine, stdout, stderr io.Writer) int {
	return options.Fail(stderr, errors.New("--dry-run and --dump-filter: only on Linux"))
}

func doctor(w io.Writer, asJSON bool) error { return errors.New("doctor: only on Linux") }
