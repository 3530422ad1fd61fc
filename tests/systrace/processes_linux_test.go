package systrace

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// shapes are the ways of having processes, with DIR for their directory.
var shapes = []struct {
	args string
	root bool
}{
	{args: "children DIR/good DIR/evil 10000"},
	{args: "crowd DIR/good DIR/evil 500"},
	{args: "deep DIR/good DIR/evil 200"},
	{args: "threads DIR/good DIR/evil 200"},
	{args: "shared DIR/good DIR/evil DIR/jail"},
	{args: "background DIR/good DIR/evil DIR/out"},
	{args: "pass DIR/good DIR/evil DIR/to DIR/no"},
	{args: "jail DIR/good DIR/evil DIR/jail", root: true},
}

// permits is what the program of the shapes may do.
const permits = `Policy: PROG, Emulation: linux64
	linux64-brk: permit
	linux64-read: permit
	linux64-write: permit
	linux64-close: permit
	linux64-mmap: permit
	linux64-munmap: permit
	linux64-mprotect: permit
	linux64-madvise: permit
	linux64-clone: permit
	linux64-fork: permit
	linux64-vfork: permit
	linux64-wait4: permit
	linux64-exit: permit
	linux64-setsid: permit
	linux64-socket: permit
	linux64-getcwd: permit
	linux64-nanosleep: permit
	linux64-clock_nanosleep: permit
	linux64-rt_sigprocmask: permit
	linux64-rt_sigaction: permit
	linux64-fchdir: permit
	linux64-fsread: filename eq "DIR/good" then permit
	linux64-fsread: filename eq "/good" then permit
	linux64-fsread: filename sub "/proc" then permit
	linux64-fsread: filename sub "evil" then deny[enoent]
	linux64-fswrite: filename eq "DIR/out" then permit
	linux64-chdir: filename eq "/" then permit
	linux64-chdir: filename eq "/tmp" then permit
	linux64-chdir: filename eq "DIR/jail" then permit
	linux64-chroot: filename eq "DIR/jail" then permit
	linux64-sendmsg: sockaddr eq "DIR/to" then permit
`

// another makes two policies of it, so that nothing can be told by a program's
// name alone.
const another = `	linux64-execve: true then permit
Policy: /bin/other, Emulation: linux64
	linux64-exit: permit
`

// dropped marks runs in which the supervisor is root and the program is not.
const dropped = "# with -c\n"

const nobody = 65534

func TestProcesses(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "gcc")
	supervisor, prog := testbed.Systrace(t), compiled(t, "tree")
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, shape := range shapes {
			if shape.root && uid != 0 {
				continue
			}
			for _, policies := range []string{permits, permits + another, permits + dropped} {
				owner, options := uid, []string{"-a", "-e", "-U"}
				if strings.HasSuffix(policies, dropped) {
					if uid != 0 || shape.root {
						continue
					}
					owner, options = nobody, append(options, "-c", "nobody:nogroup")
				}
				t.Run(fmt.Sprintf("%s %d %d", strings.Fields(shape.args)[0], strings.Count(policies, "Policy:"), owner), func(t *testing.T) {
					dir := testbed.Dir(t, owner)
					for _, f := range []string{"good", "evil", "jail/good", "jail/evil"} {
						testbed.Write(t, owner, filepath.Join(dir, f), "text", 0o644)
					}
					os.Symlink("/etc/hostname", filepath.Join(dir, "jail/link"))
					fill := strings.NewReplacer("DIR", dir, "PROG", prog)
					policy := filepath.Join(testbed.Dir(t, uid), "p") // of who starts it
					testbed.Write(t, uid, policy, fill.Replace(policies), 0o644)
					to := receive(t, filepath.Join(dir, "to"))
					receive(t, filepath.Join(dir, "no"))
					argv := append(append([]string{supervisor}, options...), "-f", policy, prog)
					argv = append(argv, strings.Fields(fill.Replace(shape.args))...)
					r := testbed.Run(t, uid, dir, []string{"PATH=/usr/bin:/bin"}, "", argv...)
					if r.Status != 0 {
						t.Errorf("status %d\n%.2000s%.2000s", r.Status, r.Stdout, r.Stderr)
					}
					switch strings.Fields(shape.args)[0] {
					case "background":
						if b, err := os.ReadFile(filepath.Join(dir, "out")); string(b) != "well" {
							t.Errorf("the daemon wrote %q: %v\n%.2000s", b, err, r.Stderr)
						}
					case "pass":
						passed(t, to)
					}
				})
			}
		}
	})
}

// compiled is a program of testdata that all users may run.
func compiled(t *testing.T, name string) string {
	t.Helper()
	dir := testbed.Dir(t, 0)
	os.Chmod(dir, 0o755)
	program := filepath.Join(dir, name)
	if out, err := exec.Command("gcc", "-O1", "-static", "-pthread", "-o", program, "testdata/"+name+".c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	return program
}

// receive listens for datagrams.
func receive(t *testing.T, path string) *net.UnixConn {
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(path, 0o777)
	t.Cleanup(func() { c.Close() })
	return c
}

// passed reads the file whose descriptor came.
func passed(t *testing.T, c *net.UnixConn) {
	data, control := make([]byte, 10), make([]byte, 100)
	c.SetReadDeadline(time.Now().Add(5 * time.Second))
	n, cn, _, _, err := c.ReadMsgUnix(data, control)
	if err != nil || string(data[:n]) != "here" {
		t.Fatalf("%q, %v", data[:n], err)
	}
	messages, err := unix.ParseSocketControlMessage(control[:cn])
	if err != nil || len(messages) != 1 {
		t.Fatalf("%v, %v", messages, err)
	}
	fds, err := unix.ParseUnixRights(&messages[0])
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fds[0]), "passed")
	defer f.Close()
	if n, _ := f.Read(data); string(data[:n]) != "text" {
		t.Errorf("the descriptor reads %q", data[:n])
	}
}
