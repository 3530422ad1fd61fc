// Package link brings frames from a host to its hub's JetStream.
package link

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/pledge-linux/pledge/fleet/envelope"
)

// Subjects of one host. Nothing in them is chosen by a program or a user.
func Events(host string) string { return "pledge.v1.ev." + host }

// Alerts is where events go that a flood of the others must not displace.
func Alerts(host string) string { return "pledge.v1.alert." + host }

// Answers is where a host hears what was answered afar.
func Answers(host string) string { return "pledge.v1.ans." + host }

// Control is where a host is asked something by its hub.
func Control(host string) string { return "pledge.v1.ctl." + host }

// Inbox is where a host hears what its hub acknowledges.
func Inbox(host string) string { return "_INBOX-" + host }

// Subject is where a frame goes: all its events have about the same severity.
func Subject(host string, sev int) string {
	if sev >= envelope.Warning {
		return Alerts(host)
	}
	return Events(host)
}

// A Link is a host's connection. It goes on trying for ever, and keeps nothing
// back: what is not acknowledged is the spool's.
type Link struct {
	host string
	conn *nats.Conn
	js   jetstream.JetStream
}

// Connect begins to connect; it does not wait for that.
func Connect(addr, host string, conf *tls.Config, more ...nats.Option) (*Link, error) {
	options := append([]nats.Option{
		nats.Name(host),
		nats.Secure(conf),
		nats.TLSHandshakeFirst(),
		nats.CustomInboxPrefix(Inbox(host)),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.IgnoreAuthErrorAbort(),
		nats.ReconnectWait(time.Second),
		nats.ReconnectJitter(time.Second, 5*time.Second),
		nats.ReconnectBufSize(-1),
		nats.PingInterval(20 * time.Second),
		nats.MaxPingsOutstanding(2),
	}, more...)
	conn, err := nats.Connect("nats://"+addr, options...)
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(conn)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &Link{host, conn, js}, nil
}

// patience is how long an acknowledgement is waited for.
const patience = 30 * time.Second

// Send returns when the hub's stream has the events, after its fsync.
func (l *Link) Send(ctx context.Context, events []envelope.Event) error {
	if !l.conn.IsConnected() {
		return errors.New("not connected")
	}
	frame, err := envelope.Join(events)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	first, last := &events[0], &events[len(events)-1]
	id := fmt.Sprintf("%s-%d", first.ID(), last.Seq)
	_, err = l.js.Publish(ctx, Subject(l.host, first.Sev), frame, jetstream.WithMsgID(id))
	return err
}

// Conn is the connection, for what else a host and its hub say to each other.
func (l *Link) Conn() *nats.Conn { return l.conn }

// Close ends the connection.
func (l *Link) Close() { l.conn.Close() }
