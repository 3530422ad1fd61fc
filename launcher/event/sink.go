package event

import (
	"io"

	"github.com/pledge-linux/pledge/internal/quote"
)

// A Sink receives events, one at a time and in order. A report calls it on a
// goroutine of its own: a sink may block, and should rather than lose.
type Sink interface {
	// Event receives a refusal. An error is counted as a line that was lost.
	Event(e *Event) error
	// Summary receives the closing line.
	Summary(line string) error
}

// Lines writes a line an event for people, in one Write each.
type Lines struct{ W io.Writer }

// Event implements Sink.
func (l Lines) Event(e *Event) error { return l.line(e.Text()) }

// Summary implements Sink.
func (l Lines) Summary(line string) error { return l.line(line) }

func (l Lines) line(s string) error {
	_, err := io.WriteString(l.W, quote.Text(s)+"\n")
	return err
}
