//go:build !windows && !plan9

package sinks

import (
	"log/syslog"

	"github.com/pledge-linux/pledge/launcher/event"
)

// Syslog writes to the system log, facility auth.
type Syslog struct{ w *syslog.Writer }

// NewSyslog connects to the local log daemon.
func NewSyslog() (*Syslog, error) {
	w, err := syslog.New(syslog.LOG_WARNING|syslog.LOG_AUTH, "pledge")
	if err != nil {
		return nil, err
	}
	return &Syslog{w}, nil
}

// Event implements event.Sink.
func (s *Syslog) Event(e *event.Event) error { return s.w.Warning(e.Text()) }

// Summary implements event.Sink.
func (s *Syslog) Summary(line string) error { return s.w.Notice(line) }
