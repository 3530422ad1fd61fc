// Sequence makes the calls of its arguments one after the other, and after each
// prints what the call returned and what the process may do then: a line of the
// names of the probes that succeed, after "error" or "nil". With SEQUENCE_PROBES=0
// it tries nothing, so that violations may kill.
package main

import (
	"fmt"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/unveil"
)

// Where the files are, and another process of this user.
var (
	dir      = os.Getenv("SEQUENCE_DIR")
	other, _ = strconv.Atoi(os.Getenv("SEQUENCE_PID"))
)

func main() {
	fmt.Println("nil", probes(0))
	for n, arg := range os.Args[1:] {
		word := "nil"
		if err := perform(arg); err != nil {
			word = "error"
			fmt.Fprintln(os.Stderr, arg+":", err)
		}
		fmt.Println(word, probes(n+1))
	}
}

// perform makes one call: pledge:WORDS, best:WORDS (with BestEffort), kill:WORDS
// (without Deny), both:WORDS (promises that kill, and execpromises), exec:WORDS,
// unveil:PERMS:PATH, block.
func perform(arg string) error {
	op, rest, _ := strings.Cut(arg, ":")
	switch op {
	case "pledge":
		return pledge.Promises(rest, pledge.Deny)
	case "best":
		return pledge.Promises(rest, pledge.Deny, pledge.BestEffort)
	case "kill":
		return pledge.Promises(rest)
	case "both":
		return pledge.Pledge(rest, rest)
	case "exec":
		return pledge.ExecPromises(rest, pledge.Deny)
	case "unveil":
		perms, path, _ := strings.Cut(rest, ":")
		return unveil.Unveil(dir+path, perms)
	}
	return unveil.Block()
}

// A try is one probe. It must not change what later ones see.
type try struct {
	name string
	do   func(n int) error
}

func open(flags int, path string) func(int) error {
	return func(int) error {
		fd, err := unix.Open(path, flags|unix.O_CLOEXEC, 0)
		if err == nil {
			unix.Close(fd)
		}
		return err
	}
}

func connect(port uint16) func(int) error {
	return func(int) error {
		fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		defer unix.Close(fd)
		err = unix.Connect(fd, &unix.SockaddrInet4{Port: int(port), Addr: netip.MustParseAddr("127.0.0.1").As4()})
		if err == unix.ECONNREFUSED {
			return nil
		}
		return err
	}
}

func bind(int) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Bind(fd, &unix.SockaddrInet4{Addr: netip.MustParseAddr("127.0.0.1").As4()})
}

func create(n int) error {
	path := fmt.Sprintf("%s/a/new%d", dir, n)
	fd, err := unix.Open(path, unix.O_CREAT|unix.O_EXCL|unix.O_WRONLY|unix.O_CLOEXEC, 0o600)
	if err == nil {
		unix.Close(fd)
		unix.Unlink(path)
	}
	return err
}

// move moves a file between directories and back.
func move(int) error {
	from, to := dir+"/a/moves", dir+"/a/sub/moves"
	if err := unix.Rename(from, to); err != nil {
		return err
	}
	return unix.Rename(to, from)
}

func local(int) error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		unix.Close(fd)
	}
	return err
}

var tries = []try{
	{"read-a", open(unix.O_RDONLY, dir+"/a/f")}, {"read-b", open(unix.O_RDONLY, dir+"/b/f")},
	{"write-a", open(unix.O_WRONLY, dir+"/a/f")}, {"write-b", open(unix.O_WRONLY, dir+"/b/f")},
	{"truncate-b", func(int) error { return unix.Truncate(dir+"/b/f", 0) }},
	{"create-a", create}, {"move-a", move},
	{"null", open(unix.O_RDWR, "/dev/null")}, {"hosts", open(unix.O_RDONLY, "/etc/hosts")}, {"passwd", open(unix.O_RDONLY, "/etc/passwd")},
	{"connect", connect(1)}, {"connect-53", connect(53)}, {"bind", bind}, {"unix", local},
	{"signal", func(int) error { return unix.Kill(other, 0) }},
	{"memory", open(unix.O_RDWR, fmt.Sprintf("/proc/%d/mem", other))},
}

func probes(n int) string {
	var list []string
	if os.Getenv("SEQUENCE_PROBES") == "0" {
		return ""
	}
	for _, t := range tries {
		if t.do(n) == nil {
			list = append(list, t.name)
		}
	}
	return strings.Join(list, " ")
}
