package systrace

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/coreos/go-systemd/v22/journal"

	"github.com/pledge-linux/pledge/compat/systrace/enforce"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/trust"
	"github.com/pledge-linux/pledge/launcher/event"
)

// sink writes a record.
type sink func(*enforce.Record) error

// log opens where records go: standard error or a file, JSON, the journal; the
// system log if none of them was asked for. What one of them does not take goes
// to standard error.
func (o *options) log(stderr io.Writer) (*limiter, error) {
	sinks := map[string]sink{}
	if o.stderr {
		sinks["standard error"] = lines(stderr)
	}
	if o.logfile != "" {
		f, err := openLog(o.logfile)
		if err != nil {
			return nil, err
		}
		sinks[o.logfile] = lines(f)
	}
	switch {
	case o.json == "-":
		sinks["--json"] = objects(stderr)
	case o.json != "":
		f, err := openLog(o.json)
		if err != nil {
			return nil, err
		}
		sinks[o.json] = objects(f)
	}
	if o.journal {
		if !journal.Enabled() {
			return nil, fmt.Errorf("--journal: no systemd journal at /run/systemd/journal/socket")
		}
		sinks["journal"] = toJournal
	}
	if len(sinks) == 0 {
		s, err := syslogger()
		if err != nil {
			if !o.learn {
				fmt.Fprintf(stderr, "systrace: no system log (%v): lines go to standard error\n", err)
			}
			s = lines(stderr)
		}
		sinks["system log"] = s
	}
	return newLimiter(func(r *enforce.Record) {
		for name, s := range sinks {
			if err := s(r); err != nil {
				fmt.Fprintf(stderr, "systrace: %s: %s\nsystrace: %s\n", quote.Word(name), quote.Error(err), quote.Text(r.Line))
			}
		}
	}), nil
}

func openLog(name string) (io.Writer, error) {
	fd, err := trust.Append(name)
	return event.FD(fd), err
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
