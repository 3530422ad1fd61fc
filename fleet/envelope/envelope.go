// Package envelope is the one form in which everything that is watched travels:
// refused calls, starts and ends, heartbeats, gaps, findings.
//
// An event is known by its host, the boot it happened in and a number that
// counts up from 1 in that boot. Whoever has all numbers has lost nothing.
//
// # Versions
//
// Fields are only added to a version. What a reader does not know it keeps and
// writes out again. A reader takes its own version and the one before.
//
// What an event says of programs, names and paths, others have chosen. It is
// text to be shown and compared, and quoted where it is shown.
package envelope

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Version is what this package writes.
const Version = 1

// MaxEvent is how large one event may be as JSON, in bytes.
const MaxEvent = 64 << 10

// An Event is something that happened on a host.
type Event struct {
	V     int             `json:"v"`
	Type  string          `json:"type"`
	Host  string          `json:"host"`
	Boot  string          `json:"boot"`
	Seq   uint64          `json:"seq"`
	Time  time.Time       `json:"time"`    // for people; clocks jump
	Mono  int64           `json:"mono_ns"` // since the boot, for order and distance
	Agent string          `json:"agent,omitempty"`
	Sev   int             `json:"sev"`
	Body  json.RawMessage `json:"body,omitempty"`

	more map[string]json.RawMessage // fields that this version does not know
}

// Severities, least first.
const (
	Debug = iota
	Info
	Notice // a refusal that most programs go on after
	Warning
	Alert
	Critical
	severities
)

// Severities is how many there are.
const Severities = severities

// kinds are the types of events, and the least severity that each has: a sender
// cannot make a gap something that is dropped first.
var kinds = map[string]int{
	"host.hello":          Info,
	"host.beat":           Debug,
	"host.bye":            Info,
	"call.refused":        Notice,
	"call.killed":         Warning,
	"call.permitted":      Info,
	"exec.start":          Debug,
	"exec.end":            Debug,
	"profile":             Info,
	"ask.question":        Notice,
	"ask.closed":          Info,
	"ans.result":          Warning,
	"policy.changed":      Warning,
	"supervisor.vanished": Alert,
	"gap":                 Alert,
	"finding":             Alert,
}

// Known tells whether a type is one of this version's.
func Known(kind string) bool { _, ok := kinds[kind]; return ok }

// Types returns the types, sorted.
func Types() (list []string) {
	for k := range kinds {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

// Severity is what an event of a type has if asked is said of it.
func Severity(kind string, asked int) int {
	return min(max(asked, kinds[kind]), Critical)
}

var (
	hostName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)
	bootName = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
)

// Host tells whether a name can be a host's: it is part of subjects and paths,
// so no dot, star or slash is in it.
func Host(name string) bool { return hostName.MatchString(name) }

// Boot tells whether a name can be a boot's, which the kernel gives as a UUID.
func Boot(name string) bool { return bootName.MatchString(name) }

// ID is what no other event has.
func (e *Event) ID() string { return fmt.Sprintf("%s/%s/%d", e.Host, e.Boot, e.Seq) }

// Check says what makes an event none.
func (e *Event) Check() error {
	switch {
	case e.V != Version && e.V != Version-1:
		return fmt.Errorf("event of version %d; %d is known", e.V, Version)
	case !Host(e.Host):
		return fmt.Errorf("event of host %q, which is no name", e.Host)
	case !Boot(e.Boot):
		return fmt.Errorf("event of boot %q, which is no UUID", e.Boot)
	case e.Seq == 0 || e.Seq > 1<<62:
		return fmt.Errorf("event with number %d", e.Seq)
	case e.Sev < 0 || e.Sev > Critical:
		return fmt.Errorf("event of severity %d", e.Sev)
	case e.Type == "" || len(e.Type) > 64:
		return fmt.Errorf("event of type %q", e.Type)
	case len(e.Body) > MaxEvent:
		return fmt.Errorf("event of %d bytes; %d are taken", len(e.Body), MaxEvent)
	}
	return nil
}

// plain is an Event without its methods.
type plain Event

// fields are the names that Event has.
var fields = []string{"v", "type", "host", "boot", "seq", "time", "mono_ns", "agent", "sev", "body"}

// UnmarshalJSON keeps the fields that it does not know.
func (e *Event) UnmarshalJSON(text []byte) error {
	var p plain
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	if err := json.Unmarshal(text, &p.more); err != nil {
		return err
	}
	for _, f := range fields {
		delete(p.more, f)
	}
	if len(p.more) == 0 {
		p.more = nil
	}
	*e = Event(p)
	return nil
}

// MarshalJSON writes them out again.
func (e Event) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(plain(e))
	if err != nil || len(e.more) == 0 {
		return text, err
	}
	more, err := json.Marshal(e.more)
	if err != nil {
		return nil, err
	}
	return append(append(text[:len(text)-1], ','), more[1:]...), nil
}

// Join writes events as a frame: one JSON object a line.
func Join(events []Event) ([]byte, error) {
	var b bytes.Buffer
	for i := range events {
		text, err := json.Marshal(events[i])
		if err != nil {
			return nil, err
		}
		b.Write(text)
		b.WriteByte('\n')
	}
	return b.Bytes(), nil
}

// MaxFrame is how many events a frame may have.
const MaxFrame = 200

// Split reads a frame. One event that is none makes the frame none.
func Split(frame []byte) ([]Event, error) {
	var list []Event
	for line := range bytes.Lines(frame) {
		if len(list) == MaxFrame {
			return nil, fmt.Errorf("frame of more than %d events", MaxFrame)
		}
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("event %d of a frame: %w", len(list)+1, err)
		}
		if err := e.Check(); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}
