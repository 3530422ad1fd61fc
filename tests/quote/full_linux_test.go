package quote

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// A program that fills standard error, which it shares, and has made it
// non-blocking is reported all the same when somebody reads.
func TestFullStderr(t *testing.T) {
	w := newWorld(t, os.Getuid())
	text := w.full(testbed.Pledge(t), "stdio rpath", "--", w.probe)
	for _, want := range []string{`("/none/x", 0700): needs promise "cpath"`, `("/none/y", 0700): needs promise "cpath"`, `pledge: refused 2 calls; to allow, add "cpath"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is lost: %q", want, text)
		}
	}
}

// full runs a command whose program fills standard error, goes on, and is read
// only then.
func (w *world) full(argv ...string) string {
	w.t.Helper()
	c := exec.Command(argv[0], argv[1:]...)
	c.Env = append(os.Environ(), probing+"=1")
	c.Stdin = strings.NewReader("f\x00m/none/x\x00m/none/y\x00sdone\x00")
	stderr, err := c.StderrPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	said := make([]byte, 4)
	if _, err := io.ReadFull(stdout, said); err != nil || string(said) != "done" {
		w.t.Errorf("the program did not go on: %q, %v", said, err)
	}
	text, err := io.ReadAll(stderr)
	if err != nil {
		w.t.Fatal(err)
	}
	c.Wait()
	return strings.Trim(string(text), "\x00")
}

// The same of a trial, which confines nothing.
func TestFullStderrOfTry(t *testing.T) {
	w := newWorld(t, os.Getuid())
	text := w.full(testbed.Pledge(t), "try", "stdio rpath", "--", w.probe)
	for _, want := range []string{`("/none/x", 0700): needs "cpath"`, "pledge try: 2 calls would have been refused"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is lost: %q", want, text)
		}
	}
}

// A report that nobody reads holds up neither the program nor the launcher, and
// it is said that it is not whole.
func TestReportNobodyReads(t *testing.T) {
	w := newWorld(t, os.Getuid())
	fifo := filepath.Join(w.dir, "fifo")
	if err := unix.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	fd, err := unix.Open(fifo, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	script := ""
	for i := range 900 {
		script += fmt.Sprintf("m/%d-%s\x00", i, strings.Repeat("x", 200))
	}
	r := w.run(script+"sdone\x00", testbed.Pledge(t), "-q", "--report", fifo, "stdio rpath", "--", w.probe)
	if r.Status != 0 || r.Stdout != "done" || !strings.Contains(r.Stderr, "could not be written: for 5s nobody took them") {
		t.Errorf("%+v", r)
	}
}

// After a thousand kinds of one refusal another one is told, and the summary has
// all words and the number of what is not shown.
func TestFlood(t *testing.T) {
	w := newWorld(t, os.Getuid())
	script := ""
	for i := range 1100 {
		script += fmt.Sprintf("o/f/%d\x00", i)
	}
	r := w.run(script+"m/important\x00c/important\x00", testbed.Pledge(t), "--report", "report", "stdio", "--", w.probe)
	for _, want := range []string{`("/important", 0700): needs promise "cpath"`, `chroot("/important"): is in no promise`, " more that are not shown; to allow, add \"rpath cpath\"; 1 in no promise\n"} {
		if strings.Count(r.Stderr, want) != 1 {
			t.Errorf("%s is not there", want)
		}
	}
	text, err := os.ReadFile(filepath.Join(w.dir, "report"))
	if err != nil || string(text) != r.Stderr {
		t.Errorf("the file differs from standard error: %v", err)
	}
}
