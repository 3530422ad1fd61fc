//go:build !linux

package main

import (
	"errors"
	"io"

	"github.com/pledge-linux/pledge/launcher"
)

func dryRun(spec *launcher.Spec, o *options, stdout, stderr io.Writer) int {
	return fail(stderr, errors.New("--dry-run: only on Linux"))
}

func dumpFilter(spec *launcher.Spec, o *options, stdout, stderr io.Writer) int {
	return fail(stderr, errors.New("--dump-filter: only on Linux"))
}

func doctor(w io.Writer, asJSON bool) error { return errors.New("doctor: only on Linux") }
