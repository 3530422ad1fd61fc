//go:build unix

package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/pledge-linux/pledge/compat/convert"
	"github.com/pledge-linux/pledge/compat/systrace/lint"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

func exportCommand(stdout io.Writer) *cobra.Command {
	var paths []string
	var asPolicy string
	c := &cobra.Command{
		Use: "export --systrace PROMISES [-u PERMS:PATH]... [PROGRAM]", Short: "write promises and unveiled paths as a policy of systrace", Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if asPolicy == "" && !c.Flags().Changed("systrace") {
				return errorf("export as what? pledge export --systrace \"stdio rpath\"")
			}
			program := "/bin/program"
			if len(args) > 0 {
				program = args[0]
			}
			return export(stdout, program, asPolicy, paths)
		},
	}
	c.Flags().StringVar(&asPolicy, "systrace", "", "the `PROMISES` to write")
	c.Flags().StringArrayVarP(&paths, "unveil", "u", nil, "an unveiled path, `PERMS:PATH`; repeatable")
	return c
}

func export(w io.Writer, program, words string, paths []string) error {
	set, err := promises.Parse(words)
	if err != nil {
		return err
	}
	var unveils []convert.Unveil
	for _, p := range paths {
		perms, path, err := unveil.Split(p)
		if err != nil {
			return err
		}
		unveils = append(unveils, convert.Unveil{Path: path, Perms: perms})
	}
	s := convert.Export(program, set, unveils)
	text, err := syntax.Text(s)
	if err != nil {
		return errorf("no policy can be written: %w", err)
	}
	_, err = io.WriteString(w, text)
	return err
}

func lintCommand(stdout io.Writer) *cobra.Command {
	return &cobra.Command{
		Use: "lint FILE...", Short: "look for mistakes in policies of systrace", Args: cobra.MinimumNArgs(1),
		Long: "Says which rules of systrace policies never decide, contradict each other, or\ncompare with what no argument can be. Exits 1 if there are any; calls that\nLinux does not have are remarks and no mistakes.",
		RunE: func(c *cobra.Command, args []string) error {
			found := false
			for _, arg := range args {
				files, err := policyFiles(arg)
				if err != nil {
					return err
				}
				for _, file := range files {
					sections, err := readPolicy(c.ErrOrStderr(), file, false)
					if err != nil {
						return err
					}
					for _, s := range sections {
						for _, f := range lint.Section(s) {
							found = found || f.Mistake()
							fmt.Fprintln(stdout, f)
						}
					}
				}
			}
			if found {
				return exitError(1)
			}
			return nil
		},
	}
}
