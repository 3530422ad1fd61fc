//go:build unix

package main

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// No option of any command is as if it had not been given when its value is
// empty, but for those whose empty value says something.
func TestEmptyValues(t *testing.T) {
	status, seen := 0, 0
	var visit func(make func() *cobra.Command, path []string)
	visit = func(make func() *cobra.Command, path []string) {
		make().Flags().VisitAll(func(flag *pflag.Flag) {
			if flag.Value.Type() == "bool" || slices.Contains(emptyMeans, flag.Name) {
				return
			}
			seen++
			c := make()
			if err := c.Flags().Set(flag.Name, ""); err != nil {
				return
			}
			if err := refuseEmpty(c.Flags()); err == nil || !strings.Contains(err.Error(), "--"+flag.Name) {
				t.Errorf("%s --%s= is taken: %v", strings.Join(path, " "), flag.Name, err)
			}
		})
		for i, child := range make().Commands() {
			visit(func() *cobra.Command { return make().Commands()[i] }, append(path[:len(path):len(path)], child.Name()))
		}
	}
	visit(func() *cobra.Command { return commands(io.Discard, io.Discard, &status) }, []string{"pledge"})
	if seen < 30 {
		t.Errorf("only %d options", seen)
	}
}

// A list with something and nothing in it is no better.
func TestEmptyInLists(t *testing.T) {
	for _, args := range [][]string{{"-u", "r:/", "-u", ""}, {"--env", ""}, {"--limit", ""}, {"--require=,"}, {"--tcp-connect="}, {"--dump-filter="}, {"-C", ""}, {"--profile", ""}} {
		_, _, err := parseArgs(append(args, "stdio", "--", "true"))
		if err == nil {
			t.Errorf("%q is taken", args)
		}
		var stderr strings.Builder
		if status := run(append(args, "stdio", "--", "/nonexistent"), io.Discard, &stderr); status != 125 || strings.Contains(stderr.String(), "nonexistent") {
			t.Errorf("%q: status %d, %s", args, status, stderr.String())
		}
	}
}
