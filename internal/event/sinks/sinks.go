// Package sinks is what an event can be written to beside lines of text: JSON,
// the system log, systemd's journal. It stands apart from package event because
// what it links (net, encoding/json) costs every start of a command that never
// writes to them.
package sinks

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/coreos/go-systemd/v22/journal"

	"github.com/pledge-linux/pledge/internal/event"
)

// JSON writes one object a line.
type JSON struct{ W io.Writer }

// Event implements event.Sink.
func (j JSON) Event(e *event.Event) error { return json.NewEncoder(j.W).Encode(e) }

// Summary implements event.Sink.
func (j JSON) Summary(line string) error {
	return json.NewEncoder(j.W).Encode(map[string]string{"summary": line})
}

// Journal writes to systemd's journal, with fields to search by.
type Journal struct{}

// Event implements event.Sink.
func (Journal) Event(e *event.Event) error {
	return journal.Send(e.Text(), journal.PriWarning, map[string]string{
		"SYSLOG_IDENTIFIER": "pledge", "PLEDGE_PID": strconv.Itoa(e.PID), "PLEDGE_PROGRAM": e.Program,
		"PLEDGE_CALL": e.Call, "PLEDGE_PROMISE": e.Promise, "PLEDGE_UNVEIL": e.Unveil, "PLEDGE_VERDICT": e.Verdict,
	})
}

// Summary implements event.Sink.
func (Journal) Summary(line string) error {
	return journal.Send(line, journal.PriNotice, map[string]string{"SYSLOG_IDENTIFIER": "pledge"})
}

// JournalReachable reports whether there is a journal to write to.
func JournalReachable() error {
	if !journal.Enabled() {
		return fmt.Errorf("no systemd journal at /run/systemd/journal/socket")
	}
	return nil
}
