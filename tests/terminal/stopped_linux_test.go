package terminal

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// A program that stops the terminal's output does not keep its launcher for ever:
// pledge goes on without its last lines, and what waits for its result to be read
// is ended by signals.
func TestStoppedTerminal(t *testing.T) {
	testbed.Need(t, "perl")
	pledge := testbed.Pledge(t)
	const stops = `ioctl(STDERR, 0x540a, 0); mkdir "/nonexistent/x"; exit 7`
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, c := range []struct {
			argv   []string
			signal bool
		}{
			{[]string{pledge, "stdio rpath tty"}, false}, {[]string{pledge, "--kill", "stdio rpath tty"}, false},
			{[]string{pledge, "try", "stdio"}, true}, {[]string{pledge, "learn"}, true},
		} {
			argv := append(c.argv, "--", "perl", "-e", stops)
			x := testbed.OpenTerminal(t, uid, testbed.Dir(t, uid), []string{"PATH=" + os.Getenv("PATH")}, argv...)
			if c.signal {
				time.Sleep(3 * time.Second) // for it to be stuck: then the first signal has to do
				x.Process().Signal(unix.SIGTERM)
			}
			x.Wait()
		}
	})
}
