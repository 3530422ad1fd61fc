package ask

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/ask"
)

// TestFiftyProcesses: what fifty processes wait for together is one question, and one
// answer lets all of them go on; what is refused is refused to all.
func TestFiftyProcesses(t *testing.T) {
	dir := private(t)
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, []byte("their line\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		action ask.Action
		lines  int
	}{{ask.Permit, 50}, {ask.Deny, 0}} {
		s := begin(t, []string{"--no-page", "stdio rpath proc exec prot_exec", "-u", "rx:/usr", "-u", "r:/etc"}, "/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do for j in 1 2 3 4 5; do cat "+file+" & done; done; wait")
		if !s.connect() {
			t.Fatal(s.output())
		}
		var all ask.Question
		for range 3000 {
			for _, q := range s.questions() {
				if strings.Contains(q.Title, dir) {
					all = q
				} else {
					s.answer(ask.Proposal{Question: q.ID, Action: ask.Permit, Scope: ask.Always, Author: "test"})
				}
			}
			if all.Waiting == 50 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if all.Waiting != 50 {
			t.Fatalf("%d wait: %+v\n%s", all.Waiting, s.questions(), tail(s.output()))
		}
		if r := s.answer(ask.Proposal{Question: all.ID, Action: c.action, Scope: ask.Once, Author: "test"}); r.Result != ask.Done {
			t.Errorf("%+v", r)
		}
		s.permitLoop(ask.Deny)
		if n := strings.Count(s.output(), "their line"); n != c.lines {
			t.Errorf("%s: %d lines, want %d\n%s", c.action, n, c.lines, tail(s.output()))
		}
	}
}
