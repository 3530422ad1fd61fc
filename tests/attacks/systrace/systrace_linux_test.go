// Package systrace has the attacks that broke system-call wrappers, made on the
// systrace of this project.
package systrace

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// bench is a directory with something that may be reached and something that
// may not, and a policy that says so.
type bench struct {
	dir, attack string
	supervisor  map[bool]string // by whether it is the naive build
}

func build(t *testing.T) *bench {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "gcc")
	b := &bench{dir: testbed.Dir(t, 0), supervisor: map[bool]string{}}
	os.Chmod(b.dir, 0o755)
	b.attack = filepath.Join(b.dir, "attack")
	must(t, exec.Command("gcc", "-O1", "-static", "-pthread", "-o", b.attack, "testdata/attack.c"))
	for _, naive := range []bool{false, true} {
		out := filepath.Join(b.dir, fmt.Sprintf("systrace-%v", naive))
		args := []string{"build", "-o", out}
		if naive {
			args = append(args, "-tags", "naive")
		}
		cmd := exec.Command("go", append(args, "../../../cmd/systrace")...)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		must(t, cmd)
		b.supervisor[naive] = out
	}
	return b
}

func must(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

// ground makes the files of one attack, as a user.
func (b *bench) ground(t *testing.T, uid int) string {
	dir := testbed.Dir(t, uid)
	testbed.Write(t, uid, filepath.Join(dir, "good"), "ok", 0o644)
	testbed.Write(t, uid, filepath.Join(dir, "evil"), "SECRET!", 0o644)
	testbed.Write(t, uid, filepath.Join(dir, "prog"), "", 0o755)
	testbed.Write(t, uid, filepath.Join(dir, "real/file"), "ok", 0o644)
	testbed.Write(t, uid, filepath.Join(dir, "hell/file"), "SECRET!", 0o644)
	testbed.Write(t, uid, filepath.Join(dir, "script"), "#!"+filepath.Join(dir, "tell")+"\n", 0o755)
	for name, status := range map[string]string{"runs": "0", "bans": "42", "tell": "n > 2 && v[2][0] == 'e' ? 42 : 0"} {
		src := filepath.Join(b.dir, name+".c")
		if err := os.WriteFile(src, fmt.Appendf(nil, "int main(int n, char **v) { return %s; }\n", status), 0o644); err != nil {
			t.Fatal(err)
		}
		must(t, exec.Command("gcc", "-static", "-o", filepath.Join(dir, name), src))
	}
	if err := os.Symlink("hell", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o666); err != nil {
		t.Fatal(err)
	}
	os.Symlink("/proc/self", filepath.Join(dir, "me"))
	os.Mkdir(filepath.Join(dir, "made"), 0o777)
	for _, name := range []string{"link", "me", "pipe", "made"} {
		os.Lchown(filepath.Join(dir, name), uid, uid)
	}
	os.Chmod(filepath.Join(dir, "pipe"), 0o666)
	return dir
}

// policy permits what is harmless, and one of each pair.
func (b *bench) policy(emulation, dir string) string {
	var s strings.Builder
	fmt.Fprintf(&s, "Policy: %s, Emulation: %s\n", b.attack, emulation)
	rule := func(call, text string) {
		fmt.Fprintf(&s, "\t%s-%s: %s\n", emulation, call, strings.ReplaceAll(text, "DIR", dir))
	}
	simple := []string{"read", "write", "close", "mmap", "munmap", "mprotect", "exit", "wait4", "kill", "setitimer", "nanosleep", "socket", "getpid", "getppid", "madvise", "fork", "vfork", "fstat"}
	if emulation == "native" {
		simple = append(simple, "break", "sigaction", "sigprocmask", "__tfork", "rfork", "sysctl", "clock_gettime", "gettimeofday")
	} else {
		simple = append(simple, "brk", "rt_sigaction", "rt_sigprocmask", "clone", "uname", "clock_nanosleep", "time", "alarm", "tgkill", "readlink")
	}
	for _, call := range simple {
		rule(call, "permit")
	}
	if emulation == "linux" { // i386
		for _, call := range []string{"mmap2", "waitpid", "fstat64", "ugetrlimit", "clock_gettime64", "clock_nanosleep_time64", "futex_time64", "gettimeofday", "statx"} {
			rule(call, "permit")
		}
	}
	rule("fsread", `filename match "/proc" then permit`)
	for _, name := range []string{"good", "pipe", "real"} {
		rule("fsread", `filename match "DIR/`+name+`" then permit`)
	}
	rule("fsread", `filename match "DIR/me" then permit`)
	rule("fsread", `filename eq "DIR/evil" then deny[enoent]`)
	rule("fswrite", `filename eq "DIR/good" then permit`)
	rule("fswrite", `filename eq "DIR/pipe" then permit`)
	rule("fswrite", `filename match "DIR/made/*" then permit`)
	rule("rename", `filename eq "DIR/real" or filename eq "DIR/link" then permit`)
	rule("connect", `sockaddr eq "DIR/okay" then permit`)
	rule("execve", `filename eq "DIR/runs" then permit[inherit]`)
	rule("execve", `filename eq "DIR/script" and argv eq "DIR/script good" then permit[inherit]`)
	return s.String()
}

// run makes an attack under a supervisor and returns its status.
func (b *bench) run(t *testing.T, uid int, naive bool, emulation, dir string, args ...string) testbed.Result {
	policies := testbed.Dir(t, uid)
	testbed.Write(t, uid, filepath.Join(policies, "p"), b.policy(emulation, dir), 0o644)
	argv := append([]string{b.supervisor[naive], "-a", "-e", "-U", "-f", filepath.Join(policies, "p"), b.attack}, args...)
	return testbed.Run(t, uid, dir, []string{"PATH=/usr/bin:/bin", "SECONDS=" + seconds()}, "", argv...)
}

// won makes an attack that is a race until it is won, if it is to be: a busy
// machine runs threads seldom at the same time.
func won(want int, attack func() testbed.Result) (r testbed.Result) {
	const tries = 8
	for range tries {
		if r = attack(); want != 1 || r.Status != 0 {
			break
		}
	}
	return r
}

func seconds() string {
	if s := os.Getenv("ATTACK_SECONDS"); s != "" {
		return s
	}
	return "2"
}

// TestRaces: what the naive build lets through, this one does not.
func TestRaces(t *testing.T) {
	b := build(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, a := range []struct{ emulation, args string }{
			{"linux64", "open DIR/good DIR/evil"},
			{"native", "open DIR/good DIR/evil"},
			{"linux64", "stat DIR/good DIR/evil"},
			{"linux64", "process DIR/good DIR/evil"},
			{"linux64", "unlink DIR/good DIR/evil"},
			{"linux64", "connect DIR/okay DIR/nope"},
			{"linux64", "exec DIR/runs DIR/bans"},
			{"native", "args DIR/script"},
			{"native", "exec DIR/runs DIR/bans"},
			{"native", "swap DIR/real DIR/link DIR/real/file"},
		} {
			t.Run(a.emulation+" "+strings.Fields(a.args)[0], func(t *testing.T) {
				for _, naive := range []bool{true, false} {
					want := 0
					if naive {
						want = 1
					}
					r := won(want, func() testbed.Result {
						dir := b.ground(t, uid)
						for name, text := range map[string]string{"okay": "ok", "nope": "SECRET"} {
							serve(t, filepath.Join(dir, name), text)
						}
						r := b.run(t, uid, naive, a.emulation, dir, strings.Fields(strings.ReplaceAll(a.args, "DIR", dir))...)
						if !exists(filepath.Join(dir, "evil")) {
							r.Status = 1 // it was removed
						}
						return r
					})
					if r.Status != want {
						t.Errorf("naive %v: status %d, want %d\n%.2000s%.2000s", naive, r.Status, want, r.Stdout, r.Stderr)
					}
				}
			})
		}
	})
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// TestLearning: what a rule refuses is refused while others are learned.
func TestLearning(t *testing.T) {
	b := build(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := b.ground(t, uid)
		testbed.Write(t, uid, filepath.Join(dir, "p"), b.policy("linux64", dir), 0o644)
		r := testbed.Run(t, uid, dir, []string{"PATH=/usr/bin:/bin", "SECONDS=" + seconds()}, "", b.supervisor[false], "-A", "-e", "-U", "-f", "p",
			b.attack, "open", filepath.Join(dir, "good"), filepath.Join(dir, "evil"))
		if r.Status != 0 {
			t.Errorf("status %d\n%.2000s%.2000s", r.Status, r.Stdout, r.Stderr)
		}
	})
}

// serve greets who connects to a socket.
func serve(t *testing.T, path, text string) {
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(path, 0o777)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Write([]byte(text))
			c.Close()
		}
	}()
}

// TestWays: other ways around a policy, and what must go on working.
func TestWays(t *testing.T) {
	b := build(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, a := range []struct {
			args string
			want int
		}{
			{"storm DIR/made", 0},
			{"fifo DIR/pipe", 0},
			{"self /proc/self", 0},
			{"self DIR/me", 0},
			{"calls", 0},
			{"truncate DIR/real/file DIR/real/new", 0},
			{"reuse DIR/runs", 0},
			{"x32", 128 + int(syscall.SIGSYS)},
		} {
			for _, emulation := range []string{"linux64", "native"} {
				t.Run(emulation+" "+a.args, func(t *testing.T) {
					dir := b.ground(t, uid)
					r := b.run(t, uid, false, emulation, dir, strings.Fields(strings.ReplaceAll(a.args, "DIR", dir))...)
					if r.Status != a.want {
						t.Errorf("status %d, want %d\n%.2000s%.2000s", r.Status, a.want, r.Stdout, r.Stderr)
					}
				})
			}
		}
	})
}

// TestOrphan: when the supervisor is killed, what it would have judged is
// refused.
func TestOrphan(t *testing.T) {
	b := build(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := b.ground(t, uid)
		testbed.Write(t, uid, filepath.Join(dir, "p"), b.policy("linux64", dir), 0o644)
		out := filepath.Join(dir, "out")
		testbed.Run(t, uid, dir, []string{"PATH=/usr/bin:/bin"}, "", "sh", "-c",
			fmt.Sprintf("%s -a -e -U -f p %s orphan %s/good %[3]s/evil > %s 2>&1; sleep 1", b.supervisor[false], b.attack, dir, out))
		time.Sleep(100 * time.Millisecond)
		text, err := os.ReadFile(out)
		if err != nil || strings.Contains(string(text), "opened") {
			t.Errorf("%v\n%s", err, text)
		}
	})
}
