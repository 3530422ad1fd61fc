// Probe makes one call, or one kind of call, and says what came of it. It is static
// and the same on every kernel; tests/kernels runs it under promises.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/pledge"
)

func init() { runtime.LockOSThread() } // signals come to the first thread

var commands = map[string]func(args []string){
	"hello":       func([]string) { fmt.Println("hello") },
	"open":        func(a []string) { say("open", open(a[0], unix.O_RDONLY)) },
	"socket":      func([]string) { _, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0); say("socket", err) },
	"truncate":    each("truncate", func(path string) error { return unix.Truncate(path, 0) }),
	"emptyread":   each("emptyread", func(path string) error { return open(path, unix.O_RDONLY|unix.O_TRUNC) }),
	"swap":        swap,
	"unveiled":    unveiled,
	"empty":       each("empty", func(path string) error { return open(path, unix.O_WRONLY|unix.O_TRUNC) }),
	"bind":        port("bind", unix.Bind),
	"connect":     port("connect", unix.Connect),
	"bind6":       bind6,
	"fresh":       fresh,
	"fastopen":    port("fastopen", func(fd int, to unix.Sockaddr) error { return unix.Sendto(fd, []byte("x"), unix.MSG_FASTOPEN, to) }),
	"listen":      listen,
	"storm":       storm,
	"opens":       opens,
	"library":     library,
	"command":     command,
	"onviolation": onViolation,
}

func main() { commands[os.Args[1]](os.Args[2:]) }

func say(what string, err error) {
	if err == nil {
		fmt.Println(what + ": ok")
		return
	}
	fmt.Println(what+":", err)
}

func open(path string, flags int) error {
	fd, err := unix.Open(path, flags, 0)
	if err == nil {
		unix.Close(fd)
	}
	return err
}

func each(what string, f func(path string) error) func([]string) {
	return func(paths []string) {
		for _, p := range paths {
			say(what+" "+p, f(p))
		}
	}
}

func port(what string, f func(int, unix.Sockaddr) error) func([]string) {
	return func(args []string) {
		n, _ := strconv.Atoi(args[0])
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
		if err == nil {
			err = f(fd, &unix.SockaddrInet4{Port: n, Addr: [4]byte{127, 0, 0, 1}})
		}
		say(what, err)
	}
}

// storm sends messages while signals come, and counts what arrives.
func storm(args []string) {
	n, _ := strconv.Atoi(args[0])
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM, 0)
	if err != nil {
		say("socketpair", err)
		return
	}
	alarms()
	got := make(chan int)
	go func() {
		b, all := make([]byte, 4096), 0
		for {
			m, _ := unix.Read(fds[1], b)
			all += bytes.Count(b[:max(m, 0)], []byte("x"))
			if bytes.Contains(b[:max(m, 0)], []byte("e")) {
				got <- all
				return
			}
		}
	}()
	for range n {
		for unix.Sendmsg(fds[0], []byte("x"), nil, nil, 0) == unix.EINTR {
		}
	}
	unix.Write(fds[0], []byte("e"))
	fmt.Printf("sent=%d got=%d\n", n, <-got)
}

// alarms has a signal come every 1.5 milliseconds; the calls that it interrupts are
// made again by the kernel.
func alarms() {
	ignoreAlarms()
	every := unix.Itimerval{Interval: unix.Timeval{Usec: 1500}, Value: unix.Timeval{Usec: 1500}}
	unix.Setitimer(unix.ItimerReal, every)
}

func opens(args []string) {
	n, _ := strconv.Atoi(args[1])
	alarms()
	ok := 0
	var last error
	for range n {
		err := unix.EINTR
		for err == unix.EINTR {
			e := open(args[0], unix.O_RDONLY)
			err, _ = e.(unix.Errno)
		}
		if err == 0 {
			ok++
		} else {
			last = err
		}
	}
	if last != nil {
		fmt.Println(last)
	}
	fmt.Printf("ok=%d\n", ok)
}

func library(args []string) {
	if err := pledge.Promises(args[0]); err != nil {
		say("pledge", err)
		return
	}
	say("open", open(args[1], unix.O_RDONLY))
}

func command(args []string) {
	cmd := pledge.Command(args[0], args[1], args[2:]...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		say("command", err)
		if e := (*exec.ExitError)(nil); errors.As(err, &e) {
			os.Exit(e.ExitCode())
		}
	}
}
