//go:build unix

package cradle

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// maxLine is the longest line that is passed on.
const maxLine = 4095

// Server relays between systraces and a front end.
type Server struct {
	dir     string
	lock    *os.File // of the directory, held as long as the server lives
	clients net.Listener
	fronts  net.Listener
	front   chan *peer // the front end, when it is free
	waiting chan *peer // clients with a request, in order
}

// peer is one side of a connection.
type peer struct {
	net.Conn
	in      *bufio.Reader
	request string // a client's that is not answered
}

func newPeer(c net.Conn) *peer { return &peer{Conn: c, in: bufio.NewReaderSize(c, maxLine+1)} }

// line reads a line.
func (p *peer) line() (string, error) {
	b, err := p.in.ReadSlice('\n')
	if err != nil {
		return "", err
	}
	return string(b), nil
}

func (p *peer) send(line string) error {
	_, err := io.WriteString(p, line)
	return err
}

// ErrRunning says that there is a server already.
var ErrRunning = errors.New("a cradle server is running")

// Listen makes the sockets of a server in a directory that was prepared.
func Listen(dir string) (*Server, error) {
	lock, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		lock.Close()
		if err == unix.EWOULDBLOCK {
			return nil, ErrRunning
		}
		return nil, err
	}
	s := &Server{dir: dir, lock: lock, front: make(chan *peer, 1), waiting: make(chan *peer, 1024)}
	// The front end's comes first: who can reach the other one finds both.
	if s.fronts, err = listen(filepath.Join(dir, uiSocket)); err != nil {
		lock.Close()
		return nil, err
	}
	if s.clients, err = listen(filepath.Join(dir, serverSocket)); err != nil {
		s.fronts.Close()
		lock.Close()
		return nil, err
	}
	return s, nil
}

func listen(path string) (net.Listener, error) {
	os.Remove(path) // of a server that is gone
	defer unix.Umask(unix.Umask(0o177))
	return net.Listen("unix", path)
}

// Close removes the sockets and the directory.
func (s *Server) Close() {
	s.clients.Close()
	s.fronts.Close()
	os.Remove(s.dir)
	s.lock.Close()
}

// Serve relays until the server is closed.
func (s *Server) Serve() {
	go s.acceptFronts()
	go func() {
		for p := range s.waiting {
			s.dialogue(p)
		}
	}()
	for {
		c, err := s.clients.Accept()
		if err != nil {
			return
		}
		go s.next(newPeer(c))
	}
}

// acceptFronts takes one front end at a time; others are ignored while it is
// there.
func (s *Server) acceptFronts() {
	for {
		c, err := s.fronts.Accept()
		if err != nil {
			return
		}
		select {
		case s.front <- newPeer(c):
		default:
			c.Close()
		}
	}
}

// next waits for a client's next request.
func (s *Server) next(p *peer) {
	request, err := p.line()
	if err != nil {
		p.Close()
		return
	}
	p.request = request
	s.waiting <- p
}

// dialogue has the front end answer a client's request. A front end that is
// gone before it has answered is replaced by the next one; one that is gone
// after an answer that was wrong has the process killed.
func (s *Server) dialogue(client *peer) {
	for {
		front := <-s.front
		answered, err := relay(client, front)
		switch {
		case err == nil:
			s.front <- front
			go s.next(client)
			return
		case errors.Is(err, errClient):
			// The front end still shows a request of somebody who is gone.
			front.send("OKAY\n")
			s.front <- front
			client.Close()
			return
		}
		front.Close()
		if answered {
			client.send("kill\n")
			finish(client)
			go s.next(client)
			return
		}
	}
}

var errClient = errors.New("the client is gone")

// relay passes one dialogue between the two. answered says that the client has
// had an answer.
func relay(client, front *peer) (answered bool, err error) {
	if err := front.send(client.request); err != nil {
		return false, err
	}
	for {
		answer, err := front.line()
		if err != nil {
			return answered, err
		}
		if client.send(answer) != nil {
			return true, errClient
		}
		answered = true
		for {
			status, err := client.line()
			if err != nil {
				return true, errClient
			}
			if err := front.send(status); err != nil && status != "OKAY\n" {
				return true, err
			}
			switch status {
			case "OKAY\n":
				return true, nil
			case "WRONG\n":
			default:
				continue
			}
			break
		}
	}
}

// finish reads what a client has to say to its last answer.
func finish(client *peer) {
	for {
		if status, err := client.line(); err != nil || status == "OKAY\n" {
			return
		}
	}
}
