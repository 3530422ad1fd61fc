package conformance

import (
	"bytes"
	"cmp"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/tests/internal/testbed"
)

var update = flag.Bool("update", false, "write doc/conformance.md")

// outcome is how one row went.
type outcome struct {
	Case
	user, mode, got string
	rank            int // 0: OpenBSD's result; above: a tolerated one; -1: neither
}

// TestConformance runs every row that a launcher can express as root and as an
// ordinary user, with --kill and with the promise error.
func TestConformance(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	static, dynamic := buildProbe(t, "-static"), buildProbe(t)
	var all []outcome
	for _, mode := range []string{"kill", "error"} {
		testbed.Users(t, func(t *testing.T, uid int) {
			w := newWorld(t, uid)
			for _, c := range Cases() {
				if c.Script == "" || !c.forUser(uid) {
					continue
				}
				o := outcome{Case: c, user: strconv.Itoa(uid), mode: mode}
				probe := static
				if c.nss() {
					probe = dynamic // a static program loads its name service by itself
				}
				o.got = w.run(t, pledge, probe, c, mode)
				o.rank = rank(c, mode, o.got)
				if o.rank < 0 {
					t.Errorf("%s %q %s: %s: %s, want %s", c.ID, c.Promises, mode, c.Script, o.got, c.Expected)
				}
				all = append(all, o)
			}
		})
	}
	report(t, all)
}

func (c *Case) forUser(uid int) bool {
	return !(strings.Contains(c.Action, "as root") && uid != 0 || strings.Contains(c.Action, "non-root") && uid == 0)
}

func (c *Case) nss() bool {
	return strings.Contains(c.Script, "_getpwuid") || strings.Contains(c.Script, "_getaddrinfo")
}

// rank compares with the alternatives. Under error a kill is ENOSYS.
func rank(c Case, mode, got string) int {
	for i, want := range strings.Split(c.Expected, "|") {
		if mode == "error" && !strings.Contains(c.Script, "_int80") && (want == "killed" || want == "exit:134") {
			want = "ENOSYS"
		}
		if want == got || want == "allowed" && got == "exit:0" || want == "exit:0" && got == "allowed" ||
			want == "killed" && got == "exit:134" || want == "exit:134" && got == "killed" || sameMode(want, got) {
			return i
		}
	}
	return -1
}

func sameMode(want, got string) bool {
	w, ok1 := strings.CutPrefix(want, "mode:")
	g, ok2 := strings.CutPrefix(got, "mode:")
	return ok1 && ok2 && strings.TrimLeft(w, "0") == strings.TrimLeft(g, "0")
}

func buildProbe(t *testing.T, flags ...string) string {
	t.Helper()
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	var calls, consts bytes.Buffer
	for _, c := range abi.ByName(goarch).Calls() {
		fmt.Fprintf(&calls, "{%q, %d},\n", c.Name, c.Number)
	}
	names, err := os.ReadFile("probe/constants.txt")
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.FieldsSeq(string(names)) {
		fmt.Fprintf(&consts, "{%q, %s},\n", name, name)
	}
	os.WriteFile(filepath.Join(dir, "calls.inc"), calls.Bytes(), 0o644)
	os.WriteFile(filepath.Join(dir, "constants.inc"), consts.Bytes(), 0o644)
	probe := filepath.Join(dir, "probe")
	if out, err := exec.Command("gcc", append(flags, "-O1", "-w", "-pthread", "-I", dir, "-I", "probe", "-o", probe, "probe/probe.c")...).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	return probe
}

// A world is what surrounds the rows of one user: servers, and the descriptors
// that were open before.
type world struct {
	uid       int
	tcp       net.Listener
	udp, abst net.PacketConn
	vars      *strings.Replacer
}

func newWorld(t *testing.T, uid int) *world {
	t.Helper()
	w := &world{uid: uid}
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

func (w *world) run(t *testing.T, pledge, probe string, c Case, mode string) string {
	t.Helper()
	dir := testbed.Dir(t, w.uid)
	defer os.RemoveAll(dir)
	for _, f := range []string{"f", "g", "d/f", "e/f", "d/sub/.keep", "e/sub/.keep"} {
		testbed.Write(t, w.uid, filepath.Join(dir, f), "hello", 0o644)
	}
	os.Symlink("f", filepath.Join(dir, "l"))
	subst := func(s string) string {
		return strings.ReplaceAll(strings.ReplaceAll(w.vars.Replace(s), "$T", dir), "$B", filepath.Base(dir))
	}
	if c.Setup != "" {
		w.shell(t, dir, subst(c.Setup))
	}
	files := w.files(t, dir)
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	var argv []string
	words, pledged := c.promiseArgs()
	if mode == "kill" {
		argv = append(argv, "--kill")
	} else if pledged {
		words += " error"
	}
	for i := range files {
		argv = append(argv, "--keep-fd", strconv.Itoa(3+i))
	}
	if strings.Contains(c.Action, "as root") {
		argv = append(argv, "--keep-caps")
	}
	for _, u := range c.unveilArgs() {
		argv = append(argv, "--unveil-optional", subst(u))
	}
	if slices.Contains(c.Flags, "--unveil-create") {
		for i := range argv {
			argv[i] = strings.Replace(argv[i], "--unveil-optional", "--unveil", 1)
		}
	}
	if c.Unveil != "-" {
		argv = append(argv, "--strict-unveil")
	}
	argv = append(argv, c.Flags...)
	if pledged {
		argv = append(argv, strings.TrimSpace(words))
	}
	argv = append(append(argv, "--"), probe, subst(c.Script))
	return w.launch(t, pledge, dir, files, argv)
}

func (w *world) launch(t *testing.T, pledge, dir string, files []*os.File, argv []string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, pledge, argv...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + dir, "TMPDIR=" + dir}
	cmd.ExtraFiles = files
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if w.uid != os.Getuid() {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(w.uid), Gid: uint32(w.uid)}
	}
	cmd.Run()
	code := cmd.ProcessState.ExitCode()
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

func (w *world) shell(t *testing.T, dir, script string) {
	t.Helper()
	if r := testbed.Run(t, w.uid, dir, nil, "", "sh", "-c", script); r.Status != 0 {
		t.Fatalf("%s: %+v", script, r)
	}
}

// files opens what the rows call opened before: 3 $T/f, 4 $T/d, 5 a pty, 6 a TCP
// socket, 7 and 8 a pair, 9 a UDP socket, 10 a listener, 11 /, 12 $T/e, 13 a
// socket with a file on its way, 14 one with a directory, 15 a FIFO.
func (w *world) files(t *testing.T, dir string) []*os.File {
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
