package main

import (
	"fmt"
	"io"

	"github.com/pledge-linux/pledge/cmd/internal/options"
	"github.com/pledge-linux/pledge/internal/probe"
	"github.com/pledge-linux/pledge/internal/profile"
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
	also, err := o.sinks()
	if err != nil {
		return options.Fail(stderr, err)
	}
	return o.Launch(stderr, also...)
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

// sinks opens what the report goes to beside standard error.
func (o *commandLine) sinks() ([]event.Sink, error) {
	var list []event.Sink
	if o.ReportFormat != "text" && o.ReportFormat != "json" {
		return nil, errorf("--report-format %q: want text or json", o.ReportFormat)
	}
	if o.Report != "" {
		fd, err := trust.Append(o.Report)
		if err != nil {
			return nil, errorf("--report: %w", err)
		}
		if o.ReportFormat == "json" {
			list = append(list, sinks.JSON{W: event.FD(fd)})
		} else {
			list = append(list, event.Lines{W: event.FD(fd)})
		}
	}
	if o.Syslog {
		s, err := sinks.NewSyslog()
		if err != nil {
			return nil, errorf("--syslog: no log daemon listens at /dev/log: %w", err)
		}
		list = append(list, s)
	}
	if o.Journal {
		if err := sinks.JournalReachable(); err != nil {
			return nil, errorf("--journal: %w", err)
		}
		list = append(list, sinks.Journal{})
	}
	return list, nil
}
