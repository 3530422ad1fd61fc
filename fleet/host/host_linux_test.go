package host_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/fleet/envelope"
	"github.com/pledge-linux/pledge/fleet/host"
	"github.com/pledge-linux/pledge/fleet/spool"
)

// hub is one that fails at first.
type hub struct {
	mu    sync.Mutex
	fails int
	got   []envelope.Event
}

func (h *hub) Send(_ context.Context, events []envelope.Event) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.fails > 0 {
		h.fails--
		return errors.New("away")
	}
	h.got = append(h.got, events...)
	return nil
}

func (h *hub) calls() (list []envelope.Call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.got {
		var c envelope.Call
		if e.Type == "call.refused" && json.Unmarshal(e.Body, &c) == nil {
			list = append(list, c)
		}
	}
	return list
}

// broker runs one; it returns the socket's name.
func broker(t *testing.T, h *hub) string {
	t.Helper()
	boot, err := host.Boot()
	if err != nil {
		t.Fatal(err)
	}
	s, err := spool.Open(spool.Dir(t.TempDir()), spool.Options{Host: "web17", Boot: boot})
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(t.TempDir(), "r", "events")
	l, err := host.Listen(socket, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	b := host.New(host.Options{Spool: s, Listen: l, Link: h, Gather: time.Millisecond, Pace: time.Millisecond, Herd: 5 * time.Millisecond})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- b.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		l.Close()
	})
	return socket
}

func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

func dial(t *testing.T, socket string) net.Conn {
	t.Helper()
	c, err := net.Dial("unixgram", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func TestBroker(t *testing.T) {
	h := &hub{fails: 3}
	c := dial(t, broker(t, h))
	for i := range 20 {
		fmt.Fprintf(c, `{"type":"call.refused","sev":2,"body":{"tool":"pledge","program":"cat","pid":%d,"call":"c%d","peer":{"uid":4711}}}`, os.Getpid(), i)
	}
	eventually(t, "20 calls", func() bool { return len(h.calls()) == 20 })
	p := h.calls()[0].Peer
	if p.UID != os.Getuid() || p.PID != os.Getpid() || len(p.SHA256) != 64 || len(p.Tree) == 0 {
		t.Errorf("peer %+v: want what the kernel says", p)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	seen := map[uint64]bool{}
	for _, e := range h.got {
		if seen[e.Seq] || e.Host != "web17" || e.Check() != nil {
			t.Errorf("event %+v", e)
		}
		seen[e.Seq] = true
	}
}

// Nobody tells what is the broker's own to tell, nor anything without a form.
func TestRefused(t *testing.T) {
	h := &hub{}
	c := dial(t, broker(t, h))
	for _, text := range []string{
		``, `x`, `[]`, `{}`,
		`{"type":"gap","body":{"tool":"pledge"}}`,
		`{"type":"finding","body":{"tool":"pledge"}}`,
		`{"type":"host.beat","body":{"tool":"pledge"}}`,
		`{"type":"call.refused","body":{"tool":"../x"}}`,
		`{"type":"call.refused","body":[]}`,
	} {
		fmt.Fprint(c, text)
	}
	fmt.Fprint(c, `{"type":"call.killed","sev":5,"body":{"tool":"pledge"}}`)
	fmt.Fprint(c, `{"type":"call.refused","body":{"tool":"pledge"}}`)
	eventually(t, "the last", func() bool { return len(h.calls()) == 1 })
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.got {
		switch e.Type {
		case "call.refused", "host.hello":
		case "call.killed":
			if e.Sev != envelope.Warning {
				t.Errorf("a sender made its event %d", e.Sev)
			}
		default:
			t.Errorf("taken: %+v", e)
		}
	}
}
