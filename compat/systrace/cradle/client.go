//go:build unix

package cradle

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/pledge-linux/pledge/compat/systrace/agent"
	"github.com/pledge-linux/pledge/internal/quote"
)

// Client is an agent that asks through a server.
type Client struct {
	Deadline agent.Deadline

	dir   string
	conn  net.Conn
	in    *bufio.Reader
	asked bool
}

// Dial connects to the server in a directory.
func Dial(dir string) (*Client, error) {
	c := &Client{dir: dir}
	return c, c.dial()
}

func (c *Client) dial() (err error) {
	if c.conn, err = net.Dial("unix", filepath.Join(c.dir, serverSocket)); err == nil {
		c.in = bufio.NewReaderSize(c.conn, maxLine+1)
	}
	return err
}

// Connect connects to the user's server. If there is none it is started, and
// the front end as "GUI -C".
func Connect(gui string) (*Client, error) {
	dir := Dir()
	if err := Prepare(dir); err != nil {
		return nil, err
	}
	if c, err := Dial(dir); err == nil {
		return c, nil
	}
	first, err := startServer(dir)
	if err != nil {
		return nil, err
	}
	c, err := Dial(dir)
	if err != nil || !first {
		return c, err
	}
	front := exec.Command(gui, "-C") // it outlives this process, and must not hold its standard error open
	if err := front.Start(); err != nil {
		return nil, fmt.Errorf("front end %s: %w", quote.Word(gui), err)
	}
	go front.Wait()
	return c, nil
}

// Option is how this program is told to be a server; its value is the directory.
const Option = "--cradle-server"

// What a server says when it can be reached, and when another one was first.
const (
	ready   = "ready\n"
	running = "running\n"
)

// startServer starts this program as a server in a session of its own, and
// waits until it, or one that was faster, listens.
func startServer(dir string) (first bool, err error) {
	self, err := os.Executable()
	if err != nil {
		return false, err
	}
	if runtime.GOOS == "linux" {
		self = "/proc/self/exe" // the very program, whatever is in its place by now
	}
	server := exec.Command(self)
	server.Args = os.Args[:1:1]
	if len(os.Args) > 1 && os.Args[1] == "systrace" { // pledge systrace
		server.Args = os.Args[:2:2]
	}
	server.Args = append(server.Args, Option, dir)
	server.Dir = "/"
	server.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	said, err := server.StdoutPipe()
	if err != nil {
		return false, err
	}
	if err := server.Start(); err != nil {
		return false, err
	}
	said.(*os.File).SetReadDeadline(time.Now().Add(10 * time.Second))
	line, err := bufio.NewReader(said).ReadString('\n')
	go server.Wait()
	if line != ready && line != running {
		return false, fmt.Errorf("the cradle server did not start: %s%v", line, err)
	}
	return line == ready, nil
}

// Main is the server's process: it says that it is ready on its standard output,
// and ends when it is told to.
func Main(dir string) int {
	s, err := Listen(dir)
	if err == ErrRunning {
		for range 100 { // it may not listen yet
			if c, err := Dial(dir); err == nil {
				c.conn.Close()
				fmt.Print(running)
				return 0
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	if err != nil {
		fmt.Println(quote.Error(err))
		return 1
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		for look := time.NewTicker(time.Minute); ; {
			select {
			case <-stop:
			case <-look.C:
				if _, err := os.Lstat(filepath.Join(dir, serverSocket)); err == nil {
					continue
				} // nobody can find it any more
			}
			s.clients.Close() // ends Serve
			return
		}
	}()
	fmt.Print(ready)
	os.Stdout.Close()
	s.Serve()
	s.Close()
	return 1
}

// Ask sends a request, unless it is still being answered, and reads a line.
func (c *Client) Ask(request string) (string, error) {
	line := quote.Line(request)
	if c.asked {
		line = "WRONG"
	}
	c.asked = true
	if _, err := fmt.Fprintln(c.conn, line); err != nil {
		return "", err
	}
	if c.Deadline.After > 0 {
		c.conn.SetReadDeadline(time.Now().Add(c.Deadline.After))
	}
	answer, err := c.in.ReadString('\n')
	if errors.Is(err, os.ErrDeadlineExceeded) {
		// An answer that comes yet must not be taken for another question's.
		c.conn.Close()
		c.asked = false
		fmt.Fprintf(os.Stderr, "systrace: cradle: %v\n", c.Deadline)
		return c.Deadline.Answer, c.dial()
	}
	if err != nil {
		return "", fmt.Errorf("the cradle server is gone: %w", err)
	}
	return answer, nil
}

// Tell sends lines.
func (c *Client) Tell(lines ...string) {
	for _, l := range lines {
		fmt.Fprintln(c.conn, quote.Line(l))
	}
}

// Done ends the dialogue.
func (c *Client) Done() {
	if c.asked { // it was not given up
		fmt.Fprintln(c.conn, "OKAY")
	}
	c.asked = false
}
