package main

import (
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/unveil"
)

// ignoreAlarms lets the runtime's handler take SIGALRM: calls are restarted after it.
func ignoreAlarms() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGALRM)
}

func onViolation([]string) {
	pledge.OnViolation(nil)
	if err := pledge.Promises("stdio"); err != nil {
		say("pledge", err)
		return
	}
	unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	say("socket", nil)
}

// swap truncates by a link again and again, while another thread has it lead to each of
// two files in turn.
func swap(args []string) {
	link, done := args[0], make(chan struct{})
	go func() {
		defer close(done)
		for i := range 600 {
			os.Symlink(args[1+i%2], link+".new")
			os.Rename(link+".new", link)
		}
	}()
	for ended := false; !ended; {
		unix.Truncate(link, 0)
		select {
		case <-done:
			ended = true
		default:
		}
	}
}

// unveiled pledges words with a directory unveiled, and opens and truncates files.
func unveiled(args []string) {
	if err := unveil.Unveil(args[1], "rw"); err != nil {
		say("unveil", err)
		return
	}
	if err := pledge.Promises(args[0]); err != nil {
		say("pledge", err)
		return
	}
	for _, path := range args[2:] {
		say("open "+path, open(path, unix.O_RDONLY))
	}
	say("truncate "+args[2], unix.Truncate(args[2], 0))
}

// bind6 binds an IPv6 socket.
func bind6(args []string) {
	n, _ := strconv.Atoi(args[0])
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_STREAM, 0)
	if err == nil {
		err = unix.Bind(fd, &unix.SockaddrInet6{Port: n, Addr: [16]byte{15: 1}})
	}
	say("bind6", err)
}

// listen listens on a socket that was not bound.
func listen([]string) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err == nil {
		err = unix.Listen(fd, 1)
	}
	say("listen", err)
}
