package ask

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/askpage"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// TestConfinedProgram: with every word and every path it neither reaches the page
// nor the socket, nor whoever serves them.
func TestConfinedProgram(t *testing.T) {
	attacker := filepath.Join(t.TempDir(), "attacker")
	build := exec.Command("go", "build", "-o", attacker, "./testdata/attacker")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	// A shell waits until this test has written where everything is.
	where := filepath.Join(t.TempDir(), "where")
	script := "while ! test -s " + where + "; do sleep 0.05; done; exec " + attacker + " $(cat " + where + ")"
	words := "stdio rpath wpath cpath dpath inet unix dns getpw proc exec prot_exec id tty flock fattr"
	s := begin(t, []string{words, "-u", "rwxc:/"}, "/bin/sh", "-c", script)
	if !s.connect() {
		t.Fatal(s.output())
	}
	address := ""
	for range 1000 {
		if _, rest, ok := strings.Cut(s.output(), "http://"); ok {
			address, _, _ = strings.Cut(rest, "/")
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	socket := filepath.Join(s.base, s.dir, askpage.Control)
	if err := os.WriteFile(where, []byte(address+" "+socket+" "+strconv.Itoa(s.cmd.Process.Pid)), 0o644); err != nil {
		t.Fatal(err)
	}
	s.permitAll()
	out := s.output()
	if strings.Contains(out, "SUCCEEDED") || !strings.Contains(out, "refused: read its memory") || !strings.Contains(out, "\npledge \"") {
		t.Errorf("%s", out)
	}
}

// TestDirectoryOfAnother: who has made the directory for the sockets first gets
// nothing.
func TestDirectoryOfAnother(t *testing.T) {
	testbed.NeedRoot(t, "which acts as another user")
	dir := t.TempDir()
	os.Chmod(dir, 0o700)
	if err := os.Mkdir(filepath.Join(dir, "pledge-ask"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(filepath.Join(dir, "pledge-ask"), 65534, 65534); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(tools, "ask", "--", "/bin/echo", "hi")
	c.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir)
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "pledge-ask") || strings.Contains(string(out), "hi\n") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestFrontEndsDie: with a question pending, front ends come and are killed; nobody
// is let through and nobody killed, and the next one sees all.
func TestFrontEndsDie(t *testing.T) {
	s := begin(t, []string{"--no-page"}, "/bin/cat", "/etc/hostname")
	if !s.connect() {
		t.Fatal(s.output())
	}
	pending := func() ask.Question {
		for range 3000 {
			if list := s.questions(); len(list) > 0 {
				return list[0]
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatal("nothing is asked", s.output())
		return ask.Question{}
	}
	first := pending()
	for range 100 {
		c := exec.Command(tools, "ask", "serve")
		c.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+s.runtime)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if n, err := out.Read(make([]byte, 100)); err != nil || n == 0 {
			t.Fatalf("the next front end saw nothing: %v", err)
		}
		c.Process.Kill()
		c.Wait()
		if q := pending(); q.ID != first.ID || q.Waiting != 1 {
			t.Fatalf("%+v", q)
		}
	}
	select {
	case err := <-s.ended:
		t.Fatalf("the run has ended: %v", err)
	default:
	}
	s.permitAll()
	if !strings.Contains(s.output(), "pledge \"stdio rpath\"") {
		t.Error(s.output())
	}
}

// TestBrokerDies: what waits is refused, and nothing runs on.
func TestBrokerDies(t *testing.T) {
	s := begin(t, []string{"--no-page"}, "/bin/cat", "/etc/hostname")
	if !s.connect() {
		t.Fatal(s.output())
	}
	for len(s.questions()) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	name, err := os.ReadFile("/etc/hostname")
	if err != nil {
		t.Skip("there is no /etc/hostname")
	}
	s.cmd.Process.Kill()
	<-s.ended
	s.ended <- nil
	time.Sleep(300 * time.Millisecond)
	if strings.Contains(s.output(), strings.TrimSpace(string(name))) {
		t.Errorf("the file was read: %s", s.output())
	}
}

// TestNobodyAnswers: the deadline refuses, and keeps nothing.
func TestNobodyAnswers(t *testing.T) {
	c := exec.Command(tools, "ask", "--no-page", "--timeout", "2500ms", "--", "/bin/cat", "/etc/hostname")
	c.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+private(t))
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "waits for an answer") || !strings.Contains(string(out), "\npledge \"stdio\" -- ") {
		t.Errorf("%v: %s", err, out)
	}
}

func private(t *testing.T) string {
	dir := t.TempDir()
	os.Chmod(dir, 0o700)
	return dir
}
