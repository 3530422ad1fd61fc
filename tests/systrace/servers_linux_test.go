package systrace

import (
	"bytes"
	"fmt"
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

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/tests/programs"
)

// TestServers: a web server and its client are learned and then enforced.
func TestServers(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "curl", "nginx")
	supervisor := testbed.Systrace(t)
	for _, s := range programs.Servers {
		if s.Ask != "http" {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			testbed.Users(t, func(t *testing.T, uid int) {
				b := place(t, s, uid)
				for range 2 {
					if _, answer, said := b.run(t, supervisor, "-A"); answer != s.Want {
						t.Fatalf("learning: %q\n%s", answer, said)
					}
				}
				status, answer, said := b.run(t, supervisor, "-a", "-e")
				if answer != s.Want || strings.Contains(said, "systrace: deny") {
					t.Errorf("status %d, answer %q\n%.3000s", status, answer, said)
				}
			})
		})
	}
}

// served is a server in a directory of its own.
type served struct {
	uid, port int
	dir       string
	argv      []string
}

func place(t *testing.T, s programs.Server, uid int) *served {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &served{uid: uid, port: l.Addr().(*net.TCPAddr).Port, dir: testbed.Dir(t, uid)}
	l.Close()
	fill := strings.NewReplacer("$T", b.dir, "$PORT", strconv.Itoa(b.port))
	testbed.Write(t, uid, filepath.Join(b.dir, "www/index.html"), "page\n", 0o644)
	for name, content := range s.Files {
		testbed.Write(t, uid, filepath.Join(b.dir, name), fill.Replace(content), 0o644)
	}
	if s.Build != "" {
		cmd := exec.Command("go", "build", "-o", filepath.Join(b.dir, "server"), "../programs/"+s.Build)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, out)
		}
	}
	b.argv = strings.Fields(fill.Replace(s.Run))
	return b
}

// run starts the server under systrace, asks it with a curl under systrace, and
// ends it.
func (b *served) run(t *testing.T, supervisor string, options ...string) (status int, answer, said string) {
	t.Helper()
	argv := append(append([]string{}, options...), "-d", filepath.Join(b.dir, "policies"))
	cmd := exec.Command(supervisor, append(argv, b.argv...)...)
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr = b.dir, &out, &out
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.dir, "LANG=C"}
	if b.uid != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(b.uid), Gid: uint32(b.uid)}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		c, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", b.port))
		if err == nil {
			c.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	r := testbed.Run(t, b.uid, b.dir, nil, "", append(append([]string{supervisor}, argv...), "curl", "-s", fmt.Sprintf("http://127.0.0.1:%d/", b.port))...)
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
	return cmd.ProcessState.ExitCode(), r.Stdout, out.String() + r.Stderr
}
