//go:build linux

// Command pledged is a host's broker: what pledge and systrace refuse on this
// machine it keeps, and sends to the hub that the machine has joined.
//
// See pledged(8).
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/pledge-linux/pledge/fleet/enrol"
	"github.com/pledge-linux/pledge/fleet/host"
	"github.com/pledge-linux/pledge/fleet/link"
	"github.com/pledge-linux/pledge/fleet/spool"
	"github.com/pledge-linux/pledge/internal/quote"
)

const usage = `usage: pledged [--dir DIR] [--socket PATH] [--spool MIB]
       pledged [--dir DIR] join [--name NAME] TOKEN
       pledged [--dir DIR] status
`

// stdout and stderr have nothing but printable text.
func stdout() io.Writer { return quote.Writer{W: os.Stdout} }
func stderr() io.Writer { return quote.Writer{W: os.Stderr} }

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(stderr(), "pledged: %s\n", quote.Error(err))
		os.Exit(1)
	}
}

func run(args []string) error {
	place, err := host.Here()
	if err != nil {
		return err
	}
	flags := flag.NewFlagSet("pledged", flag.ExitOnError)
	flags.Usage = func() { fmt.Fprint(stderr(), usage) }
	flags.StringVar(&place.Dir, "dir", place.Dir, "")
	flags.StringVar(&place.Socket, "socket", place.Socket, "")
	limit := flags.Int64("spool", 64, "")
	pace := flags.Duration("pace", 0, "")
	herd := flags.Duration("herd", 0, "")
	flags.Parse(args)
	syscall.Umask(0o022)
	if err := place.Prepare(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch rest := flags.Args(); {
	case len(rest) == 0:
		return serve(ctx, place, *limit<<20, host.Options{Pace: *pace, Herd: *herd})
	case rest[0] == "join":
		return join(ctx, place, rest[1:])
	case rest[0] == "status" && len(rest) == 1:
		return status(place)
	}
	flags.Usage()
	os.Exit(2)
	return nil
}

func join(ctx context.Context, place host.Place, args []string) error {
	flags := flag.NewFlagSet("pledged join", flag.ExitOnError)
	name, _ := os.Hostname()
	flags.StringVar(&name, "name", name, "")
	flags.Parse(args)
	if flags.NArg() != 1 {
		return errors.New("join takes one token, as pledge-hub enroll prints it")
	}
	if id, err := enrol.LoadIdentity(place.Dir); !errors.Is(err, fs.ErrNotExist) {
		if err != nil {
			return err
		}
		return fmt.Errorf("this machine has joined already, as %s; remove %s to have it join anew", id.Host, quote.Shell(filepath.Join(place.Dir, "hub.json")))
	}
	token, err := enrol.ParseToken(flags.Arg(0))
	if err != nil {
		return err
	}
	host, err := enrol.Join(ctx, token, name, place.Dir)
	if err == nil {
		fmt.Fprintf(stdout(), "joined as %s\n", host)
	}
	return err
}

// open reads whose spool there is, and the spool.
func open(place host.Place, limit int64) (*enrol.Identity, *spool.Spool, error) {
	id, err := enrol.LoadIdentity(place.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, errors.New("this machine has joined no hub: pledged join TOKEN")
	}
	if err != nil {
		return nil, nil, err
	}
	boot, err := host.Boot()
	if err != nil {
		return nil, nil, err
	}
	s, err := spool.Open(spool.Dir(filepath.Join(place.Dir, "spool")), spool.Options{Host: id.Host, Boot: boot, Limit: limit})
	return id, s, err
}

func status(place host.Place) error {
	id, s, err := open(place, 0)
	if err != nil {
		return err
	}
	st := s.Status()
	fmt.Fprintf(stdout(), "host %s\nhub %s\nwaiting %d\nbytes %d\nlost %d\ndamaged %d\n", id.Host, quote.Text(id.Events), st.Waiting, st.Bytes, st.Lost, st.Damaged)
	return s.Close()
}

func serve(ctx context.Context, place host.Place, limit int64, o host.Options) error {
	unlock, err := enrol.Lock(filepath.Join(place.Dir, "lock"))
	if err != nil {
		return fmt.Errorf("another pledged is running: %w", err)
	}
	defer unlock()
	id, s, err := open(place, limit)
	if err != nil {
		return err
	}
	defer s.Close()
	l, err := host.Listen(place.Socket, place.Mode)
	if err != nil {
		return err
	}
	defer l.Close()
	conn, err := link.Connect(id.Events, id.Host, id.TLS())
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go renew(ctx, id, place.Dir, stop)
	o.Spool, o.Listen, o.Link, o.Agent = s, l, conn, "pledged/1"
	return host.New(o).Run(ctx)
}

// renew has the certificate renewed; the unit starts pledged again with it.
func renew(ctx context.Context, id *enrol.Identity, dir string, stop func()) {
	for {
		renewed, err := id.Renew(ctx, dir, time.Now())
		if err != nil {
			slog.Warn("the certificate is not renewed yet", "error", err)
		}
		if renewed {
			stop()
			return
		}
		select {
		case <-time.After(time.Hour):
		case <-ctx.Done():
			return
		}
	}
}
