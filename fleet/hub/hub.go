package hub

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/pledge-linux/pledge/fleet/detect"
	"github.com/pledge-linux/pledge/fleet/enrol"
	"github.com/pledge-linux/pledge/fleet/envelope"
)

// Options are a hub's. Addresses are host:port.
type Options struct {
	Dir    string // its own; nobody else can read it
	Events string // where hosts send
	Enrol  string // where they join
	Detect detect.Options
}

// A Hub is running.
type Hub struct {
	o      Options
	engine *engine
	Index  *Index
	reg    *enrol.Register
	ca     *enrol.Authority
	enrol  *http.Server
	addr   string
	stop   context.CancelFunc
	finder finder
	work   sync.WaitGroup
}

// Open reads a hub's authority and whom it knows, for commands.
func Open(dir string) (*enrol.Authority, *enrol.Register, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	ca, err := enrol.LoadAuthority(dir)
	if err != nil {
		return nil, nil, err
	}
	reg, err := enrol.OpenRegister(filepath.Join(dir, "hosts.json"))
	return ca, reg, err
}

// Start starts a hub.
func Start(o Options) (_ *Hub, err error) {
	h := &Hub{o: o}
	if h.ca, h.reg, err = Open(o.Dir); err != nil {
		return nil, err
	}
	conf, err := h.tls()
	if err != nil {
		return nil, err
	}
	host, port, err := splitPort(o.Events)
	if err != nil {
		return nil, err
	}
	if h.Index, err = OpenIndex(filepath.Join(o.Dir, "index.sqlite")); err != nil {
		return nil, err
	}
	strict := conf.Clone()
	strict.ClientAuth = tls.RequireAndVerifyClientCert
	if h.engine, err = startEngine(o.Dir, host, port, strict, h.reg); err != nil {
		h.Index.Close()
		return nil, err
	}
	if err := errors.Join(h.finder.begin(h.Index, o.Detect), h.serveEnrol(conf)); err != nil {
		h.engine.close()
		h.Index.Close()
		return nil, err
	}
	h.begin()
	return h, nil
}

func splitPort(addr string) (string, int, error) {
	a, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return "", 0, err
	}
	if a.Port == 0 {
		a.Port = -1 // any, in the engine's words
	}
	host, _, err := net.SplitHostPort(addr)
	return host, a.Port, err
}

// tls is how the hub proves itself. The certificate is new with each start.
func (h *Hub) tls() (*tls.Config, error) {
	cert, key, err := h.ca.Hub()
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{{Certificate: [][]byte{cert, h.ca.Cert.Raw}, PrivateKey: key}},
		ClientCAs:    h.ca.Pool(), ClientAuth: tls.VerifyClientCertIfGiven,
	}, nil
}

func (h *Hub) serveEnrol(conf *tls.Config) error {
	l, err := tls.Listen("tcp", h.o.Enrol, conf)
	if err != nil {
		return err
	}
	h.addr = l.Addr().String()
	h.enrol = &http.Server{Handler: enrol.Handler(h.ca, h.reg), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
		MaxHeaderBytes: 8 << 10, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug)}
	go h.enrol.Serve(l)
	return nil
}

// EventsAddr and EnrolAddr are where the hub listens.
func (h *Hub) EventsAddr() string { return h.engine.srv.Addr().String() }

// EnrolAddr is where hosts join.
func (h *Hub) EnrolAddr() string { return h.addr }

// Register is whom the hub knows.
func (h *Hub) Register() *enrol.Register { return h.reg }

// Token invites a host.
func (h *Hub) Token(group string, ttl time.Duration) (enrol.Token, error) {
	secret, err := h.reg.Invite(group, ttl)
	return enrol.Token{Enrol: h.EnrolAddr(), Events: h.EventsAddr(), Pin: h.ca.Pin(), Secret: secret}, err
}

// begin starts what goes on in the background.
func (h *Hub) begin() {
	ctx, stop := context.WithCancel(context.Background())
	h.stop = stop
	for _, stream := range []string{eventStream, alertStream} {
		h.work.Go(func() { h.read(ctx, stream) })
	}
	h.work.Go(func() { h.watch(ctx) })
}

// watch puts out who was revoked, and forgets what is old.
func (h *Hub) watch(ctx context.Context) {
	second, hour := time.NewTicker(time.Second), time.NewTicker(time.Hour)
	defer second.Stop()
	defer hour.Stop()
	for {
		var err error
		select {
		case <-second.C:
			err = errors.Join(h.engine.putOut(h.reg), h.finder.silent(ctx, h.Index, time.Now()))
		case <-hour.C:
			err = h.Index.Prune(ctx, time.Now().Add(-30*24*time.Hour))
		case <-ctx.Done():
			return
		}
		if err != nil && ctx.Err() == nil {
			slog.Error("the hub's housekeeping", "error", err)
		}
	}
}

// read takes a stream into the index, for ever.
func (h *Hub) read(ctx context.Context, stream string) {
	for ctx.Err() == nil {
		err := h.readOn(ctx, stream)
		if ctx.Err() != nil {
			return
		}
		slog.Error("the index stands still", "stream", stream, "error", err)
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
}

// gather is how many frames are indexed at once.
const gather = 100

func (h *Hub) readOn(ctx context.Context, stream string) error {
	upto, err := h.Index.Upto(stream)
	if err != nil {
		return err
	}
	// Its place is the index's own: no consumer of the server's remembers it.
	c, err := h.engine.js.OrderedConsumer(ctx, stream, jetstream.OrderedConsumerConfig{
		OptStartSeq: upto + 1, DeliverPolicy: jetstream.DeliverByStartSequencePolicy})
	if err != nil {
		return err
	}
	for {
		got, err := c.Fetch(gather, jetstream.FetchMaxWait(time.Second))
		if err != nil {
			return err
		}
		b := batch{stream: stream}
		for m := range got.Messages() {
			meta, err := m.Metadata()
			if err != nil {
				return err
			}
			b.upto = meta.Sequence.Stream
			b.events = append(b.events, ownEvents(m.Subject(), m.Data())...)
		}
		if err := got.Error(); err != nil && !errors.Is(err, jetstream.ErrNoMessages) {
			return err
		}
		if err := h.take(ctx, b); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (h *Hub) take(ctx context.Context, b batch) error {
	if b.upto == 0 {
		return nil
	}
	fresh, err := h.Index.Add(ctx, b)
	if err != nil {
		return err
	}
	return h.finder.add(ctx, h.Index, fresh)
}

// ownEvents are those of a frame that say the host that the frame is of. The
// engine let nobody else write there; a host that writes of others is not heard.
func ownEvents(subject string, frame []byte) (list []envelope.Event) {
	host := subject[strings.LastIndex(subject, ".")+1:]
	events, err := envelope.Split(frame)
	if err != nil {
		slog.Warn("a frame that is none", "host", host, "error", err)
		return nil
	}
	for _, e := range events {
		if e.Host == host {
			list = append(list, e)
		}
	}
	if n := len(events) - len(list); n > 0 {
		slog.Warn("events of other hosts", "host", host, "events", n)
	}
	return list
}

// Hosts is the list of the fleet.
func (h *Hub) Hosts(ctx context.Context) ([]*HostRow, error) {
	known, err := h.Index.Hosts(ctx)
	if err != nil {
		return nil, err
	}
	online := h.engine.connected()
	list := Join(h.reg.Members(), known)
	for _, row := range list {
		row.Online = online[row.Host]
	}
	return list, nil
}

// Join makes one list of whom a hub knows and what its index knows of them, by name.
func Join(members []enrol.Member, known map[string]*HostRow) []*HostRow {
	list := []*HostRow{}
	for _, m := range members {
		row := known[m.Host]
		if row == nil {
			row = &HostRow{Host: m.Host}
		}
		row.Group, row.Revoked = m.Group, m.Revoked
		list = append(list, row)
	}
	slices.SortFunc(list, func(a, b *HostRow) int { return strings.Compare(a.Host, b.Host) })
	return list
}

// Close ends the hub.
func (h *Hub) Close() error {
	h.stop()
	h.work.Wait()
	err := h.enrol.Close()
	h.engine.close()
	if err := errors.Join(err, h.Index.Close()); err != nil {
		return fmt.Errorf("hub: %w", err)
	}
	return nil
}
