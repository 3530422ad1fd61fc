// Package logs tests that reports reach log daemons.
package logs

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// Refusals reach the system log and the journal: the test listens where their
// daemons would.
func TestLogDaemons(t *testing.T) {
	if os.Getuid() != 0 {
		testbed.Skip(t, "root, to listen in place of a log daemon")
	}
	for flag, socket := range map[string]string{"--syslog": "/dev/log", "--journal": "/run/systemd/journal/socket"} {
		t.Run(flag, func(t *testing.T) {
			if _, err := os.Lstat(socket); !errors.Is(err, fs.ErrNotExist) {
				t.Skipf("missing: a machine without a daemon at %s", socket)
			}
			if err := os.MkdirAll(filepath.Dir(socket), 0o755); err != nil {
				t.Fatal(err)
			}
			l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
			if err != nil {
				t.Fatal(err)
			}
			defer os.Remove(socket)
			defer l.Close()
			named := filepath.Join(testbed.Dir(t, 0), "cat\npledge\x1b[2K") // the process is called like its file
			program, err := os.ReadFile("/bin/cat")
			if err != nil {
				t.Fatal(err)
			}
			testbed.Write(t, 0, named, string(program), 0o755)
			r := testbed.Run(t, 0, "/", nil, "", testbed.Pledge(t), "-q", flag, "stdio", "--", named, "/etc/passwd")
			if r.Status != 1 {
				t.Fatalf("%+v", r)
			}
			b := make([]byte, 1<<16)
			l.SetReadDeadline(time.Now().Add(5 * time.Second))
			n, err := l.Read(b)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(b[:n]); !strings.Contains(got, `openat("/etc/passwd", O_RDONLY): needs promise "rpath"`) || !strings.Contains(got, `pledge: "cat\npledge\x1b[2K"[`) || strings.Contains(got, "\x1b") {
				t.Errorf("the daemon got %q", got)
			}
		})
	}
}
