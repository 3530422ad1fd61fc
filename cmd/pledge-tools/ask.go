//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/pledge-linux/pledge/cmd/internal/options"
	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/asking"
	"github.com/pledge-linux/pledge/internal/askpage"
	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/trust"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/launcher/event"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// asked is what pledge ask is asked for.
type asked struct {
	words   string
	unveils []string
	connect []int
	bind    []int
	profile string
	argv    []string
	as      string
	output  string
	plain   bool
	noPage  bool
	check   bool
	timeout time.Duration
}

func askCommand(stdout, stderr io.Writer, status *int) *cobra.Command {
	o := &asked{}
	c := &cobra.Command{
		Use: "ask [options] [PROMISES] -- COMMAND [ARGUMENT...]", Short: "run a program and make its promises and paths by answering questions", Args: cobra.ArbitraryArgs,
		Long: "Runs a program that has nothing but stdio, and asks about what it needs besides, while the call waits. At the end\nit prints the promises and paths that were given for good.",
		RunE: func(c *cobra.Command, args []string) (err error) {
			at := c.ArgsLenAtDash()
			if at < 0 || at > 1 || at >= len(args) {
				return errorf("pledge ask takes a command behind --: pledge ask [\"stdio rpath\"] -- command")
			}
			if at == 1 {
				o.words = args[0]
			}
			o.argv = args[at:]
			*status, err = o.run(stderr)
			return err
		},
	}
	f := c.Flags()
	f.SortFlags = false
	f.StringArrayVarP(&o.unveils, "unveil", "u", nil, "`PERMS:PATH` to begin with; repeatable")
	f.IntSliceVar(&o.connect, "tcp-connect", nil, "TCP `PORT`s to begin with")
	f.IntSliceVar(&o.bind, "tcp-bind", nil, "TCP `PORT`s to begin with")
	f.StringVar(&o.profile, "profile", "", "a profile `FILE` to begin with, which every answer for good is written to")
	f.StringVar(&o.as, "as", "shell", "`FORMAT` of the result: shell, toml, go, systrace")
	f.StringVarP(&o.output, "output", "o", "", "write the result to `FILE`; without it to standard error")
	f.BoolVar(&o.plain, "plain", false, "ask in the terminal, line by line")
	f.BoolVar(&o.noPage, "no-page", false, "serve no page; pledge ask list and answer still do")
	f.BoolVar(&o.check, "check", false, "run the command once more under the result, and fail with what is refused")
	f.DurationVar(&o.timeout, "timeout", time.Minute, "refuse what nobody has answered after a `TIME`; 0 waits")
	c.AddCommand(askList(stdout), askAnswer(stdout), askHistory(stdout), askUndo(stdout), askServe(stdout))
	return c
}

// start is the policy to begin with.
func (o *asked) start() (*ask.Policy, *profileFile, error) {
	g := ask.Grant{Words: promises.Stdio.Set()}
	var file *profileFile
	if o.profile != "" {
		var err error
		if file, err = openProfile(o.profile); err != nil {
			return nil, nil, err
		}
		o.words = file.p.Promises + " " + o.words
		o.unveils = append(append([]string{}, file.p.Unveil...), o.unveils...)
		o.connect, o.bind = append(o.connect, file.p.TCPConnect...), append(o.bind, file.p.TCPBind...)
	}
	set, err := promises.Parse(o.words)
	if err != nil {
		return nil, nil, err
	}
	g.Words |= set
	for _, u := range o.unveils {
		perms, path, err := unveil.Split(u)
		if err != nil {
			return nil, nil, err
		}
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return nil, nil, errorf("--unveil: %w", err)
		}
		g.Entries = append(g.Entries, ask.Entry{Path: path, Perms: perms})
	}
	for _, list := range []struct {
		from []int
		to   *[]uint16
	}{{o.connect, &g.Connect}, {o.bind, &g.Bind}} {
		for _, n := range list.from {
			if n < 0 || n > 65535 {
				return nil, nil, errorf("%d: no TCP port", n)
			}
			*list.to = append(*list.to, uint16(n))
		}
	}
	g.AnyPort = set.Has(promises.Inet) && len(o.connect)+len(o.bind) == 0
	p, err := ask.NewPolicy(g)
	return p, file, err
}

func (o *asked) run(stderr io.Writer) (int, error) {
	if _, err := render(o.as, ask.Grant{}, o.argv); err != nil {
		return 0, err
	}
	base, file, err := o.start()
	if err != nil {
		return 0, err
	}
	dir, err := sessionDir()
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	ao := ask.Options{Base: base, Timeout: o.timeout, Alone: func() {
		fmt.Fprintf(stderr, "pledge ask: the program waits for an answer: pledge ask list; pledge ask answer N permit\n")
	}}
	if file != nil {
		ao.Save = file.save
	}
	b := ask.New(ao)
	s, err := askpage.Start(askpage.Options{Broker: b, Dir: dir, Argv: o.argv, Page: !o.noPage && !o.plain, Result: func(as string) (string, error) { return render(as, b.Policy().Grant, o.argv) }})
	if err != nil {
		return 0, err
	}
	defer s.Close()
	opened := false // a browser
	if url := s.URL(); url != "" {
		fmt.Fprintf(stderr, "pledge ask: %s\n", url)
		opened = browse(url)
	}
	if o.plain || !opened && term.IsTerminal(0) && term.IsTerminal(2) {
		stop, err := plainly(b, stderr)
		if err != nil {
			return 0, err
		}
		defer stop()
	}
	debug.SetMemoryLimit(256 << 20)
	status, err := asking.Run(asking.Options{Argv: o.argv, Env: os.Environ(), Broker: b, Errors: stderr, Secret: []string{sessionBase()}, Port: s.Port()})
	if err != nil {
		return 0, err
	}
	s.Ended(status)
	status, err = o.finish(b, status, stderr)
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s.Linger(interrupted.Done())
	return status, err
}

// browse opens the page where there is a browser for it, and tells whether there
// is.
func browse(url string) bool {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return false
	}
	path, err := exec.LookPath("xdg-open")
	if err != nil {
		return false
	}
	c := exec.Command(path, url)
	if c.Start() != nil {
		return false
	}
	go c.Wait()
	return true
}

// finish writes the result, and tries it.
func (o *asked) finish(b *ask.Broker, status int, stderr io.Writer) (int, error) {
	g := b.Policy().Grant
	text, err := render(o.as, g, o.argv)
	if err != nil {
		return status, err
	}
	if o.output != "" {
		if err := trust.Replace(o.output, []byte(text), 0o644); err != nil {
			return status, errorf("-o: %w", err)
		}
	} else {
		fmt.Fprint(stderr, text)
	}
	if !o.check {
		return status, nil
	}
	spec, err := enforced(g, o.argv).Spec()
	if err != nil {
		return status, errorf("--check: %w", err)
	}
	spec.Report.Sinks = append(spec.Report.Sinks, event.Lines{W: stderr})
	again, err := launcher.Run(spec)
	options.Ended()
	if err != nil {
		return status, errorf("--check: %w", err)
	}
	spec.Report.Close()
	if n := spec.Report.Total(); n > 0 || again != status {
		return options.StatusUsage, errorf("--check: %d calls were refused, status %d instead of %d", n, again, status)
	}
	fmt.Fprintln(stderr, "pledge ask: checked: the same status, nothing refused")
	return status, nil
}

// enforced are options of pledge that enforce a grant, and kill.
func enforced(g ask.Grant, argv []string) *options.Options {
	o := &options.Options{Promises: g.Words.String(), HavePromises: true, Command: argv, Kill: true, ReportUnveil: true}
	for _, e := range g.Entries {
		o.Unveil = append(o.Unveil, e.String())
	}
	o.Connect, o.Bind = ports(g)
	return o
}

// ports are those that pledge limits TCP to; port 0, which none is, stands for
// none.
func ports(g ask.Grant) (connect, bind []int) {
	if g.AnyPort || !g.Words.Has(promises.Inet) {
		return nil, nil
	}
	for _, n := range g.Connect {
		connect = append(connect, int(n))
	}
	for _, n := range g.Bind {
		bind = append(bind, int(n))
	}
	if connect == nil {
		connect = []int{0}
	}
	return connect, bind
}

// sessionBase is where runs that ask have their sockets.
func sessionBase() string {
	if d := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(d) && trust.Dir(d) == nil {
		return filepath.Join(d, "pledge-ask")
	}
	return filepath.Join("/tmp", "pledge-ask-"+strconv.Itoa(os.Getuid()))
}

// sessionDir makes the directory of this run. Nobody else may have made the one
// above it.
func sessionDir() (string, error) {
	base := sessionBase()
	if err := os.Mkdir(base, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return "", err
	}
	if err := trust.Dir(base); err != nil {
		return "", errorf("nobody else may have made %s: %w", quote.Word(base), err)
	}
	dir := filepath.Join(base, strconv.Itoa(os.Getpid()))
	os.RemoveAll(dir) // of a process that had the number before
	return dir, os.Mkdir(dir, 0o700)
}

// profileFile is a profile that answers are written to.
type profileFile struct {
	path  string
	p     *profile.Profile
	last  string            // its bytes as they were read or written
	bytes map[string]string // of policies that it was
}

func openProfile(path string) (*profileFile, error) {
	text, _, err := trust.ReadFile(path, profile.MaxSize)
	if errors.Is(err, os.ErrNotExist) {
		return &profileFile{path: path, p: &profile.Profile{Promises: "stdio"}, bytes: map[string]string{}}, nil
	}
	if err != nil {
		return nil, errorf("--profile: %w", err)
	}
	p, err := profile.Parse(text, path)
	return &profileFile{path: path, p: p, last: string(text), bytes: map[string]string{}}, err
}

// save writes a policy. What somebody else has written meanwhile stays.
func (f *profileFile) save(before, after *ask.Policy) error {
	text, _, err := trust.ReadFile(f.path, profile.MaxSize)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if string(text) != f.last {
		return errorf("%s was changed by somebody else meanwhile", quote.Word(f.path))
	}
	f.bytes[before.Digest()] = f.last
	body, known := f.bytes[after.Digest()]
	if !known {
		p := *f.p
		p.Promises, p.Unveil = after.Words.String(), nil
		for _, e := range after.Entries {
			p.Unveil = append(p.Unveil, e.String())
		}
		p.TCPConnect, p.TCPBind = ports(after.Grant)
		b, err := p.Marshal()
		if err != nil {
			return err
		}
		body = string(b)
	}
	if err := trust.Replace(f.path, []byte(body), 0o644); err != nil {
		return err
	}
	f.last = body
	return nil
}
