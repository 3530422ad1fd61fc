//go:build unix

package main

import (
	"io"
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/trust"
)

// outputs are where results go. They are opened before the program runs: it may
// exchange what lies on the way to a file.
type outputs struct {
	result io.Writer // nil for a file
	file   *trust.Output
	page   *trust.Output
}

func (o *learning) open(stderr io.Writer) (x *outputs, err error) {
	x = &outputs{result: stderr}
	switch o.output {
	case "":
	case "-":
		x.result, err = ownStdout()
	default:
		x.result = nil
		x.file, err = trust.NewOutput(o.output)
	}
	if err == nil && o.html != "" {
		x.page, err = trust.NewOutput(o.html)
	}
	if err != nil {
		x.close()
		return nil, errorf("cannot write: %w", err)
	}
	return x, nil
}

func (x *outputs) close() {
	for _, f := range []*trust.Output{x.file, x.page} {
		if f != nil {
			f.Close()
		}
	}
}

// ownStdout keeps standard output for the result. The program gets standard error
// in its place: what it prints shall not be a part of a script that is run.
func ownStdout() (io.Writer, error) {
	var out, err unix.Stat_t
	if unix.Fstat(1, &out) == nil && unix.Fstat(2, &err) == nil && out.Dev == err.Dev && out.Ino == err.Ino && out.Mode&unix.S_IFMT != unix.S_IFCHR {
		return nil, errorf("-o -: standard output and standard error are one file, and what the program prints would be in the result; use -o FILE")
	}
	kept, e := unix.FcntlInt(1, unix.F_DUPFD_CLOEXEC, 3)
	if e == nil {
		e = duplicate(2, 1)
	}
	if e != nil {
		return nil, errorf("standard output: %w", e)
	}
	return quote.Terminal(os.NewFile(uintptr(kept), "standard output")), nil
}
