// Command pledge runs a program under pledge(2) promises and unveil(2) paths.
//
// See pledge(1), or pledge --help.

// The launcher uses one processor at a time; asking cgroups how many there are
// costs a twentieth of a launch.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/pledge-linux/pledge/internal/event"
	"github.com/pledge-linux/pledge/launcher"
)

const (
	statusUsage = 125
	version     = "0.1.0"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, event.FD(2))) }

// run is the command. A first argument that names a subcommand is one; every
// other command line launches a program.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return statusUsage
	}
	if isSubcommand(args[0]) {
		return subcommand(args, stdout, stderr)
	}
	return launchCommand(args, stdout, stderr)
}

func isSubcommand(word string) bool {
	return slices.Contains([]string{"explain", "doctor", "profile", "completion", "help", "version", "__complete", "__completeNoDesc"}, word)
}

// fail prints an error on one line and returns its status.
func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "pledge: "+strings.ReplaceAll(err.Error(), "\n", " "))
	var e *launcher.Error
	if errors.As(err, &e) {
		return e.Status
	}
	return statusUsage
}

const usage = `usage: pledge [options] "promises" -- command [argument ...]
       pledge [options] --profile name [--] command [argument ...]
       pledge explain [promise | system-call | 'call(arguments)']
       pledge doctor [--json]
       pledge profile list | show name | check file ...
       pledge completion bash | zsh | fish

Runs a command that may do only what its promises say, and sees only the paths
that are unveiled. Try: pledge "stdio rpath" -- cat /etc/hostname
Options: pledge --help. Promises: pledge explain. Manual: pledge(1).
`
