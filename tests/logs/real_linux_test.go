package logs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// reporters are commands that have a call refused, and what is logged of it.
func reporters(t *testing.T, flag map[string]string) map[string][]string {
	systrace := testbed.Systrace(t)
	policies := testbed.Dir(t, 0)
	learn := testbed.Run(t, 0, "/", nil, "", systrace, "-A", "-d", policies, "cat", "/etc/hostname")
	if learn.Status != 0 {
		t.Fatalf("%+v", learn)
	}
	enforce := append([]string{systrace, "-a", "-d", policies}, strings.Fields(flag["systrace"])...)
	return map[string][]string{
		`openat("/etc/passwd", O_RDONLY): needs promise "rpath"`: {testbed.Pledge(t), "-q", flag["pledge"], "stdio", "--", "cat", "/etc/passwd"},
		"syscall: linux64-fsread(257), filename: /etc/passwd":    append(enforce, "cat", "/etc/passwd"),
	}
}

// absent skips where a daemon has a path already.
func absent(t *testing.T, path string) {
	t.Helper()
	if os.Getuid() != 0 {
		testbed.Skip(t, "root, to start a log daemon")
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Skipf("missing: a machine without a daemon at %s", path)
	}
}

// begin starts a daemon and waits for its socket.
func begin(t *testing.T, socket string, argv ...string) {
	t.Helper()
	daemon := exec.Command(argv[0], argv[1:]...)
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		daemon.Process.Kill()
		daemon.Wait()
		os.Remove(socket)
	})
	within(t, func() error { _, err := os.Lstat(socket); return err })
}

// within tries for some seconds.
func within(t *testing.T, f func() error) {
	t.Helper()
	var err error
	for range 100 {
		if err = f(); err == nil {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal(err)
}

func refuse(t *testing.T, commands map[string][]string) {
	for want, argv := range commands {
		if r := testbed.Run(t, 0, "/", nil, "", argv...); r.Status != 1 || strings.Contains(r.Stderr, want) {
			t.Errorf("%v: %+v", argv, r)
		}
	}
}

func TestRsyslog(t *testing.T) {
	absent(t, "/dev/log")
	testbed.Need(t, "rsyslogd")
	dir := testbed.Dir(t, 0)
	conf := fmt.Sprintf(`module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="/dev/log" CreatePath="on")
*.* action(type="omfile" file="%s/log")
`, dir)
	testbed.Write(t, 0, dir+"/conf", conf, 0o644)
	begin(t, "/dev/log", "rsyslogd", "-n", "-f", dir+"/conf", "-i", dir+"/pid")
	commands := reporters(t, map[string]string{"pledge": "--syslog"})
	refuse(t, commands)
	for want := range commands {
		within(t, func() error {
			b, err := os.ReadFile(dir + "/log")
			if err == nil && !strings.Contains(string(b), want) {
				err = fmt.Errorf("rsyslog has not %q but:\n%s", want, b)
			}
			return err
		})
	}
}

func TestJournald(t *testing.T) {
	const journald, runs = "/lib/systemd/systemd-journald", "/run/systemd/journal"
	absent(t, runs+"/socket")
	testbed.Need(t, "journalctl", journald)
	t.Cleanup(func() { os.RemoveAll(runs) })
	os.MkdirAll(runs, 0o755)
	begin(t, runs+"/socket", journald)
	commands := reporters(t, map[string]string{"pledge": "--journal", "systrace": "--journal"})
	refuse(t, commands)
	for want := range commands {
		within(t, func() error {
			b, err := exec.Command("journalctl", "--no-pager", "--since", "-10min", "-o", "json").CombinedOutput()
			if err == nil && !strings.Contains(strings.ReplaceAll(string(b), `\"`, `"`), want) {
				err = fmt.Errorf("the journal has not %q but:\n%s", want, b)
			}
			return err
		})
	}
}
