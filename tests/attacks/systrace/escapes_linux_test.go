package systrace

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/tests/internal/bypath"
)

// escape is one way out of a policy.
type escape struct {
	name, args string
	// without are calls that get no rule, and rules those that come first.
	without []string
	rules   []string
	options []string // of systrace; "-a" if there are none
	root    bool     // only for a supervisor that is root
	want    int
}

// dropped runs the program as nobody under a supervisor that is root.
var dropped = []string{"-a", "-c", "nobody:nogroup"}

var escapes = []escape{
	{name: "user namespace by clone", args: "users clone DIR/secret", rules: []string{"unshare: deny[eperm]"}, without: []string{"unshare"}, options: dropped, root: true},
	{name: "user namespace by clone, permitted", args: "users clone DIR/secret", options: dropped, root: true},
	{name: "user and mount namespace", args: "users mounts DIR/secret", options: dropped, root: true},
	{name: "user namespace by unshare", args: "users unshare DIR/secret", options: dropped, root: true},
	{name: "user namespace by clone3", args: "users clone3 DIR/secret", without: []string{"unshare"}, options: dropped, root: true},
	{name: "flags of openat2", args: "flags DIR/good", without: []string{"fswrite", "open", "openat", "openat2", "creat"}},
	{name: "memory of the supervisor", args: "proc DIR"},
	{name: "memory of the supervisor, dropped", args: "proc DIR", options: dropped, root: true},
	{name: "listener", args: "listener"},
	{name: "control messages", args: "control DIR/good"},
	{name: "O_PATH with writing", args: "opath DIR/log", without: []string{"fsread", "open", "openat", "openat2", "creat"}, rules: []string{`fswrite: filename match "DIR/*" then permit`}},
	{name: "names of sockets", args: "names DIR/own DIR/forbidden", without: []string{"connect", "sendmsg", "sendmmsg"},
		rules: []string{`connect: sockaddr eq "inet-[127.0.0.1]:80" then permit`, `connect: sockaddr eq "family(0)" then permit`, `sendmsg: sockaddr eq "<unknown>" then permit`, `sendmsg: sockaddr eq "error" then permit`}},
	{name: "no family", args: "nofamily PORT", without: []string{"sendto"}, rules: []string{`sendto: sockaddr match "inet-?127.0.0.1?:PORT" then deny[eperm]`, "sendto: true then permit"}},
	{name: "Landlock", args: "landlock DIR/good DIR/own/made"},
	{name: "chroot while learning", args: "jail DIR/jail DIR/open-secret /made-in-jail", rules: []string{`fsread: filename eq "/never" then deny[eperm]`, `fswrite: filename eq "/never" then deny[eperm]`, "chroot: permit", "chdir: permit"},
		without: []string{"fsread", "fswrite", "open", "openat", "openat2", "creat"}, options: []string{"-A"}, root: true},
	{name: "others go on", args: "waits DIR/pipe DIR/good"},
	{name: "as root by a link", args: "reads DIR/own/link", rules: []string{`fsread: filename match "DIR/own/*" then permit as root`}, without: []string{"fsread", "open", "openat", "openat2", "creat"}, options: dropped, root: true},
	{name: "as root by a socket's link", args: "dial DIR/own/private", rules: []string{`connect: sockaddr match "DIR/own/*" then permit as root`}, without: []string{"connect"}, options: dropped, root: true},
	{name: "as root by a descriptor", args: "reads /dev/fd/0", rules: []string{`fsread: filename match "/dev/*" then permit as root`}, without: []string{"fsread", "open", "openat", "openat2", "creat"}, options: dropped, root: true},
	{name: "directories that may not be searched", args: "reads DIR/closed/below/file", options: dropped, root: true},
}

// TestEscapes: each attack ran to its end against systrace as it was before it
// was written. $ATTACK_SUPERVISOR is another systrace to try them on.
func TestEscapes(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "gcc")
	b := newEscapes(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, a := range escapes {
			if a.root && uid != 0 {
				continue
			}
			for _, emulation := range []string{"linux64", "native"} {
				if emulation == "native" && (len(a.rules) > 0 || len(a.without) > 0) && !strings.HasPrefix(a.name, "as root") {
					continue // their rules are in the words of linux64
				}
				t.Run(a.name+" "+emulation, func(t *testing.T) { b.attack(t, a, emulation, uid) })
			}
		}
	})
}

type ways struct{ supervisor, program string }

func newEscapes(t *testing.T) *ways {
	dir := testbed.Dir(t, 0)
	os.Chmod(dir, 0o755)
	b := &ways{supervisor: os.Getenv("ATTACK_SUPERVISOR"), program: filepath.Join(dir, "escapes")}
	if b.supervisor == "" {
		b.supervisor = testbed.Systrace(t)
	}
	must(t, exec.Command("gcc", "-O1", "-static", "-pthread", "-o", b.program, "testdata/escapes.c"))
	return b
}

// ground makes what is attacked.
func (b *ways) ground(t *testing.T, uid int) (dir string, port int) {
	dir = testbed.Dir(t, 0)
	os.Chmod(dir, 0o755)
	for name, mode := range map[string]os.FileMode{"good": 0o644, "log": 0o644, "secret": 0o600, "open-secret": 0o644, "closed/below/file": 0o644} {
		testbed.Write(t, 0, filepath.Join(dir, name), "SECRET", mode)
	}
	testbed.Write(t, uid, filepath.Join(dir, "own/x"), "own", 0o644)
	os.Chmod(filepath.Join(dir, "own"), 0o777)
	os.Chmod(filepath.Join(dir, "closed"), 0o700)
	os.Mkdir(filepath.Join(dir, "jail"), 0o755)
	os.Symlink("../secret", filepath.Join(dir, "own/link"))
	unix.Mkfifo(filepath.Join(dir, "pipe"), 0o666)
	os.Chmod(filepath.Join(dir, "pipe"), 0o666)
	for name, mode := range map[string]os.FileMode{"forbidden": 0o777, "private": 0o600} {
		c, err := net.ListenPacket("unixgram", filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		os.Chmod(filepath.Join(dir, name), mode)
	}
	os.Symlink("../private", filepath.Join(dir, "own/private"))
	c, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return dir, c.LocalAddr().(*net.UDPAddr).Port
}

func (b *ways) attack(t *testing.T, a escape, emulation string, uid int) {
	dir, port := b.ground(t, uid)
	fill := strings.NewReplacer("DIR", dir, "PORT", strconv.Itoa(port))
	rules := make([]string, len(a.rules))
	for i, r := range a.rules {
		rules[i] = fill.Replace(r)
	}
	policies := testbed.Dir(t, 0)
	os.Chmod(policies, 0o755)
	testbed.Write(t, 0, policies+"/p", bypath.Policy(b.program, emulation, a.without, rules...), 0o644)
	options := a.options
	if options == nil {
		options = []string{"-a"}
	}
	argv := append(append([]string{b.supervisor}, options...), "-e", "-U", "-f", policies+"/p", b.program)
	status, said := b.run(t, uid, dir, append(argv, strings.Fields(fill.Replace(a.args))...))
	if a.name == "listener" { // its supervisor is dead: it says so itself
		if strings.Contains(said, "a listener of its own") {
			t.Errorf("%s", said)
		}
		return
	}
	if _, err := os.Lstat("/made-in-jail"); err == nil {
		os.Remove("/made-in-jail")
		t.Error("a file was made outside of the jail")
	}
	if status != a.want {
		t.Errorf("status %d, want %d\n%.2000s", status, a.want, said)
	}
}

// run is testbed's, with a file of root's on standard input, in a process group
// that is killed afterwards: a supervisor may die.
func (b *ways) run(t *testing.T, uid int, dir string, argv []string) (status int, said string) {
	t.Helper()
	secret, err := os.Open(filepath.Join(dir, "secret"))
	if err != nil {
		t.Fatal(err)
	}
	defer secret.Close()
	cmd := exec.Command(argv[0], argv[1:]...)
	var out bytes.Buffer
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.Env = dir, secret, &out, &out, []string{"PATH=/usr/bin:/bin", "HOME=" + dir}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if uid != os.Getuid() {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}
	}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stuck := time.AfterFunc(time.Minute, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	defer stuck.Stop()
	cmd.Wait()
	syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	if ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return 128 + int(ws.Signal()), out.String()
	}
	return cmd.ProcessState.ExitCode(), out.String()
}

// TestWhosePolicy: the policy of a program is that of its file as it was when
// systrace started, not one that was planted meanwhile nor of another that is
// called so in a jail.
func TestWhosePolicy(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "gcc")
	b := newEscapes(t)
	binary, err := os.ReadFile(b.program)
	if err != nil {
		t.Fatal(err)
	}
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, what := range []string{"plant", "tool"} {
			if what == "tool" && uid != 0 {
				continue
			}
			t.Run(what, func(t *testing.T) {
				dir := testbed.Dir(t, uid)
				os.Chmod(dir, 0o755)
				policies := testbed.Dir(t, 0)
				os.Chmod(policies, 0o755)
				evil, out := filepath.Join(dir, "evil"), filepath.Join(dir, "out")
				testbed.Write(t, uid, evil, string(binary), 0o755)
				testbed.Write(t, uid, filepath.Join(dir, "jail/tool"), string(binary), 0o755)
				rules := []string{`fswrite: filename match "` + dir + `/home" then permit`, "execve: true then permit", "chroot: permit", "chdir: permit"}
				text := bypath.Policy(b.program, "linux64", []string{"fswrite", "open", "openat", "openat2", "creat", "execve"}, rules...)
				args := []string{"plant", filepath.Join(dir, "home/.systrace", policy.FileName(evil)), evil, out}
				if what == "tool" {
					text += "\nPolicy: /tool, Emulation: linux64\ndetached\n"
					args, out = []string{"tool", filepath.Join(dir, "jail")}, filepath.Join(dir, "jail/out")
				}
				testbed.Write(t, 0, policies+"/p", text, 0o644)
				testbed.Write(t, uid, filepath.Join(dir, "home/x"), "", 0o644)
				argv := append([]string{b.supervisor, "-a", "-e", "-f", policies + "/p", b.program}, args...)
				r := testbed.Run(t, uid, dir, []string{"PATH=/usr/bin:/bin", "HOME=" + filepath.Join(dir, "home")}, "", argv...)
				if _, err := os.Stat(out); err == nil || r.Status != 0 {
					t.Errorf("status %d, written: %v\n%.3000s", r.Status, err == nil, r.Stderr)
				}
			})
		}
	})
}

// TestFamily: a process has the policy of whoever began it, whatever parent or
// program it seems to have; and a script's policy is for that script alone.
func TestFamily(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "gcc")
	b := newEscapes(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, what := range []string{"brother", "orphan", "script"} {
			t.Run(what, func(t *testing.T) {
				dir := testbed.Dir(t, uid)
				os.Chmod(dir, 0o755)
				policies := testbed.Dir(t, 0)
				os.Chmod(policies, 0o755)
				script, evil := filepath.Join(dir, "script"), filepath.Join(dir, "evil")
				narrow := []string{"fswrite", "open", "openat", "openat2", "creat"}
				wide, other := b.program, script
				text := "#!" + b.program + "\n"
				args := []string{"family", script, what, evil}
				if what == "script" {
					text, args = "#!/bin/sh\nexit 0\n", []string{"script", script, "/bin/sh", evil}
				}
				testbed.Write(t, uid, script, text, 0o755)
				first := strings.ReplaceAll(bypath.Policy(wide, "linux64", nil), "permit[inherit]", "permit")
				second := bypath.Policy(other, "linux64", narrow)
				if what == "script" { // the script may write, and whoever starts it may not
					first = strings.ReplaceAll(bypath.Policy(wide, "linux64", append(narrow, "execve"), `execve: filename eq "`+script+`" then permit`), "permit[inherit]", "permit")
					second = bypath.Policy(other, "linux64", nil)
				}
				testbed.Write(t, 0, policies+"/p", first+"\n"+second, 0o644)
				argv := append([]string{b.supervisor, "-a", "-e", "-U", "-f", policies + "/p", b.program}, args...)
				r := testbed.Run(t, uid, dir, []string{"PATH=/usr/bin:/bin"}, "", argv...)
				if _, err := os.Stat(evil); err == nil || r.Status != 0 {
					t.Errorf("status %d, written: %v\n%.3000s", r.Status, err == nil, r.Stderr)
				}
			})
		}
	})
}
