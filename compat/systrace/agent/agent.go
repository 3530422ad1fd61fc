// Package agent has those who answer when a policy does not: a person at a
// terminal, or a program that speaks xsystrace's protocol.
package agent

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/sys/unix"
)

// errEOF is how the original said that nobody answers.
var errEOF = errors.New("EOF on policy input request")

// Text asks a person: the request, then a prompt.
type Text struct {
	In  *bufio.Reader
	Out io.Writer

	asked bool
}

// Ask prints the request, unless it is still being answered, and reads a line.
func (t *Text) Ask(request string) (string, error) {
	if !t.asked {
		fmt.Fprintln(t.Out, request)
	}
	t.asked = true
	fmt.Fprint(t.Out, "Answer: ")
	line, err := t.In.ReadString('\n')
	if err != nil && line == "" {
		return "", errEOF
	}
	return line, nil
}

// Tell prints lines.
func (t *Text) Tell(lines ...string) {
	for _, l := range lines {
		fmt.Fprintln(t.Out, l)
	}
}

// Done ends the dialogue.
func (t *Text) Done() { t.asked = false }

// Program is a front end such as xsystrace: it reads requests on its standard
// input and writes answers on its standard output. After an answer that was
// not final it gets what there is to say and WRONG, after the last one OKAY.
type Program struct {
	Path string

	conn  *os.File
	in    *bufio.Reader
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
		return fmt.Errorf("front end %s: %w", p.Path, err)
	}
	p.conn, p.in = ours, bufio.NewReader(ours)
	go p.cmd.Wait()
	return nil
}

// Ask sends a request, unless it is still being answered, and reads a line. A
// front end that is gone is started again, once.
func (p *Program) Ask(request string) (string, error) {
	if p.conn == nil {
		if err := p.Start(); err != nil {
			return "", err
		}
	}
	if !p.asked {
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
	line, err := p.in.ReadString('\n')
	if err != nil {
		return "", errEOF
	}
	return line, nil
}

// Tell sends lines.
func (p *Program) Tell(lines ...string) { io.WriteString(p.conn, strings.Join(lines, "\n")+"\n") }

// Done ends the dialogue.
func (p *Program) Done() {
	p.asked = false
	io.WriteString(p.conn, "OKAY\n")
}
