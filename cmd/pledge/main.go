//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

package main

import (
	"fmt"
	"os"

	"github.com/pledge-linux/pledge/internal/event"
	"github.com/pledge-linux/pledge/launcher"
	"github.com/pledge-linux/pledge/promises"
)

func main() {
	set, err := promises.Parse(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "pledge:", err)
		os.Exit(125)
	}
	r := &launcher.Report{Sinks: []event.Sink{event.Lines{W: os.Stderr}}}
	st, err := launcher.Run(&launcher.Spec{Argv: os.Args[3:], Env: os.Environ(), Promises: set, Report: r})
	if err != nil {
		fmt.Fprintln(os.Stderr, "pledge:", err)
		os.Exit(125)
	}
	r.Close()
	os.Exit(st)
}
