//go:build unix

package systrace

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/coreos/go-systemd/v22/journal"

	"github.com/pledge-linux/pledge/compat/systrace/enforce"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/tell"
	"github.com/pledge-linux/pledge/internal/trust"
	"github.com/pledge-linux/pledge/launcher/event"
)

// sink writes a record.
type sink func(*enforce.Record) error

// A place is where records go.
type place struct {
	name  string
	write sink
	// outlet is nil for standard error, which has one for all messages.
	outlet *outlet
}

func elsewhere(name string, s sink) place { return place{name, s, newOutlet()} }

// log opens where records go: standard error or a file, JSON, the journal; the
// system log if none of them was asked for. What one of them does not take goes
// to standard error.
func (o *options) log(stderr io.Writer) (*limiter, error) {
	var places []place
	if o.stderr {
		places = append(places, place{"standard error", lines(stderr), nil})
	}
	if o.logfile != "" {
		f, err := openLog(o.logfile)
		if err != nil {
			return nil, err
		}
		places = append(places, elsewhere(o.logfile, lines(f)))
	}
	switch {
	case o.json == "-":
		places = append(places, place{"--json", objects(stderr), nil})
	case o.json != "":
		f, err := openLog(o.json)
		if err != nil {
			return nil, err
		}
		places = append(places, elsewhere(o.json, objects(f)))
	}
	if o.journal {
		if !journal.Enabled() {
			return nil, fmt.Errorf("--journal: no systemd journal at /run/systemd/journal/socket")
		}
		places = append(places, elsewhere("journal", toJournal))
	}
	if len(places) == 0 {
		places = append(places, o.systemLog(stderr))
	}
	if b := tell.Open(tell.Places()); b != nil {
		places = append(places, elsewhere("pledged", toBroker(b)))
	}
	return newLimiter(places, stderr), nil
}

func (o *options) systemLog(stderr io.Writer) place {
	s, err := syslogger()
	if err == nil {
		return elsewhere("system log", s)
	}
	if !o.learn {
		fmt.Fprintf(stderr, "systrace: no system log (%v): lines go to standard error\n", err)
	}
	return place{"standard error", lines(stderr), nil}
}

// put has a record written, which nobody waits for if the place does not keep
// up.
func (p *place) put(r *enforce.Record, stderr io.Writer) {
	write := func() {
		if err := p.write(r); err != nil {
			fmt.Fprintf(stderr, "systrace: %s: %s\nsystrace: %s\n", quote.Word(p.name), quote.Error(err), quote.Text(r.Line))
		}
	}
	if p.outlet == nil {
		write()
		return
	}
	p.outlet.put(write)
}

func openLog(name string) (io.Writer, error) {
	fd, err := trust.Append(name)
	return event.FD(fd), err
}

// toBroker tells the host's broker. It waits for nothing.
func toBroker(b *tell.Broker) sink {
	return func(r *enforce.Record) error {
		kind, sev := "call.refused", 2
		if r.Action == "permit" {
			kind, sev = "call.permitted", 1
		}
		call := r.Call
		for _, a := range r.Args {
			call += ", " + a.Name + ": " + a.Text
		}
		b.Tell(kind, sev, tell.Field{Name: "tool", Text: "systrace"},
			tell.Field{Name: "program", Text: r.Program}, tell.Field{Name: "pid", N: r.PID}, tell.Field{Name: "name", Text: r.Call},
			tell.Field{Name: "call", Text: call}, tell.Field{Name: "policy", Text: r.Policy}, tell.Field{Name: "rule", Text: r.Rule},
			tell.Field{Name: "verdict", Text: r.Action}, tell.Field{Name: "count", N: r.Count})
		return nil
	}
}

func lines(w io.Writer) sink {
	return func(r *enforce.Record) error {
		_, err := fmt.Fprintf(w, "systrace: %s\n", quote.Text(r.Line))
		return err
	}
}

func objects(w io.Writer) sink {
	return func(r *enforce.Record) error {
		text, err := json.Marshal(r)
		if err != nil {
			return err
		}
		_, err = w.Write(append(quote.JSON(text), '\n'))
		return err
	}
}

// toJournal writes with fields to search by, escaped where they are not
// printable.
func toJournal(r *enforce.Record) error {
	fields := map[string]string{"SYSLOG_IDENTIFIER": "systrace", "SYSTRACE_ACTION": r.Action, "SYSTRACE_ERROR": r.Error,
		"SYSTRACE_USER": r.User, "SYSTRACE_PROGRAM": r.Program, "SYSTRACE_PID": fmt.Sprint(r.PID), "SYSTRACE_POLICY": r.Policy,
		"SYSTRACE_CALL": r.Emulation + "-" + r.Call, "SYSTRACE_COUNT": fmt.Sprint(r.Count)}
	for _, a := range r.Args {
		fields["SYSTRACE_ARG_"+journalName(a.Name)] = a.Text
	}
	for name, s := range fields {
		fields[name] = quote.Text(s)
	}
	return journal.Send(quote.Text(r.Line), journal.PriWarning, fields)
}

// journalName is a name in the letters that the journal takes.
func journalName(s string) string {
	b := []byte(s)
	for i, c := range b {
		switch {
		case 'a' <= c && c <= 'z':
			b[i] = c - 'a' + 'A'
		case 'A' <= c && c <= 'Z' || '0' <= c && c <= '9':
		default:
			b[i] = '_'
		}
	}
	return string(b)
}
