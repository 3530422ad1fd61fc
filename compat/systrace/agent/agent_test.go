//go:build unix

package agent

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestStaleAnswers: what a front end says beyond its answer is not taken for the answer to the
// next question.
func TestStaleAnswers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "front")
	const script = `#!/bin/sh
read request
printf 'deny\npermit\n'
read okay
while read request; do echo "again $request"; read okay; done
`
	if err := os.WriteFile(path, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	p := &Program{Path: path}
	defer func() { p.conn.Close() }()
	if answer, err := p.Ask("first"); answer != "deny\n" || err != nil {
		t.Fatalf("%q, %v", answer, err)
	}
	p.Done()
	time.Sleep(100 * time.Millisecond) // the second line is there
	if answer, err := p.Ask("second"); answer != "again second\n" || err != nil {
		t.Fatalf("%q, %v", answer, err)
	}
}
