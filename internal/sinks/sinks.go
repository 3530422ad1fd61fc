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
	"unicode/utf8"

	"github.com/coreos/go-systemd/v22/journal"

	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/launcher/event"
)

// JSON writes one object a line.
type JSON struct{ W io.Writer }

// Event implements event.Sink. JSON is UTF-8: a name that is not has its bytes,
// in base64, beside it.
func (j JSON) Event(e *event.Event) error {
	return j.line(struct {
		*event.Event
		ProgramBytes []byte `json:"program_bytes,omitempty"`
		UnveilBytes  []byte `json:"unveil_bytes,omitempty"`
	}{e, bytesOf(e.Program), bytesOf(e.Unveil)})
}

// Summary implements event.Sink.
func (j JSON) Summary(line string) error { return j.line(map[string]string{"summary": line}) }

func (j JSON) line(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = j.W.Write(append(quote.JSON(text), '\n'))
	return err
}

// bytesOf returns the bytes of a name that JSON cannot have.
func bytesOf(s string) []byte {
	if utf8.ValidString(s) {
		return nil
	}
	return []byte(s)
}

// Journal writes to systemd's journal, with fields to search by. Names in them
// are escaped where they are not printable.
type Journal struct{}

// Event implements event.Sink.
func (Journal) Event(e *event.Event) error {
	return journal.Send(e.Text(), journal.PriWarning, map[string]string{
		"SYSLOG_IDENTIFIER": "pledge", "PLEDGE_PID": strconv.Itoa(e.PID), "PLEDGE_PROGRAM": quote.Text(e.Program),
		"PLEDGE_CALL": quote.Text(e.Call), "PLEDGE_PROMISE": e.Promise, "PLEDGE_UNVEIL": quote.Text(e.Unveil), "PLEDGE_VERDICT": e.Verdict,
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
