package main

import (
	"fmt"
	"io"
	"os"

	"github.com/pledge-linux/pledge/internal/probe"
	"github.com/pledge-linux/pledge/launcher"
)

func dryRun(spec *launcher.Spec, o *options, stdout, stderr io.Writer) int {
	lines, err := launcher.Describe(spec, o.exec)
	if err != nil {
		return fail(stderr, err)
	}
	for _, l := range lines {
		fmt.Fprintln(stdout, l)
	}
	return 0
}

func dumpFilter(spec *launcher.Spec, o *options, stdout, stderr io.Writer) int {
	program, opts, err := launcher.Filter(spec, o.exec)
	if err != nil {
		return fail(stderr, err)
	}
	switch o.dumpFilter {
	case "bpf":
		err = program.Listing(stdout)
	case "pfc":
		err = opts.PFC(stdout)
	default:
		err = errorf("--dump-filter %q: want bpf or pfc", o.dumpFilter)
	}
	if err != nil {
		return fail(stderr, err)
	}
	return 0
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
		fmt.Fprintf(w, "%-22s %-4s %s\n", f.Name, state, tail)
	}
	fmt.Fprintf(w, "\nLandlock ABI %d\n", r.Landlock)
	for _, a := range r.ABIs {
		state := "yes"
		if !a.OK {
			state = "NO"
		}
		fmt.Fprintf(w, "  ABI %d (Linux %-5s %-3s %s\n", a.Version, a.Kernel+")", state, a.Adds)
	}
	return nil
}
