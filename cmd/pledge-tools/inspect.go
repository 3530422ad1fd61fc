//go:build unix

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pledge-linux/pledge/internal/inspect"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/promises"
)

func inspectCommand(stdout io.Writer) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "inspect FILE...", Short: "guess from an ELF file which promises its program needs", Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			for _, file := range args {
				r, err := inspect.File(file)
				if err != nil {
					return err
				}
				if asJSON {
					err = writeJSON(stdout, struct {
						*inspect.Report
						NoSign string `json:"no_sign"`
						Never  string `json:"never"`
					}{r, r.NoSign.String(), r.Never.String()})
				} else {
					_, err = io.WriteString(stdout, inspected(r))
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// inspected is a report for people.
func inspected(r *inspect.Report) string {
	var b strings.Builder
	kind := "static"
	if r.Interpreter != "" {
		kind = "dynamic, interpreter " + quote.Word(r.Interpreter)
	}
	fmt.Fprintf(&b, "%s: %s, %s", quote.Word(r.Path), r.Arch, kind)
	if r.Go != "" {
		b.WriteString(", built by " + quote.Text(r.Go))
	}
	b.WriteByte('\n')
	if len(r.Libraries) > 0 {
		fmt.Fprintf(&b, "libraries: %s\n", quote.Words(r.Libraries))
	}
	fmt.Fprintf(&b, "a guess, from %d imported functions and %d system calls", r.Imports, len(r.Calls))
	if r.Unknown > 0 {
		fmt.Fprintf(&b, " (%d more places make calls that cannot be told)", r.Unknown)
	}
	b.WriteString(":\n")
	var set promises.Set
	for _, g := range r.Probably {
		const most = 6
		why := strings.Join(g.Why[:min(len(g.Why), most)], ", ")
		if n := len(g.Why) - most; n > 0 {
			why += fmt.Sprintf(" and %d more", n)
		}
		fmt.Fprintf(&b, "  %-10s probably: %s\n", g.Promise, quote.Text(why))
		if p, err := promises.Parse(g.Promise); err == nil {
			set |= p
		}
	}
	if r.NoSign != 0 {
		fmt.Fprintf(&b, "  no sign of %s\n", r.NoSign)
	}
	if r.Never != 0 {
		fmt.Fprintf(&b, "  cannot need %s\n", r.Never)
	}
	fmt.Fprintf(&b, "a first try: pledge %q -- %s; pledge learn finds out what a run needs\n", set, quote.Shell(r.Path))
	return b.String()
}
