package library

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// buildWork builds the program that works under promises.
func buildWork(t *testing.T, cgo string, flags ...string) string {
	t.Helper()
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	bin := filepath.Join(dir, "work")
	cmd := exec.Command("go", append(append([]string{"build"}, flags...), "-o", bin, "./testdata/work")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// Go's runtime and standard library work under every set of promises that they
// need and no more: pure Go, with C, and with the race detector.
func TestWork(t *testing.T) {
	for _, build := range []struct {
		name, cgo string
		flags     []string
	}{{"go", "0", nil}, {"cgo", "1", nil}, {"race", "1", []string{"-race"}}} {
		t.Run(build.name, func(t *testing.T) {
			bin := buildWork(t, build.cgo, build.flags...)
			testbed.Users(t, func(t *testing.T, uid int) { work(t, bin, uid) })
		})
	}
}

func work(t *testing.T, bin string, uid int) {
	dir := testbed.Dir(t, uid)
	testbed.Write(t, uid, filepath.Join(dir, "d/f"), "old\n", 0o644)
	for _, c := range [][]string{
		{"runtime"}, {"profiles"}, {"random"}, {"zones"}, {"pipes"}, {"user"}, {"hosts"},
		{"dns", nameServer(t)}, {"syslog", logSocket(t, dir, uid)}, {"http"}, {"roots"}, {"exec"},
	} {
		t.Run(c[0], func(t *testing.T) {
			r := testbed.Run(t, uid, dir, nil, "", append([]string{bin}, c...)...)
			if r.Status != 0 || r.Stdout != "ok\n" {
				t.Errorf("%+v", r)
			}
		})
	}
	t.Run("veil", func(t *testing.T) { behindVeil(t, bin, uid, dir) })
}

// behindVeil: a file in an unveiled directory that is replaced stays readable.
func behindVeil(t *testing.T, bin string, uid int, dir string) {
	cmd := exec.Command(bin, "veil", dir+"/d")
	if uid != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	stdin, _ := cmd.StdinPipe()
	stdout, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	lines.Scan()
	if lines.Text() != "replace" {
		t.Errorf("it says %q", lines.Text())
	}
	testbed.Write(t, uid, dir+"/d/g", "new\n", 0o644)
	if err := os.Rename(dir+"/d/g", dir+"/d/f"); err != nil {
		t.Fatal(err)
	}
	stdin.Close()
	lines.Scan()
	if lines.Text() != "ok" {
		t.Errorf("it says %q", lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

// nameServer answers every question for an address with 192.0.2.7.
func nameServer(t *testing.T) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil || len(m.Questions) != 1 {
				continue
			}
			m.Response, m.Authoritative, m.Additionals = true, true, nil
			if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
				m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: [4]byte{192, 0, 2, 7}}}}
			}
			if b, err := m.Pack(); err == nil {
				conn.WriteTo(b, from)
			}
		}
	}()
	return conn.LocalAddr().String()
}

// logSocket is a log daemon that takes everything.
func logSocket(t *testing.T, dir string, uid int) string {
	t.Helper()
	path := filepath.Join(dir, "log")
	conn, err := net.ListenPacket("unixgram", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	os.Chmod(path, 0o777)
	go func() {
		buf := make([]byte, 1500)
		for {
			if _, _, err := conn.ReadFrom(buf); err != nil {
				return
			}
		}
	}()
	if !strings.HasPrefix(path, dir) {
		t.Fatal(path)
	}
	return path
}
