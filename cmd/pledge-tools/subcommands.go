//go:build unix

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/trust"
	"github.com/pledge-linux/pledge/promises"
)

// subcommand runs explain, doctor, profile and completion.
func subcommand(args []string, stdout, stderr io.Writer) int {
	status := 0
	root := commands(stdout, stderr, &status)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	if err := root.Execute(); err != nil {
		return failStatus(stderr, err)
	}
	return status
}

func commands(stdout, stderr io.Writer, status *int) *cobra.Command {
	root := &cobra.Command{
		Use: "pledge", Short: "run a program under promises and unveiled paths",
		SilenceErrors: true, SilenceUsage: true, Args: cobra.ArbitraryArgs,
		RunE:              func(c *cobra.Command, args []string) error { return nil },
		PersistentPreRunE: func(c *cobra.Command, args []string) error { return refuseEmpty(c.Flags()) },
	}
	root.Flags().AddFlagSet(newFlags(&commandLine{}))
	root.ValidArgsFunction = completeWords
	root.AddCommand(
		explainCommand(stdout),
		&cobra.Command{
			Use: "version", Short: "print the version", Args: cobra.NoArgs,
			Run: func(c *cobra.Command, args []string) { printVersion(stdout) },
		},
		askCommand(stdout, stderr, status), learnCommand(stderr, status), tryCommand(stderr, status), inspectCommand(stdout),
		doctorCommand(stdout), profileCommand(stdout), importCommand(stdout), exportCommand(stdout), lintCommand(stdout),
	)
	return root
}

func completeWords(c *cobra.Command, args []string, prefix string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	var words []string
	done, last := "", prefix
	if i := strings.LastIndexByte(prefix, ' '); i >= 0 {
		done, last = prefix[:i+1], prefix[i+1:]
	}
	for _, p := range promises.All() {
		if strings.HasPrefix(p.String(), last) {
			words = append(words, done+p.String()+"\t"+p.Summary())
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

func explainCommand(stdout io.Writer) *cobra.Command {
	var audit bool
	c := &cobra.Command{
		Use: "explain [promise | system-call | 'call(arguments)']", Short: "say what promises admit, and which words a call needs",
		ValidArgsFunction: completeWords,
		RunE: func(c *cobra.Command, args []string) error {
			if audit {
				return explainAudit(stdout, c.InOrStdin(), args)
			}
			return explainWords(stdout, args)
		},
	}
	c.Flags().BoolVar(&audit, "audit", false, "decode lines of the audit log, given or from standard input, about killed calls")
	return c
}

func doctorCommand(stdout io.Writer) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "doctor", Short: "say what this kernel can enforce, and what happens without", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error { return doctor(stdout, asJSON) },
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func profileCommand(stdout io.Writer) *cobra.Command {
	c := &cobra.Command{Use: "profile", Short: "list, show and check profiles", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, args []string) error { return c.Usage() }}
	c.AddCommand(
		&cobra.Command{Use: "list", Short: "list profiles by name", Args: cobra.NoArgs, RunE: func(c *cobra.Command, args []string) error {
			for _, p := range profile.List() {
				description := "(cannot be used: pledge profile show " + p.Name + " says why)"
				if full, err := profile.Find(p.Name); err == nil {
					description = full.Description
				}
				fmt.Fprintf(stdout, "%-10s %-12s %s\n", quote.Word(p.Name), quote.Text(p.Source), quote.Text(description))
			}
			return nil
		}},
		&cobra.Command{Use: "show NAME", Short: "print a profile as TOML", Args: cobra.ExactArgs(1), RunE: func(c *cobra.Command, args []string) error {
			p, err := profile.Find(args[0])
			if err != nil {
				return err
			}
			b, err := p.Marshal()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(stdout, "# %s\n%s", quote.Comment(p.Source), b)
			return err
		}},
		&cobra.Command{Use: "check FILE...", Short: "check profile files", Args: cobra.MinimumNArgs(1), RunE: func(c *cobra.Command, args []string) error {
			for _, file := range args {
				if err := checkProfile(file, stdout, c.ErrOrStderr()); err != nil {
					return err
				}
			}
			return nil
		}},
	)
	return c
}

// checkProfile says whether a file is a profile, and whether pledge would take it
// as it lies there.
func checkProfile(file string, stdout, stderr io.Writer) error {
	f, err := os.Open(file)
	if err != nil {
		return errorf("profile: %w", err)
	}
	defer f.Close()
	data, err := trust.Read(f, file, profile.MaxSize)
	if err != nil {
		return errorf("profile: %w", err)
	}
	if _, err := profile.Parse(data, file); err != nil {
		return err
	}
	var other *trust.Error
	if _, err := profile.File(file); errors.As(err, &other) {
		fmt.Fprintf(stderr, "pledge: --profile would not take %s: %s\n", quote.Word(file), quote.Error(other))
	}
	fmt.Fprintf(stdout, "%s: ok\n", quote.Word(file))
	return nil
}

func printVersion(w io.Writer) int {
	fmt.Fprintf(w, "pledge %s (%s/%s, %s, %s)\n", version, runtime.GOOS, runtime.GOARCH, runtime.Version(), compilerName)
	return 0
}

func writeJSON(w io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(quote.JSON(text), '\n'))
	return err
}
