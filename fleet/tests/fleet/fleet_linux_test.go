// Package fleet_test runs the commands themselves, and kills them.
package fleet_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/fleet/envelope"
)

var bin string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "fleet")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		bin = dir
		for _, args := range [][]string{
			{"build", "-o", dir, "../../cmd/pledged", "../../cmd/pledge-hub"},
			{"build", "-C", "../../..", "-o", dir, "./cmd/pledge"},
		} {
			build := exec.Command("go", args...)
			build.Stderr = os.Stderr
			if err := build.Run(); err != nil {
				fmt.Fprintln(os.Stderr, "build:", err)
				return 1
			}
		}
		return m.Run()
	}())
}

// fleet is a hub and a host.
type fleet struct {
	t             *testing.T
	hubDir        string
	dir, socket   string
	hub, pledged  *exec.Cmd
	events, enrol string
}

func command(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, name), args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v", name, args, err)
	}
	return strings.TrimSpace(string(out))
}

// begin starts a daemon, which ends with the test.
func begin(t *testing.T, name string, args ...string) (*exec.Cmd, *bufio.Reader) {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, name), args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(cmd) })
	return cmd, bufio.NewReader(out)
}

func kill(cmd *exec.Cmd) {
	if cmd.ProcessState == nil {
		cmd.Process.Kill()
		cmd.Wait()
	}
}

// freePort is a port that nobody listens at just now.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

func newFleet(t *testing.T) *fleet {
	t.Helper()
	root := t.TempDir()
	f := &fleet{t: t, hubDir: filepath.Join(root, "hub"), dir: filepath.Join(root, "host"), socket: filepath.Join(root, "run", "events"),
		events: freePort(t), enrol: freePort(t)}
	f.startHub()
	line := command(t, "pledge-hub", "--dir", f.hubDir, "enroll", "--group", "web")
	token, ok := strings.CutPrefix(line, "pledged join ")
	if !ok {
		t.Fatalf("enroll says %q", line)
	}
	if got := command(t, "pledged", "--dir", f.dir, "join", "--name", "web17", token); got != "joined as web17" {
		t.Fatalf("join says %q", got)
	}
	f.startHost()
	return f
}

func (f *fleet) startHub() {
	f.t.Helper()
	cmd, out := begin(f.t, "pledge-hub", "--dir", f.hubDir, "--events-port", f.events, "--enrol-port", f.enrol, "--canaries", "/etc/hostname")
	if line, err := out.ReadString('\n'); err != nil || !strings.Contains(line, f.events) {
		f.t.Fatalf("pledge-hub says %q, %v", line, err)
	}
	f.hub = cmd
}

func (f *fleet) startHost() {
	f.t.Helper()
	f.pledged, _ = begin(f.t, "pledged", "--dir", f.dir, "--socket", f.socket, "--pace", "50ms", "--herd", "200ms")
	f.eventually("pledged listens", func() bool {
		c, err := net.Dial("unixgram", f.socket)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

func (f *fleet) eventually(what string, so func() bool) {
	f.t.Helper()
	for end := time.Now().Add(2 * time.Minute); !so(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			f.t.Fatal("never: " + what)
		}
	}
}

// tell tells refusals, numbered; it returns how many were taken.
func (f *fleet) tell(first, n int) {
	f.t.Helper()
	c, err := net.Dial("unixgram", f.socket)
	if err != nil {
		f.t.Fatal(err)
	}
	defer c.Close()
	for i := first; i < first+n; i++ {
		if _, err := fmt.Fprintf(c, `{"type":"call.refused","sev":2,"body":{"tool":"pledge","program":"cat","call":"number %d","promise":"rpath"}}`, i); err != nil {
			f.t.Fatal(err)
		}
	}
}

// calls are what the hub has indexed, and how often.
func (f *fleet) calls() map[string]int {
	f.t.Helper()
	got := map[string]int{}
	for _, line := range strings.Fields(strings.ReplaceAll(command(f.t, "pledge-hub", "--dir", f.hubDir, "events", "--json", "--type", "call.refused", "--limit", "10000"), " ", "_")) {
		var e envelope.Event
		var c envelope.Call
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			f.t.Fatal(err)
		}
		if err := json.Unmarshal(e.Body, &c); err != nil {
			f.t.Fatal(err)
		}
		got[c.Call]++
	}
	return got
}

// kept waits until the spool has what was told: before that nothing is promised.
func (f *fleet) kept() { time.Sleep(600 * time.Millisecond) }

// The hub is killed while a host sends, and the host's broker; whatever the spool
// has taken arrives, once.
func TestKilled(t *testing.T) {
	f := newFleet(t)
	total := 0
	for round := range 3 {
		f.tell(total, 300)
		total += 300
		kill(f.hub)
		f.tell(total, 300)
		total += 300
		f.kept()
		if round > 0 {
			kill(f.pledged)
			f.startHost()
		}
		f.startHub()
	}
	f.eventually("all arrive", func() bool { return len(f.calls()) == total })
	for call, n := range f.calls() {
		if n != 1 {
			t.Errorf("%s arrived %d times", call, n)
		}
	}
	f.eventually("no number is missing", func() bool {
		var hosts []struct{ Missing, Events int }
		if err := json.Unmarshal([]byte(command(t, "pledge-hub", "--dir", f.hubDir, "hosts", "--json")), &hosts); err != nil {
			t.Fatal(err)
		}
		return len(hosts) == 1 && hosts[0].Missing == 0 && hosts[0].Events > total
	})
}

// What pledge and systrace refuse arrives, of a machine whose broker listens at
// the well-known place: nothing says where.
func TestToolsReport(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root has a mount namespace with a /run of its own here")
	}
	f := newFleet(t)
	kill(f.pledged)
	script := `mount -t tmpfs none /run
"$BIN/pledged" --dir "$DIR" --pace 20ms & broker=$!
for i in 1 2 3 4 5 6 7 8 9; do [ -S /run/pledged/events ] && break; sleep 0.5; done
"$BIN/pledge" stdio -- cat /etc/hostname
kill -STOP $broker
"$BIN/pledge" -q "stdio rpath" -- touch /nowhere-to-be
rm -f /nowhere-to-be
kill -CONT $broker
sleep 1
kill $broker
wait $broker
exit 0`
	cmd := exec.Command("unshare", "-m", "sh", "-c", script)
	cmd.Env = append(os.Environ(), "BIN="+bin, "DIR="+f.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	f.startHost()
	f.eventually("the refusals", func() bool {
		rpath, creating := false, false
		for call := range f.calls() {
			rpath = rpath || strings.Contains(call, "/etc/hostname")
			creating = creating || strings.Contains(call, "/nowhere-to-be")
		}
		return rpath && creating
	})
	starts := command(t, "pledge-hub", "--dir", f.hubDir, "events", "--json", "--type", "exec.start")
	if !strings.Contains(starts, `"program":"cat"`) {
		t.Errorf("starts: %s", starts)
	}
	found := command(t, "pledge-hub", "--dir", f.hubDir, "findings", "--format", "ecs")
	if !strings.Contains(found, `"name":"cat"`) || !strings.Contains(found, `"name":"canary"`) {
		t.Errorf("findings: %s", found)
	}
}
