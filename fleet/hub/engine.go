// Package hub is where a fleet's events come together: an embedded NATS server
// that has them on its disk before it says so, an index to search, detectors, and
// a page.
package hub

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/pledge-linux/pledge/fleet/enrol"
	"github.com/pledge-linux/pledge/fleet/link"
)

// Streams of the engine.
const (
	eventStream = "EV"
	alertStream = "ALERT"
)

// engine is the embedded server and the hub's own connection to it, which no
// network leads to.
type engine struct {
	srv  *server.Server
	conn *nats.Conn
	js   jetstream.JetStream
}

// startEngine starts the server for hosts at an address.
func startEngine(dir, host string, port int, conf *tls.Config, reg *enrol.Register) (*engine, error) {
	o := &server.Options{
		ServerName: enrol.HubName, Host: host, Port: port, NoSigs: true, NoLog: true,
		JetStream: true, StoreDir: filepath.Join(dir, "streams"), SyncAlways: true,
		JetStreamMaxMemory: 32 << 20, JetStreamMaxStore: 64 << 30,
		TLSConfig: conf, TLSVerify: true, TLSTimeout: 10, TLSHandshakeFirst: true, AuthTimeout: 15,
		MaxPayload: 512 << 10, MaxConn: 20000, MaxSubs: 100, MaxPending: 8 << 20,
		CustomClientAuthentication: rights{reg},
	}
	srv, err := server.NewServer(o)
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	go srv.Start()
	if !srv.ReadyForConnections(30 * time.Second) {
		srv.Shutdown()
		return nil, fmt.Errorf("engine: %s:%d cannot be listened at", host, port)
	}
	e := &engine{srv: srv}
	if err := e.connect(); err != nil {
		e.close()
		return nil, fmt.Errorf("engine: %w", err)
	}
	return e, nil
}

func (e *engine) connect() (err error) {
	if e.conn, err = nats.Connect("", nats.InProcessServer(e.srv), nats.MaxReconnects(-1)); err != nil {
		return err
	}
	if e.js, err = jetstream.New(e.conn); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for _, s := range []struct {
		name  string
		age   time.Duration
		bytes int64
	}{
		{eventStream, 30 * 24 * time.Hour, 10 << 30},
		{alertStream, 365 * 24 * time.Hour, 4 << 30}, // a flood in EV displaces nothing here
	} {
		_, err := e.js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
			Name: s.name, Subjects: []string{subjectsOf(s.name)}, Storage: jetstream.FileStorage,
			MaxAge: s.age, MaxBytes: s.bytes, Discard: jetstream.DiscardOld, Duplicates: 10 * time.Minute,
			DenyDelete: true, DenyPurge: true,
		})
		if err != nil {
			return fmt.Errorf("stream %s: %w", s.name, err)
		}
	}
	return nil
}

func subjectsOf(stream string) string {
	if stream == alertStream {
		return link.Alerts("*")
	}
	return link.Events("*")
}

func (e *engine) close() {
	if e.conn != nil {
		e.conn.Close()
	}
	e.srv.Shutdown()
	e.srv.WaitForShutdown()
}

// rights says who may connect, and what as.
type rights struct{ reg *enrol.Register }

// Check implements server.Authentication. A host is what its certificate says; it
// writes as itself and hears what is meant for it. The hub's own connection comes
// by no network: only for that is there no certificate to be had.
func (r rights) Check(c server.ClientAuthentication) bool {
	conn := c.GetTLSConnectionState()
	if conn == nil {
		if c.RemoteAddress() == nil || c.RemoteAddress().Network() != "pipe" {
			return false
		}
		c.RegisterUser(&server.User{Username: enrol.HubName})
		return true
	}
	if len(conn.VerifiedChains) == 0 {
		return false
	}
	host := conn.PeerCertificates[0].Subject.CommonName
	m, ok := r.reg.Member(host)
	if !ok || m.Key != enrol.PinOf(conn.PeerCertificates[0]) {
		return false
	}
	c.RegisterUser(&server.User{Username: host, Permissions: permissions(host)})
	return true
}

// permissions are a host's.
func permissions(host string) *server.Permissions {
	return &server.Permissions{
		Publish:   &server.SubjectPermission{Allow: []string{link.Events(host), link.Alerts(host)}},
		Subscribe: &server.SubjectPermission{Allow: []string{link.Answers(host), link.Control(host), link.Inbox(host) + ".>"}},
		// To what the hub asks on the control subject, once, soon.
		Response: &server.ResponsePermission{MaxMsgs: 1, Expires: time.Minute},
	}
}

// putOut closes the connections of hosts that may connect no more.
func (e *engine) putOut(reg *enrol.Register) error {
	z, err := e.srv.Connz(&server.ConnzOptions{Username: true, Limit: 20000})
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range z.Conns {
		if c.AuthorizedUser == enrol.HubName {
			continue
		}
		if _, ok := reg.Member(c.AuthorizedUser); !ok {
			errs = append(errs, e.srv.DisconnectClientByID(c.Cid))
		}
	}
	return errors.Join(errs...)
}

// connected are the hosts that are.
func (e *engine) connected() map[string]bool {
	hosts := map[string]bool{}
	z, err := e.srv.Connz(&server.ConnzOptions{Username: true, Limit: 20000})
	if err != nil {
		return hosts
	}
	for _, c := range z.Conns {
		hosts[c.AuthorizedUser] = true
	}
	return hosts
}
