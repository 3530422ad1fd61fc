package testbed

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A Terminal is a program on a pseudo-terminal of its own, its controlling one.
type Terminal struct {
	t      testing.TB
	master *os.File
	cmd    *exec.Cmd

	mu  sync.Mutex
	out strings.Builder
	end chan struct{}
}

// OpenTerminal starts argv on a new terminal of 24 by 80.
func OpenTerminal(t testing.TB, uid int, dir string, env []string, argv ...string) *Terminal {
	t.Helper()
	m, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	unix.IoctlSetPointerInt(m, unix.TIOCSPTLCK, 0)
	n, err := unix.IoctlGetInt(m, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	unix.IoctlSetWinsize(m, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80})
	name := fmt.Sprintf("/dev/pts/%d", n)
	os.Chown(name, uid, -1)
	slave, err := os.OpenFile(name, os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	x := &Terminal{t: t, master: os.NewFile(uintptr(m), "ptmx"), end: make(chan struct{})}
	x.cmd = exec.Command(argv[0], argv[1:]...)
	x.cmd.Dir = dir
	x.cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TERM=xterm", "TMPDIR=" + dir, "LANG=C"}, env...)
	x.cmd.Stdin, x.cmd.Stdout, x.cmd.Stderr = slave, slave, slave
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if uid != os.Getuid() {
		x.cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}
	}
	if err := x.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go x.read()
	t.Cleanup(func() { x.cmd.Process.Kill(); x.cmd.Wait(); x.master.Close() })
	return x
}

func (x *Terminal) read() {
	defer close(x.end)
	b := make([]byte, 4096)
	for {
		n, err := x.master.Read(b)
		x.mu.Lock()
		x.out.Write(b[:n])
		x.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Type writes to the terminal.
func (x *Terminal) Type(s string) {
	x.t.Helper()
	if _, err := x.master.WriteString(s); err != nil {
		x.t.Fatalf("type %q: %v", s, err)
	}
}

// Resize changes the terminal's size, which signals its foreground.
func (x *Terminal) Resize(rows, cols uint16) {
	unix.IoctlSetWinsize(int(x.master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: rows, Col: cols})
}

// Seen is everything that was printed.
func (x *Terminal) Seen() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.out.String()
}

// Expect waits until text has been printed after the first skip bytes, and
// returns where it ends.
func (x *Terminal) Expect(text string, skip int) int {
	x.t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for time.Now().Before(deadline) {
		if s := x.Seen(); len(s) >= skip {
			if i := strings.Index(s[skip:], text); i >= 0 {
				return skip + i + len(text)
			}
		}
		time.Sleep(10 * time.Millisecond)
	}
	x.t.Fatalf("%q did not appear; the terminal has:\n%q", text, x.Seen()[min(skip, len(x.Seen())):])
	return 0
}

// Wait waits for the program's end and returns its status as a shell would.
func (x *Terminal) Wait() int {
	x.t.Helper()
	done := make(chan struct{})
	go func() { x.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(15 * time.Second):
		x.t.Fatalf("the program did not end; the terminal has:\n%q", x.Seen())
	}
	ws := x.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return ws.ExitStatus()
}

// Process is the program on the terminal.
func (x *Terminal) Process() *os.Process { return x.cmd.Process }
