package command

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// log opens where lines about calls go: syslog, standard error or a file.
func (o *options) log(stderr io.Writer) (func(string), error) {
	switch {
	case o.stderr:
		return limit(func(line string) { fmt.Fprintf(stderr, "systrace: %s\n", line) }), nil
	case o.logfile != "":
		f, err := os.OpenFile(o.logfile, os.O_APPEND|os.O_CREATE|os.O_WRONLY|oNofollow, 0o600)
		if err != nil {
			return nil, err
		}
		return limit(func(line string) { fmt.Fprintf(f, "systrace: %s\n", line) }), nil
	}
	return syslogger(stderr)
}

const (
	burst  = 20 // equal lines in a row that are written
	period = time.Second
)

// limit writes equal lines a few times a second, and says how many were left
// out.
func limit(write func(string)) func(string) {
	var mu sync.Mutex
	seen := map[string]int{}
	var since time.Time
	flush := func() {
		for key, n := range seen {
			if n > burst {
				write(fmt.Sprintf("%d more like this: %s", n-burst, key))
			}
		}
		clear(seen)
	}
	return func(line string) {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); now.Sub(since) > period {
			flush()
			since = now
			time.AfterFunc(2*period, func() {
				mu.Lock()
				defer mu.Unlock()
				if time.Since(since) > period {
					flush()
				}
			})
		}
		key := alike(line)
		if seen[key]++; seen[key] <= burst {
			write(line)
		}
	}
}

// alike is a line without the process's number.
func alike(line string) string {
	before, rest, ok := strings.Cut(line, ", pid: ")
	if !ok {
		return line
	}
	_, after, _ := strings.Cut(rest, ", ")
	return before + ", " + after
}
