package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os/user"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/fleet/detect"
	"github.com/pledge-linux/pledge/fleet/output"
	"github.com/pledge-linux/pledge/internal/quote"
)

// detect is what the options say of findings.
func (o *options) detect() detect.Options {
	var d detect.Options
	if o.canaries != "" {
		d.Canaries = strings.Split(o.canaries, ",")
	}
	return d
}

func (o *options) findings(args []string) error {
	return o.tell("findings", args, func(ctx context.Context) ([]detect.Finding, error) {
		x, err := o.index()
		if err != nil {
			return nil, err
		}
		defer x.Close()
		return x.Findings(ctx, 1000)
	})
}

// replay tells what would be found in what is stored, with these options.
func (o *options) replay(args []string) error {
	return o.tell("replay", args, func(ctx context.Context) ([]detect.Finding, error) {
		x, err := o.index()
		if err != nil {
			return nil, err
		}
		defer x.Close()
		return x.Replay(ctx, o.detect())
	})
}

func (o *options) tell(name string, args []string, of func(context.Context) ([]detect.Finding, error)) error {
	flags := flag.NewFlagSet("pledge-hub "+name, flag.ExitOnError)
	asJSON := flags.Bool("json", false, "")
	format := flags.String("format", "", "")
	flags.Parse(args)
	write := output.Formats[*format]
	if *format != "" && write == nil {
		return fmt.Errorf("--format %q: want ecs, ocsf or cef", *format)
	}
	list, err := of(context.Background())
	if err != nil {
		return err
	}
	if *asJSON {
		return json.NewEncoder(stdout()).Encode(list)
	}
	for _, f := range list {
		if write != nil {
			text, err := write(&f)
			if err != nil {
				return err
			}
			fmt.Fprintf(stdout(), "%s\n", text)
			continue
		}
		fmt.Fprintln(stdout(), quote.Text(fmt.Sprintf("%s %s: %s", f.Time.Format(time.RFC3339), f.Kind, f.Text)))
		fmt.Fprintln(stdout(), quote.Text("    "+f.Change))
		fmt.Fprintln(stdout(), quote.Text("    mute: "+quote.Shell(f.ID)))
	}
	return nil
}

func (o *options) mute(args []string) error {
	flags := flag.NewFlagSet("pledge-hub mute", flag.ExitOnError)
	length := flags.Duration("for", 7*24*time.Hour, "")
	flags.Parse(args)
	if flags.NArg() != 1 {
		return errors.New("mute takes one finding, as findings names it")
	}
	who := "somebody"
	if u, err := user.Current(); err == nil {
		who = u.Username
	}
	x, err := o.index()
	if err != nil {
		return err
	}
	defer x.Close()
	return x.Mute(context.Background(), flags.Arg(0), time.Now().Add(*length), who)
}
