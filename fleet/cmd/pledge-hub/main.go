// Command pledge-hub is where a fleet's events come together.
//
// See pledge-hub(8).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/pledge-linux/pledge/fleet/enrol"
	"github.com/pledge-linux/pledge/fleet/envelope"
	"github.com/pledge-linux/pledge/fleet/hub"
	"github.com/pledge-linux/pledge/internal/quote"
)

const usage = `usage: pledge-hub [--dir DIR] [--listen HOST] [--public HOST] [--canaries PATH,...]
       pledge-hub [--dir DIR] enroll [--group GROUP] [--ttl TIME]
       pledge-hub [--dir DIR] hosts | events | findings | replay    (--json)
       pledge-hub [--dir DIR] mute [--for TIME] FINDING
       pledge-hub [--dir DIR] revoke HOST
`

// stdout and stderr have nothing but printable text.
func stdout() io.Writer { return quote.Writer{W: os.Stdout} }
func stderr() io.Writer { return quote.Writer{W: os.Stderr} }

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(stderr(), "pledge-hub: %s\n", quote.Error(err))
		os.Exit(1)
	}
}

// options are the hub's own.
type options struct {
	dir, listen, public string
	events, enrol       string
	canaries            string
}

func run(args []string) error {
	o := options{}
	flags := flag.NewFlagSet("pledge-hub", flag.ExitOnError)
	flags.Usage = func() { fmt.Fprint(stderr(), usage) }
	flags.StringVar(&o.dir, "dir", defaultDir(), "")
	flags.StringVar(&o.listen, "listen", "127.0.0.1", "")
	flags.StringVar(&o.public, "public", "", "")
	flags.StringVar(&o.events, "events-port", "7420", "")
	flags.StringVar(&o.enrol, "enrol-port", "7421", "")
	flags.StringVar(&o.canaries, "canaries", "", "")
	flags.Parse(args)
	rest := flags.Args()
	if len(rest) == 0 {
		return o.serve()
	}
	for _, c := range commands {
		if c.name == rest[0] {
			return c.run(&o, rest[1:])
		}
	}
	flags.Usage()
	os.Exit(2)
	return nil
}

// commands are the words after the options.
var commands = []struct {
	name string
	run  func(*options, []string) error
}{
	{"enroll", (*options).enroll},
	{"hosts", (*options).hosts},
	{"events", (*options).search},
	{"findings", (*options).findings},
	{"mute", (*options).mute},
	{"replay", (*options).replay},
	{"revoke", (*options).revoke},
}

func defaultDir() string {
	if os.Getuid() == 0 {
		return "/var/lib/pledge-hub"
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "pledge-hub"
	}
	return filepath.Join(dir, "pledge-hub")
}

// addresses are what a running hub leaves for its other commands.
type addresses struct{ Events, Enrol string }

func (o *options) serve() error {
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return err
	}
	unlock, err := enrol.Lock(filepath.Join(o.dir, "lock"))
	if err != nil {
		return fmt.Errorf("another pledge-hub is running: %w", err)
	}
	defer unlock()
	h, err := hub.Start(hub.Options{Dir: o.dir, Events: net.JoinHostPort(o.listen, o.events), Enrol: net.JoinHostPort(o.listen, o.enrol), Detect: o.detect()})
	if err != nil {
		return err
	}
	text, err := json.Marshal(addresses{o.reach(h.EventsAddr()), o.reach(h.EnrolAddr())})
	if err == nil {
		err = enrol.WriteFile(filepath.Join(o.dir, "addresses.json"), text)
	}
	if err == nil {
		fmt.Fprintf(stdout(), "hosts send to %s and join at %s\n", h.EventsAddr(), h.EnrolAddr())
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		<-ctx.Done()
	}
	return errors.Join(err, h.Close())
}

// reach is an address as hosts reach it.
func (o *options) reach(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	switch ip := net.ParseIP(host); {
	case o.public != "":
		host = o.public
	case ip != nil && ip.IsUnspecified():
		host, _ = os.Hostname()
	}
	return net.JoinHostPort(host, port)
}

func (o *options) enroll(args []string) error {
	flags := flag.NewFlagSet("pledge-hub enroll", flag.ExitOnError)
	group := flags.String("group", "all", "")
	ttl := flags.Duration("ttl", time.Hour, "")
	flags.Parse(args)
	text, err := os.ReadFile(filepath.Join(o.dir, "addresses.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("start pledge-hub first: nobody knows its address")
	}
	if err != nil {
		return err
	}
	var at addresses
	if err := json.Unmarshal(text, &at); err != nil {
		return err
	}
	ca, reg, err := hub.Open(o.dir)
	if err != nil {
		return err
	}
	secret, err := reg.Invite(*group, *ttl)
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout(), "pledged join %s\n", enrol.Token{Enrol: at.Enrol, Events: at.Events, Pin: ca.Pin(), Secret: secret})
	return nil
}

func (o *options) revoke(args []string) error {
	if len(args) != 1 {
		return errors.New("revoke takes one host")
	}
	_, reg, err := hub.Open(o.dir)
	if err != nil {
		return err
	}
	return reg.Revoke(args[0])
}

func (o *options) index() (*hub.Index, error) {
	return hub.OpenIndex(filepath.Join(o.dir, "index.sqlite"))
}

func (o *options) hosts(args []string) error {
	flags := flag.NewFlagSet("pledge-hub hosts", flag.ExitOnError)
	asJSON := flags.Bool("json", false, "")
	flags.Parse(args)
	_, reg, err := hub.Open(o.dir)
	if err != nil {
		return err
	}
	x, err := o.index()
	if err != nil {
		return err
	}
	defer x.Close()
	known, err := x.Hosts(context.Background())
	if err != nil {
		return err
	}
	list := hub.Join(reg.Members(), known)
	if *asJSON {
		return json.NewEncoder(stdout()).Encode(list)
	}
	for _, h := range list {
		fmt.Fprintf(stdout(), "%-20s %-10s events %-8d missing %-4d dropped %-4d seen %s\n", h.Host, h.Group, h.Events, h.Missing, h.Gone, seen(h.Seen))
	}
	return nil
}

func seen(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.Format(time.RFC3339)
}

func (o *options) search(args []string) error {
	var q hub.Query
	flags := flag.NewFlagSet("pledge-hub events", flag.ExitOnError)
	asJSON := flags.Bool("json", false, "")
	flags.StringVar(&q.Host, "host", "", "")
	flags.StringVar(&q.Program, "program", "", "")
	flags.StringVar(&q.Type, "type", "", "")
	flags.StringVar(&q.Text, "text", "", "")
	flags.IntVar(&q.Limit, "limit", 100, "")
	flags.Parse(args)
	x, err := o.index()
	if err != nil {
		return err
	}
	defer x.Close()
	list, err := x.Search(context.Background(), q)
	if err != nil {
		return err
	}
	for _, e := range list {
		if *asJSON {
			text, err := json.Marshal(e)
			if err != nil {
				return err
			}
			fmt.Fprintf(stdout(), "%s\n", quote.JSON(text))
			continue
		}
		fmt.Fprintln(stdout(), line(&e))
	}
	return nil
}

// line is an event for people.
func line(e *envelope.Event) string {
	var c envelope.Call
	if !strings.HasPrefix(e.Type, "call.") || json.Unmarshal(e.Body, &c) != nil {
		return quote.Text(fmt.Sprintf("%s %s %s %s", e.Time.Format(time.RFC3339), e.Host, e.Type, e.Body))
	}
	missing := c.Promise + c.Unveil + c.Option
	return quote.Text(fmt.Sprintf("%s %s %s[%d]: %s: %s %s", e.Time.Format(time.RFC3339), e.Host, c.Program, c.PID, c.Call, c.Verdict, missing))
}
