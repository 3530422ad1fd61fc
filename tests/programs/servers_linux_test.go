package programs

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
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

// Clients of a web server on this machine, by address and by a name that
// /etc/hosts has.
func TestClients(t *testing.T) {
	testbed.Need(t, "curl", "wget")
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "page\n") }))
	defer srv.Close()
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(srv.URL, "http://"))
	pledge := testbed.Pledge(t)
	for _, c := range Clients {
		t.Run(c.Name, func(t *testing.T) {
			testbed.Users(t, func(t *testing.T, uid int) {
				dir := testbed.Dir(t, uid)
				for _, host := range []string{"127.0.0.1", "localhost"} {
					argv := append([]string{pledge, c.Promises, "--"}, strings.Fields(c.Run)...)
					r := testbed.Run(t, uid, dir, nil, "", append(argv, "http://"+host+":"+port+"/")...)
					if r.Status != 0 || r.Stdout != "page\n" || strings.Contains(r.Stderr, "pledge:") {
						t.Errorf("%s: %+v", host, r)
					}
				}
				r := testbed.Run(t, uid, dir, nil, "", append(append([]string{pledge, c.Promises, "--"}, strings.Fields(c.Beyond)...), "http://127.0.0.1:"+port+"/")...)
				if r.Status == 0 || !strings.Contains(r.Stderr, c.Report) {
					t.Errorf("beyond: %+v, want a report of %s", r, c.Report)
				}
			})
		})
	}
}

// A server is started confined, asked something, and stopped.
func TestServers(t *testing.T) {
	pledge := testbed.Pledge(t)
	for _, s := range Servers {
		t.Run(s.Name, func(t *testing.T) {
			testbed.Need(t, s.Needs...)
			testbed.Users(t, func(t *testing.T, uid int) { serve(t, pledge, s, uid) })
		})
	}
}

func serve(t *testing.T, pledge string, s Server, uid int) {
	dir, port := testbed.Dir(t, uid), freePort(t)
	subst := strings.NewReplacer("$T", dir, "$PORT", strconv.Itoa(port))
	testbed.Write(t, uid, filepath.Join(dir, "www/index.html"), "page\n", 0o644)
	for name, content := range s.Files {
		testbed.Write(t, uid, filepath.Join(dir, name), subst.Replace(content), 0o644)
	}
	if s.Build != "" {
		cmd := exec.Command("go", "build", "-o", filepath.Join(dir, "server"), s.Build)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go build: %v\n%s", err, out)
		}
	}
	argv := []string{s.Promises}
	for _, u := range s.Unveil {
		argv = append(argv, "-u", subst.Replace(u))
	}
	argv = append(argv, "--")
	cmd := exec.Command(pledge, append(argv, strings.Fields(subst.Replace(s.Run))...)...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr, cmd.Stdout = dir, &stderr, &stderr
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "LANG=C"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if uid != os.Getuid() {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	got := ask[s.Ask](port)
	cmd.Process.Signal(syscall.SIGTERM)
	cmd.Wait()
	if got != s.Want {
		t.Errorf("answer %q, want %q", got, s.Want)
	}
	if strings.Contains(stderr.String(), "pledge: ") {
		t.Errorf("refused though it works:\n%s", stderr.String())
	}
	r := testbed.Run(t, uid, dir, nil, "", append([]string{pledge, s.Fewer, "--"}, strings.Fields(subst.Replace(s.Run))...)...)
	if !strings.Contains(r.Stderr, s.Report) {
		t.Errorf("with %q: status %d, no report of %s:\n%s", s.Fewer, r.Status, s.Report, r.Stderr)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

var ask = map[string]func(port int) string{"http": askHTTP, "redis": askRedis}

func askHTTP(port int) string {
	for range 100 {
		r, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/", port))
		if err == nil {
			b, _ := io.ReadAll(r.Body)
			r.Body.Close()
			return string(b)
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "no answer"
}

func askRedis(port int) string {
	for range 100 {
		c, err := net.Dial("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			fmt.Fprintf(c, "SET k v\r\nSAVE\r\nGET k\r\n")
			r := bufio.NewReader(c)
			var out string
			for range 4 {
				line, _ := r.ReadString('\n')
				out += strings.TrimSpace(line) + " "
			}
			c.Close()
			return out
		}
		time.Sleep(50 * time.Millisecond)
	}
	return "no answer"
}
