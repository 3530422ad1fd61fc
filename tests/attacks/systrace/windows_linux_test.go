package systrace

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// beyond is what the program of the windows may do besides.
const beyond = `	linux64-userfaultfd: permit
	linux64-ioctl: permit
	linux64-dup2: permit
	linux64-rt_sigreturn: permit
	linux64-seccomp: permit
	linux64-unshare: permit
	linux64-mount: permit
	linux64-fchdir: permit
	linux64-chdir: filename eq "DIR/real" then permit
	linux64-fsread: filename eq "DIR/hell" then permit
	linux64-fsread: filename match "DIR/hell/*" then deny[enoent]
	linux64-fsread: filename match "DIR/made" then permit
	linux64-fsread: filename match "SLOW" then permit
`

func TestWindows(t *testing.T) {
	b := build(t)
	b.attack = filepath.Join(b.dir, "windows")
	must(t, exec.Command("gcc", "-O1", "-static", "-pthread", "-o", b.attack, "testdata/windows.c"))
	slow := mountSlow(t, b.dir)
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, a := range []struct {
			args  string
			naive int // its status under a supervisor that continues calls; -1: it is not run
			want  int
			root  bool
		}{
			{args: "userfault DIR/good DIR/evil", naive: 1, root: true},
			{args: "slow DIR/good DIR/evil SLOW/page", naive: 1},
			{args: "juggle DIR/real DIR/hell", naive: 1},
			// A caller whose notification was received sees no signal before it is
			// answered, so handlers have no window here either.
			{args: "handler DIR/good DIR/evil", naive: -1},
			{args: "chdirs DIR/good DIR/evil DIR/real", naive: -1},
			{args: "filters DIR/good DIR/evil", naive: -1},
			{args: "fakes DIR/good DIR/evil DIR/real", naive: -1, want: 128 + int(syscall.SIGKILL)},
			{args: "mounts DIR/good DIR/evil DIR/made", naive: -1, root: true},
		} {
			if a.root && uid != 0 {
				continue // userfaultfd for what the kernel reads, and mount
			}
			t.Run(strings.Fields(a.args)[0], func(t *testing.T) {
				for _, naive := range []bool{true, false} {
					want := a.want
					if naive {
						want = a.naive
					}
					if want < 0 {
						continue
					}
					r := won(want, func() testbed.Result {
						dir := b.ground(t, uid)
						fill := strings.NewReplacer("DIR", dir, "SLOW", slow)
						testbed.Write(t, uid, filepath.Join(dir, "p"), b.policy("linux64", dir)+fill.Replace(beyond), 0o644)
						argv := append([]string{b.supervisor[naive], "-a", "-e", "-U", "-f", filepath.Join(dir, "p"), b.attack}, strings.Fields(fill.Replace(a.args))...)
						return testbed.Run(t, uid, dir, []string{"PATH=/usr/bin:/bin", "SECONDS=" + seconds()}, "", argv...)
					})
					if r.Status != want {
						t.Errorf("naive %v: status %d, want %d\n%.2000s%.2000s", naive, r.Status, want, r.Stdout, r.Stderr)
					}
				}
			})
		}
	})
}

// mountSlow mounts a file system that takes its time, which all may use.
func mountSlow(t *testing.T, dir string) string {
	t.Helper()
	if os.Getuid() != 0 {
		testbed.Skip(t, "root, to mount a FUSE file system")
	}
	if _, err := os.Stat("/dev/fuse"); err != nil {
		testbed.Skip(t, "/dev/fuse")
	}
	program, mounted := filepath.Join(dir, "slowfs"), filepath.Join(dir, "slow")
	must(t, exec.Command("gcc", "-O1", "-D_FILE_OFFSET_BITS=64", "-o", program, "testdata/slowfs.c", "-lfuse3"))
	if err := os.Mkdir(mounted, 0o755); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(program, "-f", "-o", "allow_other", mounted)
	server.Stderr = os.Stderr
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		exec.Command("fusermount3", "-u", "-z", mounted).Run()
		server.Process.Kill()
		server.Wait()
	})
	for range 100 {
		if _, err := os.Stat(filepath.Join(mounted, "page")); err == nil {
			return mounted
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("the file system did not appear")
	return ""
}
