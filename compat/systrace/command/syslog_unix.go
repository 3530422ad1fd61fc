//go:build unix

package command

import (
	"fmt"
	"io"
	"log/syslog"

	"golang.org/x/sys/unix"
)

const oNofollow = unix.O_NOFOLLOW

// syslogger writes to the system log; lines that it does not take go to
// standard error.
func syslogger(stderr io.Writer) (func(string), error) {
	w, err := syslog.New(syslog.LOG_WARNING|syslog.LOG_USER, "systrace")
	if err != nil {
		fmt.Fprintf(stderr, "systrace: no system log (%v): lines go to standard error\n", err)
		return limit(func(line string) { fmt.Fprintf(stderr, "systrace: %s\n", line) }), nil
	}
	return limit(func(line string) {
		if w.Warning(line) != nil {
			fmt.Fprintf(stderr, "systrace: %s\n", line)
		}
	}), nil
}
