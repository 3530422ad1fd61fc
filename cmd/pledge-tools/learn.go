//go:build unix

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"github.com/pledge-linux/pledge/cmd/internal/options"
	"github.com/pledge-linux/pledge/compat/convert"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/learn"
	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/trust"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/launcher/event"
	"github.com/pledge-linux/pledge/promises"
)

// learning is what pledge learn is asked for.
type learning struct {
	options.Options
	within   string
	ceiling  bool // within was given
	as       string
	output   string
	html     string
	merge    string
	check    bool
	progress bool
	short    learn.Options
}

// endings are formats by the ending of the name of the file that is written.
var endings = map[string]string{".toml": "toml", ".go": "go", ".json": "json", ".sh": "shell", ".systrace": "systrace"}

// wrote says what a file is and what to do with it.
func (o *learning) wrote(stderr io.Writer) {
	path := o.output
	if !strings.Contains(path, "/") {
		path = "./" + path // a name without one is a profile's
	}
	file, command := quote.Shell(path), make([]string, len(o.Command))
	for i, w := range o.Command {
		command[i] = quote.Shell(w)
	}
	var what string
	switch o.as {
	case "shell":
		what = "a command line: sh " + file
	case "toml":
		what = "a profile: pledge --profile " + file + " -- " + strings.Join(command, " ")
	case "systrace":
		what = "a policy: systrace -a -f " + file + " " + strings.Join(command, " ")
	case "go":
		what = "Go code, for the program itself"
	case "json":
		what = "the promises and paths as JSON"
	}
	fmt.Fprintf(stderr, "pledge learn: %s has %s\n", quote.Word(o.output), what)
}

func learnCommand(stderr io.Writer, status *int) *cobra.Command {
	o := &learning{}
	c := &cobra.Command{
		Use: "learn [options] -- COMMAND [ARGUMENT...]", Short: "run a program and print the promises and paths that it needs", Args: cobra.MinimumNArgs(1),
		Long: "Runs a program, and prints the fewest promises and the paths under which that run\nworks, with what each is for. The exit status is the program's.",
		RunE: func(c *cobra.Command, args []string) (err error) {
			o.Command, o.ceiling = args, c.Flags().Changed("within")
			if as, ok := endings[filepath.Ext(o.output)]; ok && !c.Flags().Changed("as") {
				o.as = as
			}
			*status, err = o.run(stderr)
			return err
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.SetInterspersed(false)
	f.StringVar(&o.within, "within", "", "`PROMISES` that are enforced meanwhile: what they do not admit is refused and reported")
	f.StringArrayVarP(&o.Unveil, "unveil", "u", nil, "with --within: `PERMS:PATH` that can be seen meanwhile; repeatable")
	f.StringVar(&o.as, "as", "shell", "`FORMAT` of the result: shell, toml, go, json, systrace; without it by the ending of -o's name, else shell")
	f.StringVarP(&o.output, "output", "o", "", "write the result to `FILE`, - for standard output; without it to standard error")
	f.StringVar(&o.merge, "merge", "", "add what an earlier run has learned: a profile `FILE`; with --as toml and no -o it is replaced")
	f.BoolVar(&o.check, "check", false, "run the command once more under the result, and fail with what is refused")
	f.IntVar(&o.short.MaxUnveils, "max-unveils", 16, "at most `N` paths, where that is possible")
	f.BoolVar(&o.short.Widen, "widen", false, "directories of homes may be shown as a whole, too")
	f.StringVar(&o.html, "html", "", "write a page with the tree of paths and where each promise is from to `FILE`")
	f.BoolVar(&o.progress, "progress", false, "say every second how far the run is, also where standard error is no terminal")
	f.StringVarP(&o.Chdir, "chdir", "C", "", "run in `DIR`")
	return c
}

func (o *learning) run(stderr io.Writer) (int, error) {
	if err := o.valid(); err != nil {
		return 0, err
	}
	earlier, err := o.earlier()
	if err != nil {
		return 0, err
	}
	spec, err := o.spec(stderr)
	if err != nil {
		return 0, err
	}
	out, err := o.open(stderr)
	if err != nil {
		return 0, err
	}
	defer out.close()
	// The program waits for what is done for each of its calls: little is kept
	// from one to the next, and collected less often, until it is much.
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(128 << 20)
	l := learn.New(o.Command)
	spec.Observe = &launcher.Observation{Beyond: promises.Stdio.Set() & spec.Promises, Call: l.Call, Lingers: func() <-chan struct{} { return goesOn(stderr) }}
	stop := o.tell(l, stderr)
	status, err := launcher.Run(spec)
	ended := options.Ended()
	stop()
	if err != nil {
		return 0, err
	}
	if err := spec.Report.Close(); err != nil {
		fmt.Fprintln(stderr, "pledge: report:", quote.Error(err))
	}
	o.short.Dir = o.Chdir
	if o.ceiling {
		o.short.Within, o.short.Ceiling = spec.Promises|promises.Stdio.Set(), spec.Unveil
	}
	r := l.Result(o.short)
	if earlier != nil {
		if err := r.Merge(earlier); err != nil {
			return status, errorf("%s: %w", o.merge, err)
		}
	}
	if err := o.write(r, out); err != nil {
		fmt.Fprintf(stderr, "pledge: %s; what was learned:\n%s", quote.Error(err), r.Shell())
		return status, nil
	}
	if out.file != nil {
		o.wrote(stderr)
	}
	if o.check {
		ended.Stop() // signals are the program's again
		return o.replay(r, spec, status, stderr)
	}
	return status, nil
}

// goesOn says that the program has left processes behind, and returns what is
// closed when a signal ends the learning.
func goesOn(stderr io.Writer) <-chan struct{} {
	fmt.Fprintln(stderr, "pledge learn: the program has ended, what it has started goes on and is watched; interrupt to end that")
	signals, stop := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(signals, os.Interrupt, unix.SIGTERM, unix.SIGHUP)
	go func() {
		<-signals
		close(stop)
	}()
	return stop
}

func (o *learning) valid() error {
	switch o.as {
	case "shell", "toml", "go", "json", "systrace":
	default:
		return errorf("--as %q: want shell, toml, go, json or systrace", o.as)
	}
	if len(o.Unveil) > 0 && !o.ceiling {
		return errorf("-u limits what --within PROMISES admit: without it nothing is enforced while learning")
	}
	if o.merge != "" && o.output == "" && o.as == "toml" {
		o.output = o.merge
	}
	return nil
}

// earlier reads the profile to merge with. One that does not exist yet is empty.
func (o *learning) earlier() (*learn.Earlier, error) {
	if o.merge == "" {
		return nil, nil
	}
	text, _, err := trust.ReadFile(o.merge, profile.MaxSize)
	if errors.Is(err, fs.ErrNotExist) && o.output == o.merge {
		return nil, nil
	}
	var p *profile.Profile
	if err == nil {
		p, err = profile.Parse(text, o.merge)
	}
	if err != nil {
		return nil, errorf("--merge: %w", err)
	}
	return &learn.Earlier{Text: string(text), Promises: p.Promises, Unveil: append(p.Unveil, p.Optional...)}, nil
}

// spec is what is enforced meanwhile: what no promise admits is refused as it
// will be later.
func (o *learning) spec(stderr io.Writer) (*launcher.Spec, error) {
	o.Promises, o.HavePromises = promises.Everything.String(), true
	if o.ceiling {
		o.Promises = o.within
	}
	spec, err := o.Spec()
	if err != nil {
		return nil, err
	}
	spec.Report.Sinks = append(spec.Report.Sinks, event.Lines{W: stderr})
	spec.Started = func() { options.TellNotes(spec.Report, stderr) }
	return spec, nil
}

// tell says how far the run is, where there is a terminal; the function that it
// returns ends that.
func (o *learning) tell(l *learn.Learner, stderr io.Writer) (stop func()) {
	if !o.progress && !(term.IsTerminal(2) && !term.IsTerminal(1)) {
		return func() {}
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				p := l.Progress()
				fmt.Fprintf(stderr, "pledge learn: %d calls, %d paths, %q so far\n", p.Calls, p.Paths, p.Promises)
			}
		}
	}()
	return func() { close(done); <-ended }
}

func (o *learning) write(r *learn.Result, out *outputs) error {
	text, err := o.format(r)
	if err != nil {
		return err
	}
	if out.file != nil {
		err = out.file.Write(text, 0o644)
	} else {
		_, err = out.result.Write(text)
	}
	if err != nil || out.page == nil {
		return err
	}
	page, err := r.HTML()
	if err != nil {
		return err
	}
	return out.page.Write(page, 0o644)
}

func (o *learning) format(r *learn.Result) ([]byte, error) {
	switch o.as {
	case "toml":
		return r.TOML()
	case "go":
		return r.Go()
	case "json":
		return r.JSON()
	case "systrace":
		unveils := []convert.Unveil{}
		for _, u := range r.Unveils {
			unveils = append(unveils, convert.Unveil{Path: u.Path, Perms: u.Perms})
		}
		s := convert.Export(r.Command[0], r.Promises, unveils)
		text, err := syntax.Text(s)
		if err != nil {
			return nil, errorf("no policy can be written: %w", err)
		}
		return []byte(text), nil
	}
	return r.Shell(), nil
}

// replay runs the command under what was learned, and under the ceiling as well,
// as it was before the program ran: what was learned is names, and the program may
// have changed what they lead to.
func (o *learning) replay(r *learn.Result, first *launcher.Spec, learned int, stderr io.Writer) (int, error) {
	again := options.Options{Promises: r.Promises.String(), HavePromises: true, Command: r.Command, Chdir: o.Chdir, ReportUnveil: true}
	for _, u := range r.Unveils {
		again.Unveil = append(again.Unveil, u.String())
	}
	spec, err := again.Spec()
	if err != nil {
		return learned, errorf("--check: %w", err)
	}
	if o.ceiling {
		spec.Promises &= first.Promises
		spec.Unveil = spec.Unveil.Intersect(first.Unveil)
	}
	spec.Report.Sinks = append(spec.Report.Sinks, event.Lines{W: stderr})
	spec.Started = func() { options.TellNotes(spec.Report, stderr) }
	status, err := launcher.Run(spec)
	options.Ended()
	if err != nil {
		return learned, errorf("--check: %w", err)
	}
	spec.Report.Close()
	var wrong []string
	if n := spec.Report.Total(); n > 0 {
		wrong = append(wrong, fmt.Sprintf("%d calls were refused", n))
	}
	if status != learned {
		wrong = append(wrong, fmt.Sprintf("status %d instead of %d", status, learned))
	}
	if wrong != nil {
		return options.StatusUsage, errorf("--check: %s; what differs from run to run can be learned with --merge", strings.Join(wrong, ", "))
	}
	fmt.Fprintln(stderr, "pledge learn: checked: the same status, nothing refused")
	return status, nil
}
