//go:build unix

package options

import (
	"github.com/pledge-linux/pledge/internal/tell"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/launcher/event"
)

// watched is a launch that a host's broker is told about; without a broker it is
// told to nobody. It is a sink.
type watched struct {
	*tell.Broker
	name string
}

// watch looks for a broker, and has it told what is refused. With --exec there is
// nobody left who could tell.
func (o *Options) watch(spec *launcher.Spec) *watched {
	w := &watched{}
	if !o.Exec {
		w.Broker = tell.Open(tell.Places())
	}
	if w.Broker != nil {
		spec.Report.Sinks = append(spec.Report.Sinks, w)
	}
	return w
}

const informs, refuses, kills = 0, 2, 3 // severities

func tool() tell.Field { return tell.Field{Name: "tool", Text: "pledge"} }

func (w *watched) started(o *Options) {
	if w.Broker == nil || len(o.Command) == 0 {
		return
	}
	w.name = o.Command[0]
	w.Tell("exec.start", informs, tool(), tell.Field{Name: "program", Text: w.name}, tell.Field{Name: "promise", Text: o.Promises})
}

func (w *watched) ended(status int) {
	if w.Broker != nil && w.name != "" {
		w.Tell("exec.end", informs, tool(), tell.Field{Name: "program", Text: w.name}, tell.Field{Name: "count", N: status})
	}
}

// Event implements event.Sink.
func (w *watched) Event(e *event.Event) error {
	kind, sev := "call.refused", refuses
	if e.Verdict == "kill" {
		kind, sev = "call.killed", kills
	}
	w.Tell(kind, sev, tool(),
		tell.Field{Name: "program", Text: e.Program}, tell.Field{Name: "pid", N: e.PID}, tell.Field{Name: "name", Text: e.Name},
		tell.Field{Name: "call", Text: e.Call}, tell.Field{Name: "promise", Text: e.Promise}, tell.Field{Name: "unveil", Text: e.Unveil},
		tell.Field{Name: "option", Text: e.Option}, tell.Field{Name: "verdict", Text: e.Verdict}, tell.Field{Name: "count", N: e.Count})
	return nil
}

// Summary implements event.Sink.
func (w *watched) Summary(string) error { return nil }
