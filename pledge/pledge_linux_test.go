//go:build amd64 || arm64

package pledge

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/unveil"
)

// A pledge cannot be taken back: every case runs in a process of its own.
func TestMain(m *testing.M) {
	if name := os.Getenv("PLEDGE_CHILD"); name != "" {
		os.Setenv("PLEDGE_CHILD", "dial") // for programs that it starts, which may be itself
		children[name]()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child runs a case and returns its output and how it ended.
func child(t *testing.T, name string, args ...string) (out string, status syscall.WaitStatus) {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "PLEDGE_CHILD="+name)
	b, _ := cmd.CombinedOutput()
	return string(b), cmd.ProcessState.Sys().(syscall.WaitStatus)
}

func dial() error {
	_, err := net.Dial("tcp", "127.0.0.1:1")
	return err
}

func must(err error) {
	if err != nil {
		fmt.Println("unexpected:", err)
		os.Exit(3)
	}
}

// outer answers ENOSYS to some calls, as a kernel without them does.
func outer(calls ...uint32) {
	must(unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
	code := []unix.SockFilter{{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS}}
	for _, nr := range calls {
		code = append(code, unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jf: 1, K: nr},
			unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ERRNO | uint32(unix.ENOSYS)})
	}
	code = append(code, unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW})
	must(sys.LoadFilterAllThreads(code))
}

var children = map[string]func(){
	"dial": func() { time.Sleep(50 * time.Millisecond); fmt.Println(dial()) },
	"kill": func() { must(Pledge("stdio", "")); dial() },
	"deny": func() { must(Pledge("stdio", "", Deny)); fmt.Println(errors.Is(dial(), syscall.EPERM)) },
	"deny, then kill": func() {
		must(Pledge("stdio", "", Deny))
		must(Pledge("stdio", "", Deny)) // nothing new
		fmt.Println(Status().Penalty, Status().Layers[0])
		must(Pledge("stdio", ""))
		fmt.Println(Status().Penalty)
		dial()
	},
	"error": func() {
		must(Pledge("stdio error", ""))
		fmt.Println(errors.Is(dial(), syscall.ENOSYS))
		must(Pledge("stdio rpath inet error", "")) // cut down to what is held
		fmt.Println(Status().Promises)
	},
	"tell": func() { OnViolation(nil); must(Pledge("stdio", "")); dial() },
	"call back": func() {
		OnViolation(func(v Violation) {
			fmt.Println(v.Syscall, v.Promise, v.Args[0], v.Number == unix.SYS_SOCKET, v.ThreadID > 0)
		})
		must(Pledge("stdio", ""))
		dial()
	},
	"hang": func() { OnViolation(func(Violation) { select {} }); must(Pledge("stdio", "")); dial() },
	"other handler": func() {
		OnViolation(func(v Violation) { fmt.Println(v.Syscall) })
		must(Pledge("stdio", ""))
		act := [4]uintptr{1} // SIG_IGN
		_, _, e := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGSYS), sysAddress(&act), 0, 8, 0, 0)
		unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(unix.SIGSYS), 0, sysAddress(&act), 8, 0, 0)
		fmt.Println(e, act[0] > 1)
		dial()
	},
	"grow": func() {
		must(Pledge("stdio rpath", ""))
		before := Status()
		fmt.Println(Pledge("stdio rpath inet", ""))
		fmt.Println(errors.Is(Pledge("stdio bogus", ""), unix.EINVAL), errors.Is(Pledge("stdio", "bogus"), unix.EINVAL))
		fmt.Println(errors.Is(ExecPromises("stdio"), unix.EPERM), before.String() == Status().String())
		_, err := os.ReadFile("/etc/hosts")
		must(err)
	},
	"exec words alone": func() { fmt.Println(errors.Is(ExecPromises("stdio"), ErrNotSupported)) },
	"status":           func() { must(Pledge("stdio dns", "")); fmt.Println(Status()) },
	"no seccomp": func() {
		outer(unix.SYS_SECCOMP)
		err := Pledge("stdio rpath", "")
		fmt.Println(errors.Is(err, ErrNotSupported), err, Status())
		must(dialRefused())
	},
	"no landlock": func() {
		outer(unix.SYS_LANDLOCK_CREATE_RULESET)
		err := Pledge("stdio", "")
		fmt.Println(errors.Is(err, ErrNotSupported), err, Status())
		must(dialRefused())
		fmt.Println(errors.Is(unveil.Unveil("/etc", "r"), ErrNotSupported))
		must(Pledge("stdio", "", BestEffort))
		fmt.Println(Status().Lost[len(Status().Lost)-1])
	},
	"no landlock, rpath": func() {
		outer(unix.SYS_LANDLOCK_CREATE_RULESET)
		if landlock.PtraceFree() { // the memory of others could be read
			fmt.Println(errors.Is(Pledge("stdio rpath", ""), ErrNotSupported))
			must(dialRefused())
			must(Pledge("stdio rpath", "", BestEffort))
		} else {
			must(Pledge("stdio rpath", ""))
			fmt.Println(true)
		}
		fmt.Println(strings.Contains(Status().String(), "lost: no file can be opened for writing, /dev/null neither"))
		dial()
	},
	"no landlock, overlooked veil": func() {
		outer(unix.SYS_LANDLOCK_CREATE_RULESET)
		unveil.Unveil("/etc", "r")
		fmt.Println(errors.Is(Pledge("stdio rpath", ""), ErrNotSupported), errors.Is(unveil.Block(), ErrNotSupported))
		must(Pledge("stdio rpath", "", BestEffort))
		fmt.Println(strings.Contains(Status().String(), "lost: unveil: nothing is hidden"))
		for range 2 { // what BestEffort accepted is no less an error for who does not
			fmt.Println(errors.Is(Promises("stdio rpath"), ErrNotSupported), errors.Is(Promises("stdio"), ErrNotSupported))
			must(Promises("stdio rpath", BestEffort))
		}
		fmt.Println(strings.Count(Status().String(), "nothing is hidden"))
	},
	"no landlock, waived": func() {
		outer(unix.SYS_LANDLOCK_CREATE_RULESET)
		must(Promises("stdio proc", BestEffort))
		fmt.Println(errors.Is(Promises("stdio proc"), ErrNotSupported), errors.Is(Promises("stdio"), ErrNotSupported), Status().Promises)
		must(Promises("stdio", BestEffort))
	},
	"overlooked veil": func() {
		var path *fs.PathError
		if err := unveil.Unveil("/no/such", "r"); !errors.As(err, &path) || path.Op != "unveil" || path.Path != "/no/such" || !errors.Is(path, unix.ENOENT) {
			fmt.Println("not an *fs.PathError:", err)
		}
		fmt.Println(Status())
		for _, err := range []error{Promises("stdio rpath"), Promises("stdio rpath unveil"), unveil.Block(), Command("stdio", "true").Err} {
			fmt.Println(errors.Is(err, os.ErrNotExist), strings.Contains(err.Error(), "/no/such"))
		}
		must(dialRefused())
	},
	"mended veil": func() {
		fmt.Println(unveil.Unveil("/etc", "bogus") != nil, Promises("stdio rpath") != nil)
		must(unveil.Unveil("/etc", "r"))
		must(Promises("stdio rpath"))
		_, err := os.Open("/usr")
		fmt.Println(errors.Is(err, os.ErrPermission))
	},
	"deny after kill": func() {
		must(Promises("stdio rpath"))
		fmt.Println(Promises("stdio", Deny), Promises("stdio rpath", Deny))
		must(Promises("stdio"))
		dial()
	},
	"null device stays": func() {
		for _, words := range []string{"stdio rpath wpath inet", "stdio rpath inet", "stdio rpath", "stdio"} {
			must(Promises(words))
			f, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
			must(err)
			f.Close()
		}
	},
	"exec, told": func() {
		OnViolation(nil)
		must(Promises("stdio rpath proc exec"))
		run(exec.Command(os.Args[1], os.Args[2:]...))
		must(exec.Command(os.Args[1], os.Args[2:]...).Run())
		pid, err := syscall.ForkExec("/bin/true", []string{"true"}, nil)
		must(err)
		var ws syscall.WaitStatus
		syscall.Wait4(pid, &ws, 0, nil)
		p, err := os.StartProcess("/bin/true", []string{"true"}, &os.ProcAttr{})
		must(err)
		st, err := p.Wait()
		must(err)
		fmt.Println(ws.Exited(), st)
	},
	"command, told": func() {
		cmd := Command(os.Args[1], os.Args[2], os.Args[3:]...)
		OnViolation(nil)
		must(Promises("stdio rpath proc exec inet"))
		run(cmd)
	},
	"null device": func() {
		must(Pledge("stdio", ""))
		f, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
		must(err)
		f.WriteString("x")
		_, err = os.OpenFile("/etc/hosts", os.O_RDWR, 0)
		fmt.Println(errors.Is(err, os.ErrPermission))
	},
	"plain exec keeps":   func() { must(Promises("stdio rpath proc exec")); run(exec.Command(os.Args[1], os.Args[2:]...)) },
	"plain exec refused": func() { must(Pledge("stdio rpath proc exec", "stdio")); run(exec.Command(os.Args[1], os.Args[2:]...)) },
	"plain exec wider": func() {
		must(Pledge("stdio rpath proc exec", "stdio rpath proc exec inet"))
		run(exec.Command(os.Args[1], os.Args[2:]...))
	},
	"command": func() { run(Command(os.Args[1], os.Args[2], os.Args[3:]...)) },
	"command, low limit": func() {
		must(syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 1024, Max: 4096}))
		run(Command(os.Args[1], os.Args[2], os.Args[3:]...))
	},
	"command, then pledge": func() {
		cmd := Command(os.Args[1], os.Args[2], os.Args[3:]...)
		must(Promises("stdio rpath inet proc exec"))
		run(cmd)
	},
	"command, started before": func() {
		cmd := Command(os.Args[1], os.Args[2], os.Args[3:]...)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		must(cmd.Start())
		must(Pledge("stdio", ""))
		fmt.Println(cmd.Wait())
	},
	"command behind a veil": func() {
		must(unveil.Unveil(os.Args[1], "rx"))
		for _, dir := range []string{"/usr", "/lib", "/lib64", "/etc/ld.so.cache"} {
			if _, err := os.Stat(dir); err == nil {
				must(unveil.Unveil(dir, "rx"))
			}
		}
		run(Command("stdio rpath", os.Args[2], os.Args[3:]...))
	},
}

func dialRefused() error {
	if err := dial(); !errors.Is(err, syscall.ECONNREFUSED) {
		return fmt.Errorf("something is in force: %w", err)
	}
	return nil
}

func run(cmd *exec.Cmd) {
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	fmt.Println(cmd.Run())
}

func TestPledge(t *testing.T) {
	for _, c := range []struct {
		name, out string
		killed    bool
	}{
		{name: "kill", killed: true},
		{name: "deny", out: "true\n"},
		{name: "deny, then kill", out: "deny seccomp: 1 filter for every thread\nkill\n", killed: true},
		{name: "error", out: "true\nstdio error\n"},
		{name: "call back", out: "socket inet 2 true true\n", killed: true},
		{name: "hang", killed: true},
		{name: "other handler", out: "errno 0 true\nsocket\n", killed: true},
		{name: "grow", out: `pledge: promises only shrink: "inet" is not held, only "stdio rpath"` + "\ntrue true\ntrue true\n"},
		{name: "exec words alone", out: "true\n"},
		{name: "status", out: "pledged \"stdio dns\", violations: kill\nexecpromises \"\"\nby seccomp: 1 filter for every thread\n" +
			"by landlock (ABI N): 1 ruleset: reading of whitelisted files, writing of whitelisted files, signals, abstract sockets, TCP to port 53 only, tracing\n" +
			"lost: dns: UDP is not limited to port 53\n" +
			"lost: a file that is not whitelisted is EACCES, no violation; a whitelisted one that is replaced by rename(2) as well\n"},
		{name: "no seccomp", out: "true pledge: seccomp filters: not supported here: needs Linux 3.17 with CONFIG_SECCOMP_FILTER, and no sandbox around this process that hides them not pledged\n"},
		{name: "no landlock", out: `true pledge: promises without rpath ("stdio"): not supported here: needs Linux 5.13 with lsm=landlock, and no sandbox around this process that hides it, or the option BestEffort not pledged` +
			"\ntrue\nno file can be opened, whitelisted ones neither: this kernel has no Landlock\n"},
		{name: "no landlock, rpath", out: "true\ntrue\n", killed: true},
		{name: "no landlock, overlooked veil", out: "true true\ntrue\ntrue true\ntrue true\n1\n"},
		{name: "no landlock, waived", out: "true true stdio proc\n"},
		{name: "overlooked veil", out: "not pledged\nlost: unveil: unveil /no/such: no such file or directory: the next pledge and Block fail\n" + strings.Repeat("true true\n", 4)},
		{name: "mended veil", out: "true true\ntrue\n"},
		{name: "deny after kill", out: "pledge: violations end the process already, Deny cannot change that: no filter is taken back pledge: violations end the process already, Deny cannot change that: no filter is taken back\n", killed: true},
		{name: "null device stays"},
		{name: "null device", out: "true\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, ws := child(t, c.name)
			got := out
			if i := strings.Index(got, "(ABI "); i >= 0 {
				got = got[:i] + "(ABI N" + got[strings.IndexByte(got[i:], ')')+i:]
			}
			if got != c.out {
				t.Errorf("it prints\n%q, want\n%q", got, c.out)
			}
			if killed := ws.Signaled() && ws.Signal() == unix.SIGSYS; killed != c.killed || !killed && ws.ExitStatus() != 0 {
				t.Errorf("it ends with %v, status %d; killed by SIGSYS: want %v", ws.Signal(), ws.ExitStatus(), c.killed)
			}
		})
	}
}

// What becomes of programs that a pledged process starts.
func TestExec(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	const refused = "connection refused"
	dir := t.TempDir()
	os.WriteFile(filepath.Join(dir, "f"), []byte("hello\n"), 0o644)
	script := filepath.Join(dir, "s")
	os.WriteFile(script, []byte("#!/bin/cat\nhello\n"), 0o755)
	for _, c := range []struct {
		name, child, want string
		args              []string
	}{
		{"plain exec keeps the promises", "plain exec keeps", "hello\n<nil>", []string{"cat", dir + "/f"}},
		{"plain exec has no more", "plain exec keeps", "bad system call", []string{self}},
		{"plain exec under narrower execpromises", "plain exec refused", "permission denied", []string{"cat", dir + "/f"}},
		{"plain exec under wider ones", "plain exec wider", "bad system call", []string{self}},
		{"command", "command", "hello\n<nil>", []string{"stdio rpath", "cat", dir + "/f"}},
		{"command with less", "command", "bad system call", []string{"stdio rpath", self}},
		{"plain exec with violations told", "exec, told", "hello\n<nil>\ntrue exit status 0\n", []string{"cat", dir + "/f"}},
		{"command with violations told", "command, told", "hello\n<nil>", []string{"stdio rpath", "cat", dir + "/f"}},
		{"command with more", "command", refused, []string{"stdio rpath inet", self}},
		{"command whose program raises its limit of descriptors", "command, low limit", refused, []string{"stdio rpath inet", self}},
		{"command with error", "command", "function not implemented", []string{"stdio rpath error", self}},
		{"command without rpath", "command", "Permission denied", []string{"stdio", "cat", dir + "/f"}},
		{"command after exec is given up", "command, started before", refused, []string{"stdio rpath inet", self}},
		{"narrower command under promises", "command, then pledge", "bad system call", []string{"stdio rpath", self}},
		{"command gets nothing back", "command, then pledge", refused, []string{"stdio rpath inet", self}},
		{"script", "command", "#!/bin/cat\nhello\n<nil>", []string{"stdio rpath", script}},
		{"prepared, in handlers", "serve", "80 answers, 0 wrong\n", nil},
		{"prepared, with everything of a Cmd", "prepared", "there true\nexit status 7 signal: killed context deadline exceeded\nbad system call\n", []string{dir, self}},
		{"prepared, and stopped", "prepared, no exec", "operation not permitted", nil},
		{"prepared, with another user", "prepared, other user", "65534\n", nil},
		{"prepared behind a veil", "prepared behind a veil", "hello\n <nil>\ncat: /etc/hosts: Permission denied\n exit status 1\n", []string{dir}},
		{"prepared, then a link", "prepared, then a link", "exit status 125", []string{t.TempDir()}},
		{"prepared too late", "prepared late", "prepare the program before this process pledges", nil},
		{"many files", "many files", "hello\n<nil>", []string{dir}},
		{"status", "command", "exit status 7", []string{"stdio rpath", "sh", "-c", "exit 7"}},
		{"no such program", "command", `exec: "nosuch": executable file not found`, []string{"stdio", "nosuch"}},
		{"unknown word", "command", `invalid promise "bogus"`, []string{"bogus", "cat"}},
		{"behind a veil", "command behind a veil", "hello\n<nil>", []string{dir, "cat", dir + "/f"}},
		{"hidden", "command behind a veil", "Permission denied", []string{dir, "cat", "/etc/hosts"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, ws := child(t, c.child, c.args...)
			if !strings.Contains(out, c.want) || ws.ExitStatus() != 0 {
				t.Errorf("status %d, it prints\n%s\nwant %s", ws.ExitStatus(), out, c.want)
			}
		})
	}
}

// sysAddress is the address of memory, as a number for a raw call.
func sysAddress(p *[4]uintptr) uintptr { return sys.Address(p) }
