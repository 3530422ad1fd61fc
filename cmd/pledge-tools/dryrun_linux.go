//go:build amd64 || arm64

package main

import (
	"fmt"
	"io"
	"os"

	"github.com/pledge-linux/pledge/cmd/internal/options"
	"github.com/pledge-linux/pledge/internal/probe"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/launcher"
)

// show says what a launch would enforce, and runs nothing.
func show(o *commandLine, stdout, stderr io.Writer) int {
	spec, err := o.Spec()
	if err == nil && o.DryRun {
		err = dryRun(spec, o.Exec, stdout)
	} else if err == nil {
		err = dumpFilter(spec, o, stdout)
	}
	if err != nil {
		return options.Fail(stderr, err)
	}
	return 0
}

func dryRun(spec *launcher.Spec, inPlace bool, stdout io.Writer) error {
	lines, err := launcher.Describe(spec, inPlace)
	for _, l := range lines {
		fmt.Fprintln(stdout, quote.Text(l))
	}
	return err
}

func dumpFilter(spec *launcher.Spec, o *commandLine, stdout io.Writer) error {
	if o.DumpFilter != "bpf" && o.DumpFilter != "pfc" {
		return errorf("--dump-filter %q: want bpf or pfc", o.DumpFilter)
	}
	return launcher.WriteFilter(stdout, spec, o.Exec, o.DumpFilter)
}

// doctor tells what this machine can enforce. It fails where nothing could be
// run.
func doctor(w io.Writer, asJSON bool) error {
	r := probe.Run()
	if asJSON {
		return writeJSON(w, r)
	}
	fmt.Fprintf(w, "Linux %s, %s, as uid %d\n\n", r.Kernel, r.Arch, os.Getuid())
	for _, f := range r.Features {
		state, tail := "yes", f.Value
		if !f.OK {
			state, tail = "NO", "needs "+f.Needs+"; without it: "+f.Fallback
		}
		fmt.Fprintf(w, "%-22s %-4s %s\n", f.Name, state, quote.Text(tail))
	}
	fmt.Fprintf(w, "\nLandlock ABI %d\n", r.Landlock)
	for _, a := range r.ABIs {
		state, tail := "yes", a.Adds
		if !a.OK {
			state, tail = "NO", a.Adds+"; without it: "+a.Without
		}
		fmt.Fprintf(w, "  ABI %-2d (Linux %-5s %-3s %s\n", a.Version, a.Kernel+")", state, tail)
	}
	return nil
}
