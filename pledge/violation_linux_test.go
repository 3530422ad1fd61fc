//go:build amd64 || arm64

package pledge

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/testbed"
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

// In a program with more rights than who starts it the variable changes nothing, for
// file capabilities as for ids.
func TestNotToldToAll(t *testing.T) {
	testbed.NeedRoot(t, "to give a file capability")
	dir := testbed.Dir(t, 65534)
	for _, given := range []bool{false, true} {
		name := filepath.Join(dir, fmt.Sprint("program-", given))
		text, err := os.ReadFile("/proc/self/exe")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, text, 0o755); err != nil {
			t.Fatal(err)
		}
		if given {
			// CAP_NET_BIND_SERVICE, permitted and effective, revision 2.
			capability := []byte{1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
			if err := unix.Setxattr(name, "security.capability", capability, 0); err != nil {
				testbed.Skip(t, "file capabilities: "+err.Error())
			}
		}
		cmd := exec.Command(name)
		cmd.Env = append(os.Environ(), "PLEDGE_CHILD=kill", "PLEDGE_DEBUG=1")
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
		out, err := cmd.CombinedOutput()
		if ws := cmd.ProcessState.Sys().(syscall.WaitStatus); !ws.Signaled() || ws.Signal() != unix.SIGSYS {
			t.Errorf("it ends with %v, %v\n%s", ws, err, out)
		}
		if told := len(out) > 0; told == given {
			t.Errorf("with a capability %v: %q", given, out)
		}
	}
}
