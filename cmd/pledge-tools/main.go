//go:build unix

// Command pledge-tools is everything of pledge(1) that the quick start of
// cmd/pledge leaves out: profiles, logs, explanations, the doctor, completion,
// help. pledge executes it when it is asked for any of these; it launches
// programs in the same way, and can be used in place of it.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/pledge-linux/pledge/cmd/internal/options"
	"github.com/pledge-linux/pledge/cmd/internal/systrace"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/trust"
)

const version = "0.1.0"

func main() {
	stderr := options.Stderr()
	if err := trust.Elevated(); err != nil {
		os.Exit(options.Fail(stderr, err))
	}
	// pledge executes a descriptor, and the kernel names the process after that.
	sys.SetName("pledge-tools")
	os.Exit(run(os.Args[1:], quote.Terminal(os.Stdout), stderr))
}

// run is the command. A first argument that names a subcommand is one; every
// other command line launches a program.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return options.StatusUsage
	}
	if args[0] == "systrace" {
		return systrace.Run("pledge systrace", args[1:], os.Stdin, stdout, stderr)
	}
	if isSubcommand(args[0]) {
		return subcommand(args, stdout, stderr)
	}
	return launchCommand(args, stdout, stderr)
}

func isSubcommand(word string) bool {
	return slices.Contains([]string{"explain", "doctor", "ask", "learn", "try", "inspect", "profile", "import", "export", "lint", "completion", "help", "version", "__complete", "__completeNoDesc"}, word)
}

const usage = `usage: pledge [options] "promises" -- command [argument ...]
       pledge [options] --profile name [--] command [argument ...]
       pledge explain [promise | system-call | 'call(arguments)']
       pledge explain --audit [line ...]
       pledge ask [options] ["promises"] -- command [argument ...]
       pledge learn [options] -- command [argument ...]
       pledge try [options] "promises" -- command [argument ...]
       pledge inspect [--json] file ...
       pledge doctor [--json]
       pledge profile list | show name | check file ...
       pledge import [options] policy-of-systrace ...
       pledge export --systrace "promises" [-u PERMS:PATH ...] [program]
       pledge lint policy-of-systrace ...
       pledge systrace [options of systrace] command ...
       pledge completion bash | zsh | fish

Runs a command that may do only what its promises say, and sees only the paths
that are unveiled. Try: pledge "stdio rpath" -- cat /etc/hostname
Options: pledge --help. Promises: pledge explain. Manual: pledge(1).
`
