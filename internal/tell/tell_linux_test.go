package tell

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// broker listens; nobody reads until next is called.
func broker(t *testing.T) (path string, next func() map[string]any) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "events")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return path, func() map[string]any {
		t.Helper()
		data := make([]byte, 64<<10)
		n, err := conn.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		var said struct {
			Type string
			Body map[string]any
		}
		if err := json.Unmarshal(data[:n], &said); err != nil || said.Type != "call.refused" {
			t.Fatalf("%s: %v", data[:n], err)
		}
		return said.Body
	}
}

func TestTell(t *testing.T) {
	path, next := broker(t)
	b := Open([]string{filepath.Join(t.TempDir(), "none"), path})
	defer b.Close()
	hostile := "a\"\\\n\x1b[2J\xff\u202e"
	b.Tell("call.refused", 2, Field{Name: "program", Text: hostile}, Field{Name: "pid", N: 7}, Field{Name: "promise"})
	got := next()
	if len(got) != 2 || got["pid"] != 7.0 || got["program"] != `a"\\n\x1b[2J\xff\u202e` {
		t.Errorf("told %q", got)
	}
}

// A broker that is stopped keeps nobody waiting, and what it missed is counted.
func TestStoppedBroker(t *testing.T) {
	path, next := broker(t)
	b := Open([]string{path})
	defer b.Close()
	const all = 5000
	for range all {
		b.Tell("call.refused", 2, Field{Name: "tool", Text: "pledge"})
	}
	if kept := len(b.waiting); kept == 0 || kept == all {
		t.Fatalf("%d are kept", kept)
	}
	arrived := 0
	for before := -1; len(b.waiting) > 0 || before != 0; b.flush() {
		before = len(b.waiting)
		next()
		arrived++
	}
	for lost := 0; ; {
		b.Tell("call.refused", 2, Field{Name: "tool", Text: "pledge"})
		got := next()
		if n, ok := got["lost"].(float64); ok {
			if lost = int(n); arrived+lost != all {
				t.Errorf("%d arrived, %d are counted, of %d", arrived, lost, all)
			}
			return
		}
		arrived++
	}
}

// What others can have put there is not told anything.
func TestForeignBroker(t *testing.T) {
	if Open([]string{filepath.Join(t.TempDir(), "none")}) != nil {
		t.Error("a broker where there is none")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if Open([]string{file}) != nil {
		t.Error("a file is a broker")
	}
	path, _ := broker(t)
	if err := os.Chmod(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if Open([]string{path}) != nil {
		t.Error("told what lies where anybody could have put it")
	}
	if err := os.Chmod(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if Open([]string{path}) == nil {
		t.Error("not told the user's own")
	}
	if os.Getuid() != 0 {
		return // only root gives files away
	}
	if err := unix.Chown(path, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	if Open([]string{path}) != nil {
		t.Error("told somebody else's")
	}
}
