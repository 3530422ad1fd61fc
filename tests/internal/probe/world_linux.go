package probe

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// A World is what surrounds the scripts of one user: servers, and the descriptors
// that were open before.
type World struct {
	UID  int
	tcp  net.Listener
	udp  net.PacketConn
	vars *strings.Replacer
}

// NewWorld starts the servers.
func NewWorld(t *testing.T, uid int) *World {
	t.Helper()
	w := &World{UID: uid}
	var err error
	if w.tcp, err = net.Listen("tcp4", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if w.udp, err = net.ListenPacket("udp4", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	abst, err := net.Listen("unix", fmt.Sprintf("@pledge-test-%d-%d", os.Getpid(), uid))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.tcp.Close(); w.udp.Close(); abst.Close() })
	w.vars = strings.NewReplacer("$PORT", strconv.Itoa(w.tcp.Addr().(*net.TCPAddr).Port), "$UDP", strconv.Itoa(w.udp.LocalAddr().(*net.UDPAddr).Port),
		"$ABS", strings.TrimPrefix(abst.Addr().String(), "@"))
	return w
}

// Launch runs argv in dir with the files and says how it ended: what the probe
// printed, "killed", "hang", or the launcher's own error.
func (w *World) Launch(t *testing.T, dir string, files []*os.File, argv []string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + dir, "TMPDIR=" + dir}
	cmd.ExtraFiles = files
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if w.UID != os.Getuid() {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(w.UID), Gid: uint32(w.UID)}
	}
	cmd.Run()
	code := cmd.ProcessState.ExitCode()
	if ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		code = 128 + int(ws.Signal())
	}
	switch {
	case ctx.Err() != nil:
		return "hang"
	case code == 125 || code >= 200:
		return "launcher: " + strings.TrimSpace(stderr.String())
	case code == 134 || code == 159:
		return "killed"
	}
	return cmp.Or(stdout.String(), fmt.Sprintf("exit:%d %s", code, stderr.String()))
}

// Shell runs a script, which must succeed.
func (w *World) Shell(t *testing.T, dir, script string) {
	t.Helper()
	if r := testbed.Run(t, w.UID, dir, nil, "", "sh", "-c", script); r.Status != 0 {
		t.Fatalf("%s: %+v", script, r)
	}
}

// Files opens what the rows call opened before: 3 $T/f, 4 $T/d, 5 a pty, 6 a TCP
// socket, 7 and 8 a pair, 9 a UDP socket, 10 a listener, 11 /, 12 $T/e, 13 a
// socket with a file on its way, 14 one with a directory, 15 a FIFO.
func (w *World) Files(t *testing.T, dir string) []*os.File {
	t.Helper()
	open := func(name string, flags int) int {
		fd, err := unix.Open(name, flags|unix.O_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		return fd
	}
	pair := func(right int) (a, b int) {
		p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		if right >= 0 {
			unix.Sendmsg(p[1], []byte("x"), unix.UnixRights(right), nil, 0)
		}
		return p[0], p[1]
	}
	socket := func(kind int) int {
		fd, err := unix.Socket(unix.AF_INET, kind|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		return fd
	}
	listener := socket(unix.SOCK_STREAM)
	unix.Listen(listener, 1)
	f, d := open(dir+"/f", unix.O_RDWR), open(dir+"/d", unix.O_RDONLY)
	p0, p1 := pair(-1)
	r0, _ := pair(f)
	d0, _ := pair(d)
	unix.Mkfifo(dir+"/fifo", 0o600)
	fds := []int{f, d, ptySlave(t), socket(unix.SOCK_STREAM), p0, p1, socket(unix.SOCK_DGRAM), listener, open("/", unix.O_RDONLY),
		open(dir+"/e", unix.O_RDONLY), r0, d0, open(dir+"/fifo", unix.O_RDWR)}
	var files []*os.File
	for _, fd := range fds {
		files = append(files, os.NewFile(uintptr(fd), "before"))
	}
	return files
}

func ptySlave(t *testing.T) int {
	t.Helper()
	m, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	unix.IoctlSetPointerInt(m, unix.TIOCSPTLCK, 0)
	n, err := unix.IoctlGetInt(m, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	s, err := unix.Open(fmt.Sprintf("/dev/pts/%d", n), unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(m) })
	return s
}

// Dir makes the directory that scripts call $T: files f and g, directories d and
// e with a file f and a directory sub, a link l to f.
func (w *World) Dir(t *testing.T) string {
	t.Helper()
	dir := testbed.Dir(t, w.UID)
	for _, f := range []string{"f", "g", "d/f", "e/f", "d/sub/.keep", "e/sub/.keep"} {
		testbed.Write(t, w.UID, filepath.Join(dir, f), "hello", 0o644)
	}
	os.Symlink("f", filepath.Join(dir, "l"))
	return dir
}

// Expand puts $T, $B (its last component), ports and names in place.
func (w *World) Expand(dir, s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(w.vars.Replace(s), "$T", dir), "$B", filepath.Base(dir))
}
