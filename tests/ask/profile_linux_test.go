package ask

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/ask"
)

// tell runs a subcommand of pledge ask.
func (s *session) tell(args ...string) (string, error) {
	c := exec.Command(tools, append([]string{"ask"}, args...)...)
	c.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+s.runtime)
	out, err := c.CombinedOutput()
	return string(out), err
}

func (s *session) pending() ask.Question {
	s.t.Helper()
	for range 3000 {
		for _, q := range s.questions() {
			if q.State == ask.Pending {
				return q
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatalf("nothing is asked: %s", s.output())
	return ask.Question{}
}

// TestProfile: answers for good are in the profile at once, undoing them gives its
// bytes back, and what somebody else writes meanwhile stays.
func TestProfile(t *testing.T) {
	file := filepath.Join(private(t), "p.toml")
	const before = "# mine\ndescription = \"cat\"\npromises = \"stdio\"\n"
	if err := os.WriteFile(file, []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	s := begin(t, []string{"--no-page", "--profile", file}, "/bin/cat", "/etc/hostname", "/etc/hosts", "/etc/passwd")
	if !s.connect() {
		t.Fatal(s.output())
	}
	s.pending()
	if out, err := s.tell("answer", "1", "permit", "--reason", "its name"); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if text, _ := os.ReadFile(file); !strings.Contains(string(text), "/etc/hostname") || !strings.Contains(string(text), "rpath") {
		t.Errorf("%s", text)
	}
	s.pending()
	if out, err := s.tell("undo", "1"); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if text, _ := os.ReadFile(file); string(text) != before {
		t.Errorf("undone: %q", text)
	}
	const other = "promises = \"stdio tty\"\n"
	if err := os.WriteFile(file, []byte(other), 0o644); err != nil {
		t.Fatal(err)
	}
	q := s.pending()
	out, err := s.tell("answer", itoa(q.ID), "permit")
	if err == nil || !strings.Contains(out, "conflict") {
		t.Errorf("%v %s", err, out)
	}
	if text, _ := os.ReadFile(file); string(text) != other {
		t.Errorf("somebody else's: %q", text)
	}
	if out, err := s.tell("history", "--json"); err != nil || !strings.Contains(out, "its name") {
		t.Errorf("%v %s", err, out)
	}
	if out, err := s.tell("answer", itoa(q.ID), "deny", "--for", "always"); err != nil {
		t.Errorf("%v %s", err, out)
	}
	s.permitLoop("deny")
}

func itoa(n int) string {
	if n >= 10 {
		return itoa(n/10) + string(rune('0'+n%10))
	}
	return string(rune('0' + n))
}

// permitLoop answers all alike until the run ends.
func (s *session) permitLoop(action ask.Action) {
	for {
		for _, q := range s.questions() {
			s.answer(ask.Proposal{Question: q.ID, Action: action, Scope: ask.Once, Author: "test"})
		}
		select {
		case err := <-s.ended:
			s.ended <- err
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// TestCheckAndFormats: the result is enforced by --check, and there is one of each
// kind.
func TestCheckAndFormats(t *testing.T) {
	for as, want := range map[string]string{"toml": "promises = ", "go": "func confine(", "systrace": "Policy:", "shell": "pledge \"stdio rpath\""} {
		t.Run(as, func(t *testing.T) {
			file := filepath.Join(private(t), "result")
			s := begin(t, []string{"--no-page", "--check", "--as", as, "-o", file}, "/bin/cat", "/etc/hostname")
			s.permitAll()
			text, _ := os.ReadFile(file)
			if !strings.Contains(string(text), want) || !strings.Contains(s.output(), "checked: the same status, nothing refused") {
				t.Errorf("%s\n%s", text, s.output())
			}
		})
	}
}

// TestPlain: questions line by line, answered from standard input, of which the
// program gets nothing.
func TestPlain(t *testing.T) {
	c := exec.Command("setsid", "-w", tools, "ask", "--plain", "--", "/bin/cat", "-", "/etc/hostname", "/etc/hosts")
	c.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+private(t))
	in, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	c.Stdout, c.Stderr = file, file
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	read := func() string { b, _ := os.ReadFile(file.Name()); return string(b) }
	for n, line := range []string{"?\nP\n", "d\n"} {
		for i := 0; i < 3000 && strings.Count(read(), "Answer (") < n+1+n; i++ {
			time.Sleep(10 * time.Millisecond)
		}
		in.Write([]byte(line))
	}
	c.Wait()
	out := read()
	if !strings.Contains(out, "Question 1: rpath read in /etc") || !strings.Contains(out, "kill the process") || !strings.Contains(out, "\npledge \"stdio rpath\" \\\n\t-u \"r:/etc/hostname\"") || strings.Contains(out, "r:/etc/hosts\"") {
		t.Error(out)
	}
}
