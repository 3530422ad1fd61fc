//go:build unix

package cradle

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func begin(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "c")
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	s, err := Listen(dir)
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve()
	t.Cleanup(s.Close)
	return dir
}

// front is a front end that a test plays.
type front struct {
	t *testing.T
	net.Conn
	in *bufio.Reader
}

func connect(t *testing.T, dir string) *front {
	t.Helper()
	c, err := net.Dial("unix", filepath.Join(dir, uiSocket))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(10 * time.Second))
	return &front{t, c, bufio.NewReader(c)}
}

func (f *front) hear(want string) {
	f.t.Helper()
	if got, err := f.in.ReadString('\n'); got != want+"\n" {
		f.t.Fatalf("the front end heard %q (%v), want %q", got, err, want)
	}
}

// ask is a systrace that asks until the answer is "permit", and says what it got.
func ask(t *testing.T, dir, request string) chan string {
	t.Helper()
	c, err := Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := make(chan string, 10)
	go func() {
		for {
			answer, err := c.Ask(request)
			if err != nil {
				got <- err.Error()
				return
			}
			got <- strings.TrimSpace(answer)
			if answer == "permit\n" || answer == "kill\n" {
				c.Done()
				return
			}
			c.Tell("Parse error.")
		}
	}()
	return got
}

func expect(t *testing.T, got chan string, want string) {
	t.Helper()
	select {
	case s := <-got:
		if s != want {
			t.Fatalf("answer %q, want %q", s, want)
		}
	case <-time.After(10 * time.Second):
		t.Fatalf("no answer, want %q", want)
	}
}

// Requests wait for a front end, and for each other.
func TestQueue(t *testing.T) {
	dir := begin(t)
	one := ask(t, dir, "one")
	time.Sleep(50 * time.Millisecond)
	two := ask(t, dir, "two")
	f := connect(t, dir)
	f.hear("one")
	fmt.Fprintln(f, "maybe")
	expect(t, one, "maybe")
	f.hear("Parse error.")
	f.hear("WRONG")
	fmt.Fprintln(f, "permit")
	expect(t, one, "permit")
	f.hear("OKAY")
	f.hear("two")
	fmt.Fprintln(f, "permit")
	expect(t, two, "permit")
	f.hear("OKAY")
}

// A second front end is turned away while the first is free; after the first's
// end the next one gets the request.
func TestFrontEnds(t *testing.T) {
	dir := begin(t)
	first := connect(t, dir)
	time.Sleep(50 * time.Millisecond)
	second := connect(t, dir)
	if _, err := second.in.ReadByte(); err == nil {
		t.Error("a second front end was taken")
	}
	got := ask(t, dir, "which")
	first.hear("which")
	first.Close()
	third := connect(t, dir)
	third.hear("which")
	fmt.Fprintln(third, "permit")
	expect(t, got, "permit")
	third.hear("OKAY")
	// One that goes in the middle of a dialogue has the process killed.
	got = ask(t, dir, "again")
	third.hear("again")
	fmt.Fprintln(third, "maybe")
	expect(t, got, "maybe")
	third.Close()
	expect(t, got, "kill")
}

// A systrace that ends while it is asked about leaves the others served.
func TestClientGone(t *testing.T) {
	dir := begin(t)
	c, err := Dial(dir)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(c.conn, "gone")
	f := connect(t, dir)
	f.hear("gone")
	c.conn.Close()
	fmt.Fprintln(f, "permit")
	f.hear("OKAY")
	got := ask(t, dir, "here")
	f.hear("here")
	fmt.Fprintln(f, "permit")
	expect(t, got, "permit")
}

func TestPrepare(t *testing.T) {
	dir := t.TempDir()
	file, open, link := filepath.Join(dir, "file"), filepath.Join(dir, "open"), filepath.Join(dir, "link")
	os.WriteFile(file, nil, 0o600)
	os.Mkdir(open, 0o755)
	os.Symlink(dir, link)
	for _, path := range []string{file, open, link, "/proc/1"} {
		if err := Prepare(path); err == nil {
			t.Errorf("%s was accepted", path)
		}
	}
	// A good one that others could take away.
	shared := filepath.Join(dir, "shared")
	os.Mkdir(shared, 0o755)
	os.Chmod(shared, 0o777)
	if err := Prepare(filepath.Join(shared, "systrace")); err == nil {
		t.Error("one in a directory that others can write was accepted")
	}
	good := filepath.Join(dir, "good")
	for range 2 {
		if err := Prepare(good); err != nil {
			t.Error(err)
		}
	}
	if _, err := Listen(good); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{serverSocket, uiSocket} {
		if st, err := os.Stat(filepath.Join(good, name)); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
	if _, err := Listen(good); err != ErrRunning {
		t.Errorf("a second server: %v", err)
	}
}
