// Command systrace confines programs by policies of systrace(1).
package main

import (
	"os"
	"path/filepath"

	"github.com/pledge-linux/pledge/compat/systrace/command"
	"github.com/pledge-linux/pledge/internal/quote"
)

func main() {
	os.Exit(command.Run(filepath.Base(os.Args[0]), os.Args[1:], os.Stdin, quote.Terminal(os.Stdout), quote.Writer{W: os.Stderr}))
}
