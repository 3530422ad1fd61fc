//go:build amd64 || arm64

package launcher_test

import (
	"fmt"
	"log"
	"os"

	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/launcher/event"
	"github.com/pledge-linux/pledge/promises"
)

// counter is a place for reports of one's own.
type counter map[string]int

func (c counter) Event(e *event.Event) error { c[e.Promise]++; return nil }

func (c counter) Summary(line string) error { fmt.Println(line); return nil }

// A program runs under promises, and what it is refused goes to standard error
// and to a sink of one's own.
func Example() {
	set, err := promises.Parse("stdio")
	if err != nil {
		log.Fatal(err)
	}
	refused := counter{}
	report := &launcher.Report{Sinks: []event.Sink{event.Lines{W: event.FD(2)}, refused}}
	status, err := launcher.Run(&launcher.Spec{Argv: []string{"cat", "/etc/hostname"}, Env: os.Environ(), Promises: set, Report: report})
	if err != nil {
		log.Fatal(err) // nothing was run
	}
	if err := report.Close(); err != nil {
		log.Print("the report is not whole: ", err)
	}
	fmt.Println(status, refused)
}
