package envelope_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/fleet/envelope"
)

func event() envelope.Event {
	return envelope.Event{V: 1, Type: "call.refused", Host: "web17", Boot: "01234567-89ab-cdef-0123-456789abcdef", Seq: 7,
		Time: time.Unix(1, 0).UTC(), Mono: 5, Sev: 2, Body: json.RawMessage(`{"program":"cat"}`)}
}

func TestFrame(t *testing.T) {
	in := []envelope.Event{event(), event()}
	in[1].Seq = 8
	frame, err := envelope.Join(in)
	if err != nil {
		t.Fatal(err)
	}
	out, err := envelope.Split(frame)
	if err != nil || len(out) != 2 || out[1].ID() != "web17/01234567-89ab-cdef-0123-456789abcdef/8" {
		t.Fatalf("Split = %v, %v", out, err)
	}
	again, _ := envelope.Join(out)
	if !bytes.Equal(frame, again) {
		t.Errorf("Join(Split(x)) = %s, want %s", again, frame)
	}
}

func TestKeepsUnknownFields(t *testing.T) {
	text := `{"v":1,"type":"call.refused","host":"a","boot":"01234567-89ab-cdef-0123-456789abcdef","seq":1,"time":"2026-01-01T00:00:00Z","mono_ns":1,"sev":2,"body":{"later":[1]},"colour":"red"}`
	var e envelope.Event
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		t.Fatal(err)
	}
	out, err := json.Marshal(e)
	if err != nil || string(out) != text {
		t.Errorf("written again: %s, %v\nwant %s", out, err, text)
	}
}

func TestCheck(t *testing.T) {
	for name, spoil := range map[string]func(*envelope.Event){
		"version":   func(e *envelope.Event) { e.V = 2 },
		"dot":       func(e *envelope.Event) { e.Host = "a.b" },
		"star":      func(e *envelope.Event) { e.Host = "*" },
		"more":      func(e *envelope.Event) { e.Host = ">" },
		"slash":     func(e *envelope.Event) { e.Host = "../x" },
		"no host":   func(e *envelope.Event) { e.Host = "" },
		"newline":   func(e *envelope.Event) { e.Host = "a\n" },
		"boot":      func(e *envelope.Event) { e.Boot = "1" },
		"no number": func(e *envelope.Event) { e.Seq = 0 },
		"number":    func(e *envelope.Event) { e.Seq = 1 << 63 },
		"severity":  func(e *envelope.Event) { e.Sev = 6 },
		"no type":   func(e *envelope.Event) { e.Type = "" },
		"size":      func(e *envelope.Event) { e.Body = make([]byte, envelope.MaxEvent+1) },
	} {
		e := event()
		if err := e.Check(); err != nil {
			t.Fatal(err)
		}
		spoil(&e)
		if e.Check() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// What loses least is never what a sender says: a gap stays an alert.
func TestSeverity(t *testing.T) {
	for _, kind := range envelope.Types() {
		least := envelope.Severity(kind, -1)
		if got := envelope.Severity(kind, 99); got != envelope.Critical {
			t.Errorf("%s: %d", kind, got)
		}
		if least < 0 {
			t.Errorf("%s: %d", kind, least)
		}
	}
	if envelope.Severity("gap", 0) != envelope.Alert {
		t.Error("a gap can be made less than an alert")
	}
}

func FuzzSplit(f *testing.F) {
	frame, _ := envelope.Join([]envelope.Event{event()})
	f.Add(frame)
	f.Add([]byte(strings.Repeat("\n", 3)))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := envelope.Split(text)
		if err != nil {
			return
		}
		for i := range list {
			if list[i].Check() != nil {
				t.Error("Split took an event that is none")
			}
		}
		if _, err := envelope.Join(list); err != nil {
			t.Error(err)
		}
	})
}
