//go:build unix

// Command systrace confines programs by policies of systrace(1).
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/pledge-linux/pledge/cmd/internal/systrace"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/trust"
	"github.com/pledge-linux/pledge/launcher/event"
)

func main() {
	stderr := quote.Writer{W: event.FD(2)}
	if err := trust.Elevated(); err != nil {
		fmt.Fprintln(stderr, "systrace: "+quote.Error(err))
		os.Exit(125)
	}
	os.Exit(systrace.Run(filepath.Base(os.Args[0]), os.Args[1:], os.Stdin, quote.Terminal(os.Stdout), stderr))
}
