package hub_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/pledge-linux/pledge/fleet/detect"
	"github.com/pledge-linux/pledge/fleet/enrol"
	"github.com/pledge-linux/pledge/fleet/envelope"
	"github.com/pledge-linux/pledge/fleet/hub"
	"github.com/pledge-linux/pledge/fleet/link"
)

const boot = "01234567-89ab-cdef-0123-456789abcdef"

func start(t *testing.T, o hub.Options) *hub.Hub {
	t.Helper()
	for _, a := range []*string{&o.Events, &o.Enrol} {
		if *a == "" {
			*a = "127.0.0.1:0"
		}
	}
	h, err := hub.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

// join makes a host and its connection.
func join(t *testing.T, h *hub.Hub, name string, more ...nats.Option) (*enrol.Identity, *link.Link) {
	t.Helper()
	token, err := h.Token("web", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := enrol.Join(t.Context(), token, name, dir); err != nil {
		t.Fatal(err)
	}
	id, err := enrol.LoadIdentity(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := link.Connect(id.Events, id.Host, id.TLS(), more...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return id, l
}

func refusals(host string, first, n uint64) (list []envelope.Event) {
	for seq := first; seq < first+n; seq++ {
		list = append(list, envelope.Event{V: 1, Type: "call.refused", Host: host, Boot: boot, Seq: seq, Time: time.Now().UTC(), Sev: 2,
			Body: json.RawMessage(`{"program":"cat","name":"openat","call":"openat(\"/etc/shadow\")","promise":"rpath"}`)})
	}
	return list
}

// send sends until it was sent.
func send(t *testing.T, l *link.Link, events []envelope.Event) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for l.Send(ctx, events) != nil {
		if ctx.Err() != nil {
			t.Fatal("not sent in a minute")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("never: " + what)
		}
	}
}

func found(t *testing.T, h *hub.Hub, q hub.Query) []envelope.Event {
	t.Helper()
	list, err := h.Index.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestIndexesOnce(t *testing.T) {
	dir := t.TempDir()
	h := start(t, hub.Options{Dir: dir})
	_, l := join(t, h, "web17")
	send(t, l, refusals("web17", 1, 50))
	send(t, l, refusals("web17", 40, 50)) // some again, in another frame
	eventually(t, "89 events", func() bool { return len(found(t, h, hub.Query{Host: "web17", Limit: 1000})) == 89 })
	if got := found(t, h, hub.Query{Text: "/etc/shadow", Program: "cat", Limit: 3}); len(got) != 3 {
		t.Errorf("found %v", got)
	}
	hosts, err := h.Hosts(t.Context())
	if err != nil || len(hosts) != 1 || hosts[0].Events != 89 || hosts[0].Missing != 0 || !hosts[0].Online {
		t.Errorf("hosts %+v, %v", hosts[0], err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	// The index is thrown away, and made again from the stream.
	left, err := filepath.Glob(filepath.Join(dir, "index.sqlite*"))
	if err != nil || len(left) == 0 {
		t.Fatal(left, err)
	}
	for _, f := range left {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	h = start(t, hub.Options{Dir: dir})
	eventually(t, "89 events again", func() bool { return len(found(t, h, hub.Query{Host: "web17", Limit: 1000})) == 89 })
}

// A host that writes of another is not heard.
func TestEventsOfOthers(t *testing.T) {
	h := start(t, hub.Options{Dir: t.TempDir()})
	_, l := join(t, h, "web17")
	join(t, h, "db1")
	conn := l.Conn()
	eventually(t, "a connection", conn.IsConnected)
	frame, _ := envelope.Join(append(refusals("db1", 1, 3), refusals("web17", 1, 1)...))
	if _, err := conn.Request(link.Events("web17"), frame, 10*time.Second); err != nil {
		t.Fatal(err)
	}
	eventually(t, "its own", func() bool { return len(found(t, h, hub.Query{Host: "web17"})) == 1 })
	if got := found(t, h, hub.Query{Host: "db1"}); len(got) != 0 {
		t.Errorf("web17 wrote %v", got)
	}
}

// Each verb, on each subject that is not the host's own, is refused.
func TestRights(t *testing.T) {
	h := start(t, hub.Options{Dir: t.TempDir()})
	errs := make(chan error, 100)
	id, l := join(t, h, "web17", nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { errs <- err }))
	conn := l.Conn()
	eventually(t, "a connection", conn.IsConnected)
	subjects := []string{">", "pledge.>", "pledge.v1.ev.*", "$JS.API.STREAM.LIST", "$JS.API.STREAM.MSG.GET.EV", "$JS.API.STREAM.PURGE.EV", "$SYS.REQ.SERVER.PING", "$JS.API.>", "$SYS.>", "_INBOX.>", "_INBOX.x"}
	for _, of := range []func(string) string{link.Events, link.Alerts, link.Answers, link.Control, link.Inbox} {
		subjects = append(subjects, of("db1"))
	}
	refused := func(verb, subject string, do func() error) {
		t.Helper()
		if err := do(); err != nil {
			t.Fatal(verb, subject, err)
		}
		conn.Flush()
		select {
		case err := <-errs:
			if !strings.Contains(strings.ToLower(err.Error()), "permissions violation") || !strings.Contains(err.Error(), subject) {
				t.Errorf("%s %s: %v", verb, subject, err)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s %s is not refused", verb, subject)
		}
	}
	for _, s := range subjects {
		refused("subscription", s, func() error { _, err := conn.SubscribeSync(s); return err })
		if !strings.ContainsAny(s, "*>") {
			refused("publish", s, func() error { return conn.Publish(s, nil) })
		}
	}
	for _, own := range []string{link.Answers(id.Host), link.Control(id.Host)} {
		refused("publish", own, func() error { return conn.Publish(own, nil) })
	}
}

func TestRevoked(t *testing.T) {
	h := start(t, hub.Options{Dir: t.TempDir()})
	id, l := join(t, h, "web17", nats.NoReconnect())
	eventually(t, "a connection", l.Conn().IsConnected)
	if err := h.Register().Revoke("web17"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "its end", l.Conn().IsClosed)
	if _, err := nats.Connect("nats://"+id.Events, nats.Secure(id.TLS()), nats.TLSHandshakeFirst()); err == nil {
		t.Error("a host that was put out connects")
	}
	bare := id.TLS()
	bare.Certificates = nil
	if _, err := nats.Connect("nats://"+id.Events, nats.Secure(bare), nats.TLSHandshakeFirst()); err == nil {
		t.Error("somebody without a certificate connects")
	}
}

// What is stolen with a hub's directory is no host's key.
func TestDirectory(t *testing.T) {
	dir := t.TempDir()
	h := start(t, hub.Options{Dir: dir})
	join(t, h, "web17")
	var keys []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if strings.Contains(string(text), "PRIVATE KEY") {
				keys = append(keys, filepath.Base(path))
			}
		}
		return err
	})
	if err != nil || !slices.Equal(keys, []string{"ca-key.pem"}) {
		t.Errorf("keys: %v, %v", keys, err)
	}
}

// What is found is found once, also by a hub that was started again.
func TestFindings(t *testing.T) {
	dir := t.TempDir()
	o := hub.Options{Dir: dir, Detect: detect.Options{Canaries: []string{"/etc/shadow"}}}
	h := start(t, o)
	_, l := join(t, h, "web17")
	send(t, l, refusals("web17", 1, 5))
	found := func() []detect.Finding {
		list, err := h.Index.Findings(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	eventually(t, "a finding", func() bool { return len(found()) > 0 })
	if f := found()[0]; f.Kind != "canary" || f.Host != "web17" || !strings.Contains(f.Text, "/etc/shadow") {
		t.Errorf("%+v", f)
	}
	again, err := h.Index.Replay(t.Context(), o.Detect)
	if err != nil || len(again) != 1 || again[0].ID != found()[0].ID {
		t.Errorf("Replay = %+v, %v", again, err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	h = start(t, o)
	if n := len(found()); n != 1 {
		t.Errorf("%d findings", n)
	}
	if err := h.Index.Mute(t.Context(), found()[0].ID, time.Now().Add(time.Hour), "me"); err != nil {
		t.Fatal(err)
	}
	if n := len(found()); n != 0 {
		t.Errorf("%d findings that are muted", n)
	}
}
