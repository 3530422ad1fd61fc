//go:build unix

package options

import (
	"fmt"
	"io"
	"time"
)

// A Teller prints lines for a supervisor, which must not wait for a pipe that its
// program has filled: lines that do not fit into its queue are lost, and counted.
type Teller struct {
	lines chan string
	ended chan struct{}
	lost  int
}

// NewTeller begins to print to w.
func NewTeller(w io.Writer) *Teller {
	t := &Teller{lines: make(chan string, 1024), ended: make(chan struct{})}
	go func() {
		defer close(t.ended)
		for l := range t.lines {
			io.WriteString(w, l+"\n")
		}
	}()
	return t
}

// Tell prints a line; it is called by one at a time.
func (t *Teller) Tell(line string) {
	select {
	case t.lines <- line:
	default:
		t.lost++
	}
}

// Close waits until all lines are printed, but not for ever. The error says how
// many are not.
func (t *Teller) Close() error {
	close(t.lines)
	lost := t.lost
	select {
	case <-t.ended:
	case <-time.After(5 * time.Second):
		lost += len(t.lines) + 1
	}
	if lost > 0 {
		return fmt.Errorf("%d lines could not be printed", lost)
	}
	return nil
}
