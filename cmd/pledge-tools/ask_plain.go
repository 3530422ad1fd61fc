//go:build unix

package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/askpage"
	"github.com/pledge-linux/pledge/internal/quote"
)

// plainly asks line by line: at the terminal, or from standard input where there
// is none, which the program does not get then.
func plainly(b *ask.Broker, out io.Writer) (stop func(), err error) {
	in, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		kept, e := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
		if e != nil {
			return nil, errorf("standard input: %w", e)
		}
		in = os.NewFile(uintptr(kept), "standard input")
		null, e := os.Open(os.DevNull)
		if e != nil {
			return nil, e
		}
		defer null.Close()
		if e := duplicate(int(null.Fd()), 0); e != nil {
			return nil, e
		}
	}
	changed, unwatch := b.Watch()
	lines := make(chan string)
	go func() {
		defer close(lines)
		for r := bufio.NewReader(in); ; {
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			lines <- strings.TrimSpace(line)
		}
	}()
	d := &plainDialogue{b: b, out: out}
	done := make(chan struct{})
	go d.loop(changed, lines, done)
	return func() { close(done); unwatch() }, nil
}

type plainDialogue struct {
	b   *ask.Broker
	out io.Writer
	at  ask.Question // that was asked last
}

func (d *plainDialogue) loop(changed <-chan struct{}, lines <-chan string, done <-chan struct{}) {
	for {
		d.show()
		select {
		case <-done:
			return
		case <-changed:
		case line, ok := <-lines:
			if !ok {
				return
			}
			d.take(line)
		}
	}
}

// show asks the first question that waits, once.
func (d *plainDialogue) show() {
	for _, q := range d.b.Questions(false) {
		if q.State != ask.Pending {
			continue
		}
		if q.ID == d.at.ID {
			return
		}
		d.at = q
		fmt.Fprintf(d.out, "\nQuestion %d: %s\n%s [%d] calls %s\n", q.ID, quote.Text(q.Title), quote.Word(q.Program), q.PID, quote.Short(quote.Text(q.Call), 300))
		for i, s := range q.Suggestions {
			mark := " "
			if s.Chosen {
				mark = "*"
			}
			fmt.Fprintf(d.out, "%s %d %s: %s (covers %d pending)\n", mark, i+1, s.Class, quote.Text(s.Rule), s.Pending)
		}
		fmt.Fprint(d.out, "Answer (P permit always, p once, d deny once, D deny, k kill, l later, q quietly; a number before it takes that suggestion; ? help): ")
		return
	}
}

// letters are the answers.
var letters = map[string]ask.Proposal{
	"P": {Action: ask.Permit, Scope: ask.Always}, "p": {Action: ask.Permit, Scope: ask.Once}, "s": {Action: ask.Permit, Scope: ask.Process},
	"d": {Action: ask.Deny, Scope: ask.Once}, "D": {Action: ask.Deny, Scope: ask.Always}, "k": {Action: ask.Kill}, "l": {Action: ask.Defer}, "q": {Action: ask.Quiet}, "r": {Action: ask.Learn}, "w": {Action: ask.Wait},
}

const plainHelp = `P      permit, for good           p  permit once       s  permit this process
d      deny once                  D  deny for the run  q  deny for the run, quietly
k      kill the process           l  deny now, and keep the question
r      permit for the run, and review                  w  wait: no time limit
2P     the same with suggestion 2
= RULE permit, for good, by a rule of your own: = rpath -u r:/etc/hosts
`

func (d *plainDialogue) take(line string) {
	if d.at.ID == 0 {
		return
	}
	if line == "?" {
		fmt.Fprint(d.out, plainHelp)
		d.at = ask.Question{}
		return
	}
	p := ask.Proposal{Action: ask.Permit, Scope: ask.Always}
	if text, own := strings.CutPrefix(line, "="); own {
		g, err := askpage.ParseRule(text)
		if err != nil {
			fmt.Fprintf(d.out, "%s\n", quote.Error(err))
			d.at = ask.Question{}
			return
		}
		p.Rule = &g
	} else {
		n := strings.TrimRight(line, "PpsdDklqrw")
		known, ok := letters[strings.TrimPrefix(line, n)]
		if !ok || line == "" {
			fmt.Fprint(d.out, plainHelp)
			d.at = ask.Question{}
			return
		}
		p = known
		p.Suggestion, _ = strconv.Atoi(n)
	}
	p.Question, p.Author, p.IfPolicy = d.at.ID, "terminal", d.at.Policy
	r := d.b.Propose(p)
	if r.Result != ask.Done {
		fmt.Fprintf(d.out, "%s: %s %s\n", r.Result, quote.Text(r.Why), quote.Text(strings.Join(r.Diff, ", ")))
	}
	d.at = ask.Question{}
}
