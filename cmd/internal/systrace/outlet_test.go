//go:build unix

package systrace

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/compat/systrace/enforce"
)

// refusal is a record like no other.
func refusal(i int) *enforce.Record {
	return &enforce.Record{Time: time.Now(), Program: "/bin/x", Call: fmt.Sprint(i), Line: fmt.Sprintf("deny %d", i), Count: 1}
}

// stuck is a place that takes nothing until it is let go.
func stuck(t *testing.T) (s sink, free func()) {
	gate := make(chan struct{})
	open := false
	free = func() {
		if !open {
			open = true
			close(gate)
		}
	}
	t.Cleanup(free)
	return func(*enforce.Record) error { <-gate; return nil }, free
}

// A place that takes nothing holds up nobody, whatever is logged, and it is said
// that something is missing.
func TestStuckPlace(t *testing.T) {
	defer func(d time.Duration) { patience = d }(patience)
	patience = 50 * time.Millisecond
	s, _ := stuck(t)
	var told, fine bytes.Buffer
	l := newLimiter([]place{elsewhere("journal", s), elsewhere("a file", lines(&fine))}, &told)
	for i := range 3 * maxQueue {
		l.write(refusal(i))
	}
	l.Close()
	if !strings.Contains(told.String(), "journal: messages that could not be written") || strings.Contains(told.String(), "a file") {
		t.Errorf("told: %q", told.String())
	}
	if n := strings.Count(fine.String(), "\n"); n != 3*maxQueue {
		t.Errorf("the other place has %d lines", n)
	}
}

// A place that was slow gets what the queue holds, in order.
func TestSlowPlace(t *testing.T) {
	s, free := stuck(t)
	var told bytes.Buffer
	var calls []string
	l := newLimiter([]place{elsewhere("journal", func(r *enforce.Record) error {
		calls = append(calls, r.Call)
		return s(r)
	})}, &told)
	for i := range maxQueue + 100 {
		l.write(refusal(i))
	}
	free()
	l.Close()
	for i, call := range calls {
		if call != fmt.Sprint(i) {
			t.Fatalf("line %d is %s", i, call)
		}
	}
	if want := fmt.Sprintf("journal: messages that could not be written: %d\n", maxQueue+100-len(calls)); !strings.Contains(told.String(), want) || len(calls) < maxQueue {
		t.Errorf("%d calls, told %q", len(calls), told.String())
	}
}
