package main

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"
)

// What the quick reading takes it reads as the full one does.
func TestQuickArgs(t *testing.T) {
	words := []string{"--", "-q", "--kill", "--exec", "-u", "r:/etc", "stdio rpath", "stdio", "cat", "-n", "--quiet", "--unveil", "-x", "--kill=false", ""}
	rapid.Check(t, func(r *rapid.T) {
		args := rapid.SliceOfN(rapid.SampledFrom(words), 0, 8).Draw(r, "args")
		quick := quickArgs(args)
		if quick == nil {
			return
		}
		full, _, err := parseArgs(args)
		if err != nil {
			r.Fatalf("%q: quickly read, refused in full: %v", args, err)
		}
		full.reportFormat = "" // a default that only --report uses
		if len(quick.command) == 0 && len(full.command) == 0 {
			quick.command, full.command = nil, nil
		}
		if quick.promises != full.promises || quick.kill != full.kill || quick.exec != full.exec || quick.quiet != full.quiet ||
			len(quick.unveil) != len(full.unveil) || !reflect.DeepEqual(quick.command, full.command) {
			r.Fatalf("%q: %+v, in full %+v", args, quick, full)
		}
	})
}
