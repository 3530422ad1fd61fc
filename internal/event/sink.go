package event

import "io"

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
