package terminal

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// A program does not type into the terminal that it runs on: the shell would run it,
// and systrace would take it for an answer.
func TestTyping(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "perl")
	const types = `perl -e 'my $c = "x"; print ioctl(STDIN, 0x5412, $c) ? "typed" : "refused", "=1\n"'`
	env := []string{"PATH=" + filepath.Dir(testbed.Systrace(t)) + ":" + os.Getenv("PATH")}
	testbed.Users(t, func(t *testing.T, uid int) {
		run := func(command string) string {
			x := testbed.OpenTerminal(t, uid, testbed.Dir(t, uid), env, "sh", "-c", command)
			x.Expect("=1", 0)
			return x.Seen()
		}
		if !strings.Contains(run(types), "typed=1") {
			testbed.Skip(t, "TIOCSTI (dev.tty.legacy_tiocsti)")
		}
		for _, mode := range []string{
			"systrace -A -d pol " + types, "systrace -A -d pol " + types + " </dev/null >/dev/null; systrace -a -d pol " + types,
			"pledge 'stdio tty rpath' -- " + types,
		} {
			if got := run(mode); !strings.Contains(got, "refused=1") || strings.Contains(got, "typed=1") {
				t.Errorf("%s: %q", mode, got)
			}
		}
	})
}
