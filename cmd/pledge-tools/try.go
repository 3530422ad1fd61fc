//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pledge-linux/pledge/cmd/internal/options"
	"github.com/pledge-linux/pledge/internal/learn"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/promises"
)

func tryCommand(stderr io.Writer, status *int) *cobra.Command {
	o := &options.Options{}
	c := &cobra.Command{
		Use: "try [options] PROMISES -- COMMAND [ARGUMENT...]", Short: "run a program unconfined and say what promises would have refused", Args: cobra.ArbitraryArgs,
		Long: "Runs a program to its end, takes nothing from it but root's capabilities, and says what the promises and paths\nwould have refused, with the words to add and what they admit besides. The exit\nstatus is the program's.",
		RunE: func(c *cobra.Command, args []string) (err error) {
			if c.ArgsLenAtDash() != 1 || len(args) < 2 {
				return errorf("pledge try takes promises and a command: pledge try [options] \"stdio rpath\" -- command")
			}
			o.Promises, o.HavePromises, o.Command = args[0], true, args[1:]
			*status, err = try(o, stderr)
			return err
		},
	}
	c.Flags().StringArrayVarP(&o.Unveil, "unveil", "u", nil, "a path that would be unveiled, `PERMS:PATH`; repeatable")
	c.Flags().BoolVar(&o.KeepCaps, "keep-caps", false, "keep root's capabilities; otherwise they are dropped as pledge drops them")
	c.Flags().StringVarP(&o.Chdir, "chdir", "C", "", "run in `DIR`")
	return c
}

func try(o *options.Options, stderr io.Writer) (int, error) {
	asked, err := o.Spec()
	if err != nil {
		return 0, err
	}
	refused := options.NewTeller(stderr)
	t := &learn.Trial{Set: asked.Promises, Unveil: asked.Unveil, Refused: func(r learn.Refusal) {
		refused.Tell(fmt.Sprintf("pledge try: %s: %s: %s", quote.Word(r.Program), quote.Text(r.First), needs(r)))
	}}
	spec := *asked
	spec.Promises, spec.Unveil = promises.Everything|rules.Unpledged, nil
	spec.Observe = &launcher.Observation{Beyond: asked.Promises, Everything: true, Call: t.Call}
	if asked.Unveil != nil {
		// Opens have to be seen for their paths.
		const opens = promises.Set(1)<<promises.Rpath | 1<<promises.Wpath | 1<<promises.Cpath | 1<<promises.Exec
		spec.Observe.Beyond &^= opens
	}
	spec.Started = func() { options.TellNotes(spec.Report, stderr) }
	status, err := launcher.Run(&spec)
	options.Ended()
	lost := refused.Close()
	if err != nil {
		return 0, err
	}
	if lost != nil {
		fmt.Fprintf(stderr, "pledge try: %v\n", lost)
	}
	for _, line := range verdict(t, asked.Promises) {
		fmt.Fprintln(stderr, "pledge try: "+line)
	}
	if os.Geteuid() == 0 && !o.KeepCaps {
		fmt.Fprintln(stderr, "pledge try: root's capabilities were dropped, as pledge drops them; --keep-caps keeps them")
	}
	return status, nil
}

func needs(r learn.Refusal) string {
	if r.Path != "" {
		return "needs --unveil " + quote.Shell(r.Path)
	}
	var words []string
	for _, a := range r.Alternatives {
		words = append(words, fmt.Sprintf("%q", a))
	}
	if words == nil {
		return "is in no promise"
	}
	return "needs " + strings.Join(words, " or ")
}

// verdict sums up, with what each word to add would admit besides.
func verdict(t *learn.Trial, set promises.Set) (lines []string) {
	words, paths, calls, kinds, never := t.Missing()
	if calls == 0 {
		return []string{fmt.Sprintf("nothing would have been refused under %q", set)}
	}
	line := fmt.Sprintf("%d calls would have been refused, %d different", calls, kinds)
	if calls == 1 {
		line = "1 call would have been refused"
	}
	if words != 0 || paths != nil {
		line += "; to allow, add"
	}
	if words != 0 {
		line += fmt.Sprintf(" %q", words)
	}
	for _, p := range paths {
		line += " --unveil " + quote.Shell(p)
	}
	if len(never) > 0 {
		line += fmt.Sprintf("; %d in no promise", len(never))
	}
	if more := t.More(); more > 0 {
		line += fmt.Sprintf("; and further paths, for %d of the calls", more)
	}
	lines = append(lines, line)
	for _, p := range words.Promises() {
		lines = append(lines, fmt.Sprintf("%s would also allow: %s", p, p.Summary()))
	}
	return lines
}
