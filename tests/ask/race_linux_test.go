package ask

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// TestExchangedNames: a name that another thread exchanges while it is judged opens
// what was judged. A build that has the kernel go on (the tag naive) opens the other.
func TestExchangedNames(t *testing.T) {
	testbed.Need(t, "gcc")
	dir := private(t)
	racer := filepath.Join(dir, "racer")
	if out, err := exec.Command("gcc", "-O1", "-static", "-pthread", "-o", racer, "testdata/racer.c").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	shown, hidden := filepath.Join(dir, "file-a"), filepath.Join(dir, "file-b")
	for path, text := range map[string]string{shown: "public", hidden: "secret"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	naive := filepath.Join(dir, "naive")
	if out, err := exec.Command("go", "build", "-tags", "naive", "-o", naive, "../../cmd/pledge-tools").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	for _, c := range []struct{ tools, want string }{{tools, "opened some, secret not read"}, {naive, "opened some, secret READ"}} {
		good := tools
		tools = c.tools
		s := begin(t, []string{"--no-page", "-u", "r:" + shown, "stdio rpath"}, racer, shown, hidden)
		tools = good
		if !s.connect() {
			t.Fatal(s.output())
		}
		s.refuse(hidden)
		if !strings.Contains(s.output(), c.want) {
			t.Errorf("%s: want %s: %s", filepath.Base(c.tools), c.want, s.output())
		}
	}
}

// refuse refuses what has to do with a path, for the run, and permits the rest.
func (s *session) refuse(path string) {
	for {
		for _, q := range s.questions() {
			p := ask.Proposal{Question: q.ID, Action: ask.Permit, Scope: ask.Once, Author: "test"}
			if strings.Contains(q.Title, filepath.Dir(path)) {
				p.Action, p.Scope = ask.Quiet, ask.Always
			}
			s.answer(p)
		}
		select {
		case err := <-s.ended:
			s.ended <- err
			return
		default:
		}
	}
}
