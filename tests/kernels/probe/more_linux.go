package main

import (
	"bytes"
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

// fresh sends from memory that nobody has touched, receives into such memory, and has
// neither where nothing is mapped.
func fresh([]string) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		say("socketpair", err)
		return
	}
	var pages [3][]byte
	for i := range pages {
		if pages[i], err = unix.Mmap(-1, 0, 3*4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS); err != nil {
			say("mmap", err)
			return
		}
	}
	_, err = unix.SendmsgN(fds[0], pages[0], nil, nil, 0)
	say("send", err)
	n, _, _, _, err := unix.Recvmsg(fds[1], pages[1], nil, 0)
	say("receive", err)
	if n != len(pages[1]) || bytes.ContainsFunc(pages[1], func(r rune) bool { return r != 0 }) {
		say("fresh", unix.EBADMSG)
		return
	}
	gone := pages[2]
	unix.Munmap(pages[2])
	_, err = unix.SendmsgN(fds[0], gone, nil, nil, 0)
	say("send gone", err)
	unix.Write(fds[0], []byte("x"))
	_, _, _, _, err = unix.Recvmsg(fds[1], gone, nil, 0)
	say("receive gone", err)
	say("fresh", nil)
}
