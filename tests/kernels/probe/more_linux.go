package main

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/pledge"
)

// ignoreAlarms lets the runtime's handler take SIGALRM: calls are restarted after it.
func ignoreAlarms() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGALRM)
}

func onViolation([]string) {
	pledge.OnViolation(nil)
	if err := pledge.Promises("stdio"); err != nil {
		say("pledge", err)
		return
	}
	unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	say("socket", nil)
}
