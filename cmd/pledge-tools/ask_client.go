//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/askpage"
	"github.com/pledge-linux/pledge/internal/quote"
	"github.com/pledge-linux/pledge/internal/trust"
)

// client talks to a run that asks.
type client struct {
	run string
	c   *http.Client
}

// connect finds the run: the one that is named, or the only one.
func (x *client) connect() error {
	base := sessionBase()
	if err := trust.Dir(base); err != nil {
		return errorf("no program asks anything: %w", err)
	}
	list, err := os.ReadDir(base)
	if err != nil {
		return err
	}
	var runs []string
	for _, e := range list {
		if x.run == "" || x.run == e.Name() {
			dir := filepath.Join(base, e.Name())
			c := askpage.Client(dir)
			c.Timeout = time.Minute
			if r, err := c.Get("http://run/run"); err == nil {
				r.Body.Close()
				runs, x.c = append(runs, e.Name()), c
			}
		}
	}
	switch {
	case len(runs) == 0:
		return errorf("no program asks anything")
	case len(runs) > 1:
		return errorf("several programs ask: --run %s", strings.Join(runs, ", --run "))
	}
	return nil
}

// get reads an answer.
func (x *client) get(path string, to any) error {
	if err := x.connect(); err != nil {
		return err
	}
	r, err := x.c.Get("http://run" + path)
	return decoded(r, err, to)
}

func (x *client) post(path string, body, to any) error {
	if err := x.connect(); err != nil {
		return err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := x.c.Post("http://run"+path, "application/json", bytes.NewReader(text))
	return decoded(r, err, to)
}

func decoded(r *http.Response, err error, to any) error {
	if err != nil {
		return err
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(r.Body, 1000))
		return errorf("%s", strings.TrimSpace(string(text)))
	}
	return json.NewDecoder(r.Body).Decode(to)
}

// child makes a subcommand that talks to a run.
func child(use, short string, args cobra.PositionalArgs, run func(x *client, asJSON bool, args []string) error) *cobra.Command {
	x, asJSON := &client{}, false
	c := &cobra.Command{Use: use, Short: short, Args: args, RunE: func(c *cobra.Command, args []string) error { return run(x, asJSON, args) }}
	c.Flags().StringVar(&x.run, "run", "", "the `PID` of the pledge ask, if there are several")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func askList(stdout io.Writer) *cobra.Command {
	return child("list", "print the questions that wait", cobra.NoArgs, func(x *client, asJSON bool, args []string) error {
		var list []ask.Question
		if err := x.get("/questions", &list); err != nil {
			return err
		}
		if asJSON {
			return writeJSON(stdout, list)
		}
		for _, q := range list {
			fmt.Fprintf(stdout, "%d %s: %s, %d waiting, %s\n", q.ID, q.State, quote.Text(q.Title), q.Waiting, quote.Word(q.Program))
			for i, s := range q.Suggestions {
				mark := " "
				if s.Chosen {
					mark = "*"
				}
				fmt.Fprintf(stdout, "  %s%d %s: %s\n", mark, i+1, s.Class, quote.Text(s.Rule))
			}
		}
		return nil
	})
}

func askAnswer(stdout io.Writer) *cobra.Command {
	var p struct {
		ask.Proposal
		Rule string `json:"rule"`
	}
	p.Author = "command line"
	scope := ""
	c := child("answer ID permit | deny | kill | later | learn | quiet | wait", "answer a question", cobra.ExactArgs(2), func(x *client, asJSON bool, args []string) (err error) {
		if p.Question, err = strconv.Atoi(args[0]); err != nil {
			return errorf("%q is no number of a question", args[0])
		}
		p.Action, p.Scope = ask.Action(args[1]), ask.Scope(scope)
		if d, err := time.ParseDuration(scope); err == nil {
			p.Scope, p.For = ask.Until, d
		}
		var r ask.Result
		if err := x.post("/answer", p, &r); err != nil {
			return err
		}
		if asJSON {
			err = writeJSON(stdout, r)
		} else if r.Result != ask.Done {
			err = errorf("%s: %s %s", r.Result, r.Why, strings.Join(r.Diff, ", "))
		}
		if err == nil && r.Result != ask.Done {
			return exitError(1)
		}
		return err
	})
	f := c.Flags()
	f.StringVar(&scope, "for", "always", "`HOW` long: once, process, always, or a time such as 10m")
	f.IntVar(&p.Suggestion, "suggestion", 0, "take suggestion `N` of the list, and not the preselected one")
	f.StringVar(&p.Rule, "rule", "", "a `RULE` of your own: \"rpath -u r:/etc/hosts\"")
	f.IntVar(&p.Errno, "errno", 0, "the error `NUMBER` of a refusal")
	f.StringVar(&p.Reason, "reason", "", "`WHY`, for the history")
	f.StringVar(&p.IfPolicy, "if-policy", "", "refuse if the policy is not the one of this `DIGEST`")
	return c
}

func askHistory(stdout io.Writer) *cobra.Command {
	return child("history", "print what was asked, answered and changed", cobra.NoArgs, func(x *client, asJSON bool, args []string) error {
		var h struct {
			Events  []ask.Event  `json:"events"`
			Changes []ask.Change `json:"changes"`
			Rules   []ask.Rule   `json:"rules"`
		}
		if err := x.get("/history", &h); err != nil {
			return err
		}
		if asJSON {
			return writeJSON(stdout, h)
		}
		for _, e := range h.Events {
			fmt.Fprintf(stdout, "%s %s %s %s %s\n", e.Time.Format(time.TimeOnly), e.What, quote.Word(e.Program), quote.Short(quote.Text(e.Call), 200), quote.Text(e.By))
		}
		for _, c := range h.Changes {
			fmt.Fprintf(stdout, "change %d by %s: %s\n", c.ID, quote.Text(c.Author), quote.Text(strings.Join(c.Diff, ", ")))
		}
		return nil
	})
}

func askUndo(stdout io.Writer) *cobra.Command {
	return child("undo CHANGE", "take a change of the policy back", cobra.ExactArgs(1), func(x *client, asJSON bool, args []string) error {
		var r ask.Result
		if err := x.post("/undo/"+strings.Trim(args[0], "/?#")+"?author=command+line", nil, &r); err != nil {
			return err
		}
		if r.Result != ask.Done {
			return errorf("%s", r.Why)
		}
		_, err := fmt.Fprintln(stdout, "undone")
		return err
	})
}

func askServe(stdout io.Writer) *cobra.Command {
	return child("serve", "print questions as they come, a line of JSON a change, until the program ends", cobra.NoArgs, func(x *client, asJSON bool, args []string) error {
		if err := x.connect(); err != nil {
			return err
		}
		x.c.Timeout = 0
		path := "/questions"
		for {
			var list []ask.Question
			r, err := x.c.Get("http://run" + path)
			if err := decoded(r, err, &list); err != nil {
				return nil // the run is over
			}
			text, err := json.Marshal(list)
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(stdout, "%s\n", quote.JSON(text)); err != nil {
				return err
			}
			path = "/wait"
		}
	})
}
