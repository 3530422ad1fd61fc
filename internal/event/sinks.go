package event

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"github.com/coreos/go-systemd/v22/journal"
)

// A Sink receives events one at a time.
type Sink interface {
	Event(e *Event) error
	// Summary receives the closing line.
	Summary(line string) error
}

// Lines writes a line an event for people.
type Lines struct{ W io.Writer }

// Event implements Sink.
func (l Lines) Event(e *Event) error {
	_, err := io.WriteString(l.W, e.Text()+"\n")
	return err
}

// Summary implements Sink.
func (l Lines) Summary(line string) error {
	_, err := io.WriteString(l.W, line+"\n")
	return err
}

// JSON writes one object a line.
type JSON struct{ W io.Writer }

// Event implements Sink.
func (j JSON) Event(e *Event) error { return json.NewEncoder(j.W).Encode(e) }

// Summary implements Sink.
func (j JSON) Summary(line string) error {
	return json.NewEncoder(j.W).Encode(map[string]string{"summary": line})
}

// Journal writes to systemd's journal, with fields to search by.
type Journal struct{}

// Event implements Sink.
func (Journal) Event(e *Event) error {
	return journal.Send(e.Text(), journal.PriWarning, map[string]string{
		"SYSLOG_IDENTIFIER": "pledge", "PLEDGE_PID": strconv.Itoa(e.PID), "PLEDGE_PROGRAM": e.Program,
		"PLEDGE_CALL": e.Call, "PLEDGE_PROMISE": e.Promise, "PLEDGE_UNVEIL": e.Unveil, "PLEDGE_VERDICT": e.Verdict,
	})
}

// Summary implements Sink.
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
