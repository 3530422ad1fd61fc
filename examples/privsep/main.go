//go:build linux || openbsd

// Privsep is a daemon in two processes. The parent listens, accepts and hands the
// connections over; it never looks at what comes in. The worker looks at it, and
// can do nothing else: no files, no sockets of its own, no processes.
//
//	privsep localhost:7777
//
// A line that a client sends comes back in upper case.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"log"
	"net"
	"os"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/pledge"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: privsep address")
	}
	if os.Args[1] == "worker" {
		log.Fatal(worker())
	}
	log.Fatal(parent(os.Args[1]))
}

func parent(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	w := pledge.Command("stdio recvfd", self, "worker")
	w.ExtraFiles = []*os.File{os.NewFile(uintptr(pair[1]), "worker's end")} // descriptor 3 there
	w.Stderr = os.Stderr
	if err := w.Start(); err != nil {
		return err
	}
	w.ExtraFiles[0].Close()
	// proc to see the worker end, not exec: it is started already.
	if err := pledge.Promises("stdio inet proc sendfd"); err != nil {
		return err
	}
	fmt.Println("listening at", listener.Addr())
	go func() { log.Fatal("the worker ended: ", w.Wait()) }()
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		if err := hand(pair[0], conn.(*net.TCPConn)); err != nil {
			return err
		}
	}
}

// hand gives a connection to the worker and closes it here.
func hand(worker int, conn *net.TCPConn) error {
	f, err := conn.File()
	if err != nil {
		return err
	}
	defer f.Close()
	defer conn.Close()
	return unix.Sendmsg(worker, []byte{0}, unix.UnixRights(int(f.Fd())), nil, 0)
}

func worker() error {
	for {
		control := make([]byte, unix.CmsgSpace(4))
		var one [1]byte
		n, m, _, _, err := unix.Recvmsg(3, one[:], control, unix.MSG_CMSG_CLOEXEC)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return err
		case n == 0:
			return fmt.Errorf("the parent is gone")
		}
		messages, err := unix.ParseSocketControlMessage(control[:m])
		if err != nil || len(messages) != 1 {
			return fmt.Errorf("not one message: %v", err)
		}
		fds, err := unix.ParseUnixRights(&messages[0])
		if err != nil {
			return err
		}
		for _, fd := range fds {
			go answer(os.NewFile(uintptr(fd), "connection"))
		}
	}
}

func answer(conn *os.File) {
	defer conn.Close()
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		if _, err := conn.Write(append(bytes.ToUpper(lines.Bytes()), '\n')); err != nil {
			return
		}
	}
}
