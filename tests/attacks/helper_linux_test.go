package attacks

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// A performed attack makes the supervisor do more for a program than the program
// may do.
type performed struct {
	name    string
	options string // of pledge, $T the directory
	words   string
	call    string // of testdata/helper.c; $PORT, $UDP, $SOCK
	refused string // what the program says then
}

// free is what the attack says where nothing stops it.
var free = "ok"

// performedAttacks: H2 and others of one kind, performed by name what the filter
// refused, or with rights that the program has not.
var performedAttacks = []performed{
	{"connecting inside a send, past the port rules", "--tcp-connect 1", "stdio inet", "fastopen $PORT sendmsg", "Operation not permitted"},
	{"by sendmmsg", "--tcp-connect 1", "stdio inet", "fastopen $PORT sendmmsg", "Operation not permitted"},
	{"by sendto", "--tcp-connect 1", "stdio inet", "fastopen $PORT sendto", "Operation not permitted"},
	{"with ports to bind only", "--tcp-bind 1", "stdio inet", "fastopen $PORT sendmsg", "Operation not permitted"},
	{"dns past the port rules", "--tcp-connect 9", "stdio dns", "tcp $PORT", "Operation not permitted"},
	{"UDP to any port under dns, as AF_UNSPEC", "", "stdio dns", "udp $UDP 0 sendto", "Operation not permitted"},
	{"in a message", "", "stdio dns", "udp $UDP 0 sendmsg", "Operation not permitted"},
	{"dns and unix are no inet", "", "stdio dns unix", "tcp $PORT", "Operation not permitted"},
	{"nor UDP", "", "stdio dns unix", "udp $UDP 2 sendmsg", "Operation not permitted"},
	{"nor a server", "", "stdio dns unix", "serve", "Operation not permitted"},
	{"a server without a port of its own", "--tcp-bind 18090", "stdio inet", "serve", "Operation not permitted"},
	{"that is still told the port of a connection", "--tcp-bind 18090 --tcp-connect $PORT", "stdio inet", "stale $PORT", "Operation not permitted"},
	{"a name for one end of a pair, by inet", "", "stdio inet", "pair $T/made", "Operation not permitted"},
	{"by dns", "", "stdio dns", "pair $T/made", "Operation not permitted"},
	{"by route", "", "stdio route", "pair $T/made", "Operation not permitted"},
	{"a socket outside of unveil", "-u r:$T/in", "stdio rpath unix", "local $SOCK connect", "Permission denied"},
	{"by sendmsg", "-u r:$T/in", "stdio rpath unix", "local $SOCK sendmsg", "Permission denied"},
	{"in strict mode", "--strict-unveil -u r:$T/in", "stdio rpath unix", "local $SOCK connect", "No such file or directory"},
	{"an abstract socket outside of the scope", "-u r:$T/in", "stdio rpath unix", "local $ABS abstract", "Operation not permitted"},
}

// What a supervisor performs is no more than the rules hand over for judging,
// and no more than the program could do itself.
func TestPerformed(t *testing.T) {
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, a := range performedAttacks {
			t.Run(a.name, func(t *testing.T) {
				w := newStage(t, uid)
				alone := w.run(t, append([]string{bin}, w.words(a.call)...)...)
				if !strings.Contains(alone.Stdout, ": "+free) {
					t.Fatalf("unconfined the attack fails: it proves nothing: %+v", alone)
				}
				os.Remove(filepath.Join(w.dir, "made"))
				argv := append([]string{pledge}, w.words(a.options)...)
				argv = append(append(argv, a.words, "--", bin), w.words(a.call)...)
				if r := w.run(t, argv...); !strings.Contains(r.Stdout, a.refused) {
					t.Errorf("%q: %+v", argv, r)
				}
			})
		}
	})
}

// A stage has servers that nobody confined should reach.
type stage struct {
	dir      string
	uid      int
	replaces *strings.Replacer
}

func newStage(t *testing.T, uid int) *stage {
	dir := testbed.Dir(t, uid)
	testbed.Write(t, uid, filepath.Join(dir, "in/f"), "hello\n", 0o644)
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	udp, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sock := filepath.Join(dir, "sock")
	local, err := net.ListenPacket("unixgram", sock)
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(sock, 0o777)
	name := "pledge-test-" + strconv.Itoa(os.Getpid()) + filepath.Base(dir)
	abstract, err := net.ListenPacket("unixgram", "@"+name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tcp.Close(); udp.Close(); local.Close(); abstract.Close() })
	port := func(a net.Addr) string { _, p, _ := net.SplitHostPort(a.String()); return p }
	return &stage{dir, uid, strings.NewReplacer("$T", dir, "$PORT", port(tcp.Addr()), "$UDP", port(udp.LocalAddr()), "$SOCK", sock, "$ABS", name)}
}

func (w *stage) words(s string) []string { return strings.Fields(w.replaces.Replace(s)) }

func (w *stage) run(t *testing.T, argv ...string) testbed.Result {
	t.Helper()
	return testbed.Run(t, w.uid, w.dir, nil, "", argv...)
}

// Nothing is sent or received for a program that was promised neither.
func TestUnpromisedMessages(t *testing.T) {
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		if status := speak(t, uid, bin, "speak"); status != 0 {
			t.Fatalf("unconfined: status %d", status)
		}
		for _, words := range []string{"", "rpath", "unix", "rpath wpath cpath sendfd recvfd unix inet dns"} {
			if status := speak(t, uid, pledge, words, "--", bin, "speak"); status == 0 {
				t.Errorf("promises %q: messages were sent and received", words)
			}
		}
		if status := speak(t, uid, pledge, "stdio", "--", bin, "speak"); status != 0 {
			t.Errorf("stdio: status %d", status)
		}
	})
}

// speak runs a command whose standard input is a socket that has a message.
func speak(t *testing.T, uid int, argv ...string) int {
	t.Helper()
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	defer ours.Close()
	defer theirs.Close()
	ours.WriteString("input")
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdin, cmd.Dir = theirs, "/"
	if uid != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	cmd.Run()
	return cmd.ProcessState.ExitCode()
}

// As root a supervisor has no capability that the program has not.
func TestSupervisorsCapabilities(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("missing: root, which has capabilities")
	}
	testbed.Need(t, "unshare")
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	dir := testbed.Dir(t, 0)
	for _, how := range []string{"sendto", "sendmsg"} {
		for _, words := range []string{"stdio dns", "stdio inet unix", "stdio route unix", "stdio route"} {
			r := testbed.Run(t, 0, dir, nil, "", "unshare", "-n", pledge, words, "--", bin, "mtu", how)
			if r.Status == 0 || strings.Contains(r.Stdout, "mtu: ok") {
				t.Errorf("%q by %s: an interface was changed: %+v", words, how, r)
			}
		}
		if r := testbed.Run(t, 0, dir, nil, "", "unshare", "-n", bin, "mtu", how); !strings.Contains(r.Stdout, "mtu: ok") {
			t.Fatalf("unconfined the attack fails: it proves nothing: %+v", r)
		}
	}
	for _, options := range [][]string{{"stdio tmppath"}, {"stdio id tmppath"}} {
		argv := append([]string{pledge}, options...)
		if r := testbed.Run(t, 0, dir, nil, "", append(argv, "--", bin, "temp", others(t))...); strings.Contains(r.Stdout, "open: ok") {
			t.Errorf("%q: another user's file was opened: %+v", options, r)
		}
	}
}

// others is a file in /tmp that belongs to an ordinary user.
func others(t *testing.T) string {
	t.Helper()
	f, err := os.CreateTemp("/tmp", "pledge-others")
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
	os.Chown(f.Name(), testbed.Ordinary, testbed.Ordinary)
	os.Chmod(f.Name(), 0o600)
	t.Cleanup(func() { os.Remove(f.Name()) })
	return f.Name()
}

// What is performed for a program that has given up root is performed without
// it.
func TestDropped(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("missing: root, which can be given up")
	}
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	dir := testbed.Dir(t, testbed.Ordinary)
	roots, err := os.CreateTemp("/tmp", "pledge-roots")
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(roots.Name())
	roots.Close()
	r := testbed.Run(t, 0, dir, nil, "", pledge, "stdio id tmppath", "--", bin, "drop", "temp", roots.Name())
	if !strings.Contains(r.Stdout, "open: Permission denied") || strings.Contains(r.Stdout, "unlink: ok") {
		t.Errorf("root's file: %+v", r)
	}
	if r := testbed.Run(t, 0, dir, nil, "", pledge, "stdio id tmppath", "--", bin, "drop", "temp", others(t)); !strings.Contains(r.Stdout, "open: ok\nunlink: ok") {
		t.Errorf("the user's own file: %+v", r)
	}
	// A peer that asks who is there is told who is there.
	sock := filepath.Join(dir, "cred")
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_DGRAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := syscall.Bind(fd, &syscall.SockaddrUnix{Name: sock}); err != nil {
		t.Fatal(err)
	}
	os.Chmod(sock, 0o777)
	syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_PASSCRED, 1)
	if r := testbed.Run(t, 0, dir, nil, "", pledge, "stdio unix id", "--", bin, "drop", "local", sock, "sendmsg"); !strings.Contains(r.Stdout, "sendmsg: ok") {
		t.Fatalf("sendmsg: %+v", r)
	}
	oob := make([]byte, 256)
	_, n, _, _, err := syscall.Recvmsg(fd, make([]byte, 8), oob, syscall.MSG_DONTWAIT)
	if err != nil {
		t.Fatal(err)
	}
	list, err := syscall.ParseSocketControlMessage(oob[:n])
	if err != nil || len(list) != 1 {
		t.Fatalf("no credentials: %v %v", list, err)
	}
	if cred, err := syscall.ParseUnixCredentials(&list[0]); err != nil || cred.Uid != testbed.Ordinary || cred.Gid != testbed.Ordinary {
		t.Errorf("the peer is told %+v, %v", cred, err)
	}
}

// A FIFO in /tmp, or a page that never comes, holds the program that asked for
// it, and nobody else: others are served, signals arrive, the launcher ends.
func TestNobodyWaits(t *testing.T) {
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		fifo := filepath.Join("/tmp", filepath.Base(dir)+".fifo")
		if err := syscall.Mkfifo(fifo, 0o666); err != nil {
			t.Fatal(err)
		}
		defer os.Remove(fifo)
		os.Chmod(fifo, 0o666)
		ends(t, uid, dir, syscall.SIGTERM, pledge, "stdio tmppath", "--", bin, "fifo", fifo)
		r := testbed.Run(t, uid, dir, nil, "", pledge, "stdio proc", "--", bin, "blocked", "300")
		if r.Status != 0 {
			t.Errorf("300 waiting receivers: %+v", r)
		}
	})
	if os.Getuid() != 0 {
		return // a file system for the other user takes root
	}
	for _, call := range []string{"mkdir", "send"} {
		for i, options := range [][]string{{"stdio rpath"}, {"--kill", "stdio rpath"}, {"--strict-unveil", "-u", "r:/", "stdio rpath"}} {
			// Anew for each: the page stays locked by who waits for it.
			argv := append(append([]string{pledge}, options...), "--", bin, "page", mountSlow(t), call)
			ends(t, 0, "/", []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL, syscall.SIGINT}[i], argv...)
		}
	}
}

// ends starts a command that may wait for ever, sends a signal, and checks that
// this ends it.
func ends(t *testing.T, uid int, dir string, sig syscall.Signal, argv ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	if uid != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case <-done: // it was refused at once
		return
	case <-time.After(2 * time.Second): // it waits, or is slow: both are to end
	}
	cmd.Process.Signal(sig)
	select {
	case <-done:
	case <-ctx.Done():
		t.Errorf("%q goes on after %v", argv, sig)
	}
}

// mountSlow mounts a file system whose page comes after many minutes, and
// returns a file of it.
func mountSlow(t *testing.T) string {
	t.Helper()
	testbed.Need(t, "gcc", "fusermount3")
	dir := testbed.Dir(t, 0)
	program, mounted := filepath.Join(dir, "slowfs"), filepath.Join(dir, "slow")
	if err := os.Mkdir(mounted, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("gcc", "-O1", "-D_FILE_OFFSET_BITS=64", "-o", program, "systrace/testdata/slowfs.c", "-lfuse3").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	server := exec.Command(program, "-f", "-o", "allow_other", mounted)
	server.Env = append(os.Environ(), "SLOW=900000000")
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		server.Process.Kill() // ends what waits
		server.Wait()
		exec.Command("fusermount3", "-u", "-z", mounted).Run()
	})
	page := filepath.Join(mounted, "page")
	for range 100 {
		if _, err := os.Stat(page); err == nil {
			return page
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the file system does not come up")
	return ""
}

// What a supervisor writes for a program goes only where the program itself may
// write: never over code.
func TestNoCodeWritten(t *testing.T) {
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		if r := testbed.Run(t, uid, dir, nil, "", pledge, "stdio", "--", bin, "code"); !strings.Contains(r.Stdout, "recvmsg: Bad address") {
			t.Errorf("a message over code: %+v", r)
		}
	})
}

// A program that hides its memory is judged and served like any other.
func TestUndumpable(t *testing.T) {
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		r := testbed.Run(t, uid, dir, nil, "", pledge, "stdio", "--", bin, "dumpable")
		if !strings.Contains(r.Stderr, `openat("/etc/shadow"`) || !strings.Contains(r.Stderr, `"/root/.ssh"`) {
			t.Errorf("the report: %+v", r)
		}
		if r := testbed.Run(t, uid, dir, nil, "", pledge, "--kill", "stdio", "--", bin, "dumpable"); r.Status != 134 || strings.Contains(r.Stdout, "still here") {
			t.Errorf("--kill: %+v", r)
		}
	})
}

// A signal ends a wait for a message, as in the kernel.
func TestInterruptedMessage(t *testing.T) {
	pledge, bin := testbed.Pledge(t), buildC(t, "helper.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		want := testbed.Run(t, uid, dir, nil, "", bin, "interrupted")
		if got := testbed.Run(t, uid, dir, nil, "", pledge, "stdio", "--", bin, "interrupted"); got.Stdout != want.Stdout {
			t.Errorf("%+v, want %+v", got, want)
		}
	})
}
