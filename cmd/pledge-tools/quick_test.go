//go:build unix

package main

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/cmd/internal/options"
)

// What the quick reading takes it reads as the full one does.
func TestQuick(t *testing.T) {
	words := []string{"--", "-q", "--kill", "--exec", "-u", "r:/etc", "stdio rpath", "stdio", "cat", "-n", "--quiet", "--unveil",
		"-x", "--kill=false", "", "--unveil=r:/", "-C", "--chdir=/", "--env=A=B", "-e", "--limit", "nofile=9,cpu=1", "--limit=", "--keep-fd", "3,4", "--keep-fd=x",
		"--tcp-connect=80", "--tcp-bind", "99999", "--profile", "--clear-env", "--strict-unveil", "-uw:/", "--unveil-optional", "--=", "--best-effort"}
	// Those that are taken, whatever is drawn of them.
	whole := [][]string{{"-q"}, {"--kill"}, {"--exec"}, {"-u", "r:/etc"}, {"--unveil=r:/"}, {"stdio rpath"}, {"-uw:/"}, {"--clear-env"}, {"--"}}
	taken := 0
	rapid.Check(t, func(r *rapid.T) {
		args := rapid.SliceOfN(rapid.SampledFrom(words), 0, 5).Draw(r, "args")
		if rapid.Bool().Draw(r, "whole") {
			args = slices.Concat(rapid.SliceOfN(rapid.SampledFrom(whole), 0, 3).Draw(r, "options")...)
		}
		args = append(append(args, "--"), rapid.SliceOfN(rapid.SampledFrom(words), 0, 2).Draw(r, "command")...)
		quick := options.Quick(args)
		if quick == nil {
			return
		}
		taken++
		full, _, err := parseArgs(args)
		if err != nil {
			r.Fatalf("%q: quickly read, refused in full: %v", args, err)
		}
		if len(quick.Command) == 0 && len(full.Command) == 0 {
			quick.Command, full.Command = nil, nil
		}
		if !reflect.DeepEqual(*quick, full.Options) {
			r.Fatalf("%q: %+v, in full %+v", args, *quick, full.Options)
		}
		full.Options = options.Options{}
		if !reflect.DeepEqual(*full, commandLine{ReportFormat: "text"}) {
			r.Fatalf("%q: more than the quick reading knows: %+v", args, *full)
		}
	})
	if taken < 5 {
		t.Errorf("only %d command lines were taken", taken)
	}
}
