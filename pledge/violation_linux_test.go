//go:build amd64 || arm64

package pledge

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"golang.org/x/sys/unix"
)

func init() {
	children["caller"] = func() {
		OnViolation(func(v Violation) { fmt.Print(v.Caller(), "\n", v.Stack()) })
		must(Pledge("stdio", ""))
		dial()
	}
	children["raw"] = func() {
		must(Pledge("stdio", ""))
		unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	}
	children["locked"] = func() {
		must(Pledge("stdio", ""))
		done := make(chan bool)
		go func() { dial(); close(done) }()
		<-done
	}
}

// A violation is told with the place in the program's code, on one processor as well.
func TestTold(t *testing.T) {
	line := "^" + regexp.QuoteMeta(filepath.Base(os.Args[0])) + `\[\d+\]: pledge "inet", syscall \d+ \(socket\)`
	at := func(function string) string {
		return regexp.QuoteMeta("github.com/pledge-linux/pledge/pledge."+function) + ` \(\S+_test\.go:\d+\)`
	}
	for _, c := range []struct{ child, debug, want string }{
		{"tell", "", line + ", at " + at("dial") + "\n$"},
		{"kill", "", "^$"},
		{"kill", "1", line + "\n(    \\S+ .*\n)+    " + at("dial") + "\n(    \\S+ .*\n)+$"},
		{"raw", "1", line + "\n    .*\n(    .*\n)+    " + regexp.QuoteMeta("github.com/pledge-linux/pledge/pledge.init.")},
		{"locked", "1", line + "\n(    .*\n)+    " + at("dial")},
		{"caller", "", "^" + at("dial") + "\n    \\S+ "},
	} {
		for _, processors := range []string{"", "1"} {
			t.Run(c.child+c.debug+processors, func(t *testing.T) {
				t.Setenv("GOMAXPROCS", processors)
				t.Setenv("PLEDGE_DEBUG", c.debug)
				out, ws := child(t, c.child)
				if !regexp.MustCompile(c.want).MatchString(out) {
					t.Errorf("it prints\n%s\nwant %s", out, c.want)
				}
				if !ws.Signaled() || ws.Signal() != unix.SIGSYS {
					t.Errorf("it ends with %v", ws)
				}
			})
		}
	}
}
