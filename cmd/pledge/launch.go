package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/pledge-linux/pledge/launcher"
)

func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

// launchCommand runs a program confined and returns its status.
func launchCommand(args []string, stdout, stderr io.Writer) int {
	if o := quickArgs(args); o != nil {
		return o.launch(stdout, stderr)
	}
	o, flags, err := parseArgs(args)
	if err != nil {
		return fail(stderr, errorf("%w; see pledge --help", err))
	}
	switch {
	case o.help:
		fmt.Fprintf(stdout, "%s\nOptions:\n%s", usage, flags.FlagUsages())
		return 0
	case o.version:
		return printVersion(stdout)
	}
	return o.launch(stdout, stderr)
}

func (o *options) launch(stdout, stderr io.Writer) int {
	spec, err := o.spec()
	if err != nil {
		return fail(stderr, err)
	}
	report, err := o.sinks(stderr)
	if err != nil {
		return fail(stderr, err)
	}
	spec.Report = report
	spec.Started = func() { tellNotes(report, stderr) }
	switch {
	case o.dryRun:
		return dryRun(spec, o, stdout, stderr)
	case o.dumpFilter != "":
		return dumpFilter(spec, o, stdout, stderr)
	case o.exec:
		return fail(stderr, launcher.Exec(spec))
	}
	status, err := launcher.Run(spec)
	if err != nil {
		return fail(stderr, err)
	}
	if err := report.Close(); err != nil {
		fmt.Fprintln(stderr, "pledge: report:", err)
	}
	if hint := o.unveilHint(spec, status, report); hint != "" {
		fmt.Fprintln(stderr, hint)
	}
	return status
}

// tellNotes says how this launch is confined otherwise than asked. --quiet is
// about refusals: nothing is weaker in silence.
func tellNotes(r *launcher.Report, stderr io.Writer) {
	for _, n := range r.Notes() {
		fmt.Fprintln(stderr, "pledge: "+n)
	}
}

// unveilHint: Landlock's refusals never reach the launcher, so a program that
// failed under unveil without any report may have failed for that.
func (o *options) unveilHint(spec *launcher.Spec, status int, r *launcher.Report) string {
	if o.quiet || spec.Unveil == nil || status == 0 || status >= 126 || o.reportUnveil || r.Total() > 0 {
		return ""
	}
	return fmt.Sprintf("pledge: status %d with paths hidden; --report-unveil shows which opens unveil refuses", status)
}

var errNoCommand = errors.New(`no command: pledge [options] "promises" -- command; see pledge --help`)

func openReport(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, errorf("--report: %w", err)
	}
	return f, nil
}
