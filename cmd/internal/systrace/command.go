//go:build unix

package systrace

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/agent"
	"github.com/pledge-linux/pledge/compat/systrace/cradle"
	"github.com/pledge-linux/pledge/compat/systrace/enforce"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/internal/quote"
)

// Exit statuses besides the program's own.
const (
	statusFailed   = 1
	statusNotFound = 127
)

// Run is systrace(1). Name is what it was called by.
func Run(name string, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 2 && args[0] == cradle.Option {
		return cradle.Main(args[1])
	}
	messages := said{newOutlet(), stderr}
	defer messages.Close()
	stderr = messages
	o, err := parse(args)
	if err == nil && o.version {
		fmt.Fprintf(stderr, "%s V1.6g (linux64 seccomp)\n", name)
		return 0
	}
	status := 0
	if err == nil {
		status, err = o.run(stdin, stdout, stderr)
	}
	var missing *enforce.NotFound
	switch {
	case err == nil:
		return status
	case errors.Is(err, errUsage):
		if err != errUsage {
			fmt.Fprintf(stderr, "systrace: %s\n", quote.Error(err)[len("usage: "):])
		}
		fmt.Fprint(stderr, usage)
	case errors.As(err, &missing):
		fmt.Fprintf(stderr, "systrace: %s\n", quote.Error(err))
		return statusNotFound
	default:
		fmt.Fprintf(stderr, "systrace: %s\n", strings.Join(quote.Errors(err), "\n"))
	}
	return statusFailed
}

// descriptor is that of a file; -1 for other readers.
func descriptor(r io.Reader) int {
	if f, ok := r.(*os.File); ok {
		return int(f.Fd())
	}
	return -1
}

func (o *options) run(stdin io.Reader, stdout, stderr io.Writer) (int, error) {
	store := &policy.Store{}
	var err error
	if store.User, err = o.userDir(); err != nil {
		return 0, err
	}
	for _, f := range o.files {
		warnings, err := store.Read(f)
		if err != nil {
			return 0, err
		}
		for _, w := range warnings {
			fmt.Fprintf(stderr, "systrace: %s\n", quote.Text(w.String()))
		}
	}
	e := enforce.Options{Argv: o.argv, Env: os.Environ(), Inherit: o.inherit, NoAlias: o.noAlias, Generalize: o.general, Attach: o.pid, Store: store, Errors: stderr, As: o.as}
	if o.plan {
		return 0, enforce.Plan(stdout, e)
	}
	logged, err := o.log(stderr)
	if err != nil {
		return 0, err
	}
	defer logged.Close()
	e.Log = logged.Record
	switch {
	case o.automatic:
		e.Mode = enforce.Automatic
	case o.learn:
		e.Mode = enforce.Learn
	case o.text:
		e.Mode, e.Agent = enforce.Ask, &agent.Text{In: bufio.NewReader(stdin), FD: descriptor(stdin), Out: stdout, Deadline: o.deadline}
	case o.cradle:
		c, err := cradle.Connect(o.gui)
		if err != nil {
			return 0, fmt.Errorf("-C: %w", err)
		}
		c.Deadline = o.deadline
		e.Mode, e.Agent = enforce.Ask, c
	default:
		gui := &agent.Program{Path: o.gui, Deadline: o.deadline}
		if err := gui.Start(); err != nil {
			return 0, fmt.Errorf("%w; -t asks at the terminal, -a and -A do not ask", err)
		}
		e.Mode, e.Agent = enforce.Ask, gui
	}
	return enforce.Run(e)
}
