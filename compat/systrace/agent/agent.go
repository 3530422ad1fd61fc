//go:build unix

// Package agent has those who answer when a policy does not: a person at a
// terminal, or a program that speaks xsystrace's protocol.
//
// # Stability
//
// The protocol is that of systrace 1.6g and does not change. Before version 1 fields
// may be added.
package agent

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/quote"
)

// errEOF is how the original said that nobody answers.
var errEOF = errors.New("EOF on policy input request")

// A Deadline is what happens when nobody answers in time.
type Deadline struct {
	After  time.Duration // 0: an answer is waited for
	Answer string
}

// timer returns a channel that tells when the time is over; nil if it never is.
func (d Deadline) timer() <-chan time.Time {
	if d.After == 0 {
		return nil
	}
	return time.After(d.After)
}

func (d Deadline) String() string { return fmt.Sprintf("no answer within %v: %s", d.After, d.Answer) }

// Text asks a person: the request, then a prompt. Between questions what is
// typed is the program's, so nothing is read ahead.
type Text struct {
	In *bufio.Reader
	// FD is where In reads from, for the deadline.
	FD       int
	Out      io.Writer
	Deadline Deadline

	asked bool
	late  bool // what is there may have been meant for an earlier question
}

// Ask prints the request, unless it is still being answered, and reads a line.
func (t *Text) Ask(request string) (string, error) {
	for t.late && t.ready(0) {
		if _, err := t.In.ReadString('\n'); err != nil {
			break
		}
	}
	t.late = false
	if !t.asked {
		// What is there was typed before anybody could read the question, or
		// is what the terminal said to the program.
		if flush(t.FD) {
			t.In.Discard(t.In.Buffered())
		}
		fmt.Fprintln(t.Out, quote.Text(request))
	}
	t.asked = true
	fmt.Fprint(t.Out, "Answer: ")
	if t.Deadline.After > 0 && !t.ready(t.Deadline.After) {
		t.late = true
		fmt.Fprintf(t.Out, "\n%v\n", t.Deadline)
		return t.Deadline.Answer, nil
	}
	line, err := t.In.ReadString('\n')
	if err != nil && line == "" {
		return "", errEOF
	}
	return line, nil
}

// ready waits for input.
func (t *Text) ready(d time.Duration) bool {
	return t.In.Buffered() > 0 || readable(t.FD, d)
}

// lines reads lines one ahead.
func lines(in *bufio.Reader) chan string {
	c := make(chan string)
	go func() {
		defer close(c)
		for {
			line, err := in.ReadString('\n')
			if line != "" {
				c <- line
			}
			if err != nil {
				return
			}
		}
	}()
	return c
}

// Tell prints lines.
func (t *Text) Tell(lines ...string) {
	for _, l := range lines {
		fmt.Fprintln(t.Out, quote.Text(l))
	}
}

// Done ends the dialogue.
func (t *Text) Done() { t.asked = false }

// Program is a front end such as xsystrace: it reads requests on its standard
// input and writes answers on its standard output. After an answer that was
// not final it gets what there is to say and WRONG, after the last one OKAY.
type Program struct {
	Path     string
	Deadline Deadline

	conn  *os.File
	lines chan string
	cmd   *exec.Cmd
	asked bool
}

// Start starts the front end.
func (p *Program) Start() error {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	unix.CloseOnExec(fds[0])
	unix.CloseOnExec(fds[1])
	ours, theirs := os.NewFile(uintptr(fds[0]), "front end"), os.NewFile(uintptr(fds[1]), "front end")
	defer theirs.Close()
	p.cmd = exec.Command(p.Path)
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = theirs, theirs, os.Stderr
	if err := p.cmd.Start(); err != nil {
		ours.Close()
		return fmt.Errorf("front end %s: %w", quote.Word(p.Path), err)
	}
	p.conn, p.lines = ours, lines(bufio.NewReader(ours))
	go p.cmd.Wait()
	return nil
}

// Ask asks the front end. One that dies is started again and asked the same; one
// that dies each time has answered nothing, and the call is refused: nobody is ended
// for it, and nobody let through.
func (p *Program) Ask(request string) (string, error) {
	const times = 3
	for range times {
		answer, err := p.ask(request)
		if err == nil {
			return answer, nil
		}
		if p.conn != nil {
			p.conn.Close()
		}
		p.conn, p.asked = nil, false
	}
	fmt.Fprintf(os.Stderr, "systrace: front end %s: it ends without an answer: %s\n", quote.Word(p.Path), refusal)
	return refusal, nil
}

// refusal is what is done where nobody can be asked. It is not kept.
const refusal = "deny-now"

// ask sends a request, unless it is still being answered, and reads a line. A
// front end that is gone is started again, once.
func (p *Program) ask(request string) (string, error) {
	if p.conn == nil {
		if err := p.Start(); err != nil {
			return "", err
		}
	}
	if !p.asked {
		p.stale()
		request = quote.Line(request)
		if _, err := io.WriteString(p.conn, request+"\n"); err != nil {
			p.conn.Close()
			if err := p.Start(); err != nil {
				return "", err
			}
			if _, err := io.WriteString(p.conn, request+"\n"); err != nil {
				return "", err
			}
		}
	} else if _, err := io.WriteString(p.conn, "WRONG\n"); err != nil {
		return "", err
	}
	p.asked = true
	select {
	case line, ok := <-p.lines:
		if !ok {
			return "", errEOF
		}
		return line, nil
	case <-p.Deadline.timer():
		// Its answer may come yet, and must not be taken for another question's.
		p.cmd.Process.Kill()
		p.conn.Close()
		p.conn = nil
		fmt.Fprintf(os.Stderr, "systrace: front end %s: %v\n", quote.Word(p.Path), p.Deadline)
		return p.Deadline.Answer, nil
	}
}

// stale throws away what the front end has said beyond its last answer: it was said
// before the next question, so it answers none.
func (p *Program) stale() {
	for {
		select {
		case _, ok := <-p.lines:
			if !ok {
				return // it is gone, which the next look tells
			}
		default:
			return
		}
	}
}

// Tell sends lines.
func (p *Program) Tell(lines ...string) {
	for _, l := range lines {
		p.send(quote.Line(l))
	}
}

// send sends a line, unless the front end was given up.
func (p *Program) send(line string) {
	if p.conn != nil {
		io.WriteString(p.conn, line+"\n")
	}
}

// Done ends the dialogue.
func (p *Program) Done() {
	p.asked = false
	p.send("OKAY")
}
