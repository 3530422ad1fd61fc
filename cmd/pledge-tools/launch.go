//go:build unix

package main

import (
	"fmt"
	"io"

	"github.com/pledge-linux/pledge/cmd/internal/options"
	"github.com/pledge-linux/pledge/internal/probe"
	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/sinks"
	"github.com/pledge-linux/pledge/internal/trust"
	"github.com/pledge-linux/pledge/launcher/event"
)

func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

// launchCommand runs a program confined and returns its status.
func launchCommand(args []string, stdout, stderr io.Writer) int {
	o, flags, err := parseArgs(args)
	if err != nil {
		return options.Fail(stderr, errorf("%w; see pledge --help", err))
	}
	switch {
	case o.Help:
		fmt.Fprintf(stdout, "%s\nOptions:\n%s", usage, flags.FlagUsages())
		return 0
	case o.Version:
		return printVersion(stdout)
	}
	if err := o.complete(); err != nil {
		return options.Fail(stderr, err)
	}
	if o.DryRun || o.DumpFilter != "" {
		return show(o, stdout, stderr)
	}
	also, report, err := o.sinks()
	if err != nil {
		return options.Fail(stderr, err)
	}
	status := o.Launch(stderr, also...)
	if report != nil && report.changed() {
		fmt.Fprintf(stderr, "pledge: --report %s: it was removed or truncated meanwhile: the program may do that where it may write\n", quote.Word(o.Report))
	}
	return status
}

// complete adds what the profile says and checks what is required.
func (o *commandLine) complete() error {
	if o.Profile != "" {
		p, err := profile.Find(o.Profile)
		if err != nil {
			return err
		}
		o.merge(p)
	}
	for _, r := range o.Require {
		if err := probe.Require(r); err != nil {
			return err
		}
	}
	return nil
}

// sinks opens what the report goes to beside standard error; report is its file, if
// there is one.
func (o *commandLine) sinks() (list []event.Sink, report *reportFile, err error) {
	if o.ReportFormat != "text" && o.ReportFormat != "json" {
		return nil, nil, errorf("--report-format %q: want text or json", o.ReportFormat)
	}
	if o.Report != "" {
		fd, err := trust.Append(o.Report)
		if err != nil {
			return nil, nil, errorf("--report: %w", err)
		}
		report = newReportFile(fd)
		if o.ReportFormat == "json" {
			list = append(list, sinks.JSON{W: report})
		} else {
			list = append(list, event.Lines{W: report})
		}
	}
	if o.Syslog {
		s, err := sinks.NewSyslog()
		if err != nil {
			return nil, nil, errorf("--syslog: no log daemon listens at /dev/log: %w", err)
		}
		list = append(list, s)
	}
	if o.Journal {
		if err := sinks.JournalReachable(); err != nil {
			return nil, nil, errorf("--journal: %w", err)
		}
		list = append(list, sinks.Journal{})
	}
	return list, report, nil
}
