package examples

import (
	"bufio"
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

func build(t *testing.T) string {
	t.Helper()
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	cmd := exec.Command("go", "build", "-o", dir+"/", "./...")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return dir
}

// A server is an example that runs; its lines of output are read one by one.
type server struct {
	*exec.Cmd
	lines *bufio.Scanner
}

func start(t *testing.T, uid int, argv ...string) *server {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stderr = os.Stderr
	if uid != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return &server{cmd, bufio.NewScanner(out)}
}

// line returns the last word of the next line of output.
func (s *server) line(t *testing.T) string {
	t.Helper()
	if !s.lines.Scan() {
		t.Fatal("the example ended")
	}
	words := strings.Fields(s.lines.Text())
	return words[len(words)-1]
}

// confined reports whether every thread of a process is under a filter.
func confined(t *testing.T, pid int) {
	t.Helper()
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if len(files) == 0 {
		t.Errorf("process %d has no threads", pid)
	}
	for _, f := range files {
		if b, err := os.ReadFile(f); err == nil && !bytes.Contains(b, []byte("Seccomp:\t2")) {
			t.Errorf("%s: not confined", f)
		}
	}
}

func TestExamples(t *testing.T) {
	bin := build(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		testbed.Write(t, uid, dir+"/www/index.html", "hello\n", 0o644)
		os.Symlink("/etc/passwd", dir+"/www/passwd")
		t.Run("fileserver", func(t *testing.T) { fileserver(t, bin, uid, dir+"/www") })
		t.Run("follow", func(t *testing.T) { follow(t, bin, uid, dir) })
		t.Run("thumbnail", func(t *testing.T) { thumbnail(t, bin, uid, dir) })
		t.Run("lookup", func(t *testing.T) {
			r := testbed.Run(t, uid, dir, nil, "", bin+"/lookup", "localhost")
			if r.Status != 0 || !strings.Contains(r.Stdout, "localhost 127.0.0.1\n") {
				t.Errorf("%+v", r)
			}
		})
		t.Run("privsep", func(t *testing.T) { privsep(t, bin, uid) })
	})
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	r, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, _ := io.ReadAll(r.Body)
	return r.StatusCode, string(b)
}

// fileserver serves its directory, and no link that leads out of it.
func fileserver(t *testing.T, bin string, uid int, dir string) {
	s := start(t, uid, bin+"/fileserver", "127.0.0.1:0", dir)
	url := "http://" + s.line(t)
	if status, body := get(t, url+"/"); status != 200 || body != "hello\n" {
		t.Errorf("index: %d %q", status, body)
	}
	if status, body := get(t, url+"/passwd"); status == 200 || strings.Contains(body, "root:") {
		t.Errorf("a link out of the directory: %d %q", status, body)
	}
	confined(t, s.Process.Pid)
}

func follow(t *testing.T, bin string, uid int, dir string) {
	log := dir + "/log/messages"
	testbed.Write(t, uid, log, "one\n", 0o644)
	s := start(t, uid, bin+"/follow", log)
	if got := s.line(t); got != "one" {
		t.Errorf("first line %q", got)
	}
	os.Rename(log, log+".1")
	testbed.Write(t, uid, log, "two\n", 0o644)
	if got := s.line(t); got != "two" {
		t.Errorf("after rotation %q", got)
	}
	confined(t, s.Process.Pid)
}

func thumbnail(t *testing.T, bin string, uid int, dir string) {
	var in bytes.Buffer
	if err := png.Encode(&in, image.NewGray(image.Rect(0, 0, 640, 320))); err != nil {
		t.Fatal(err)
	}
	r := testbed.Run(t, uid, dir, nil, in.String(), bin+"/thumbnail")
	small, err := png.Decode(strings.NewReader(r.Stdout))
	if err != nil || small.Bounds().Dx() != 64 || small.Bounds().Dy() != 32 {
		t.Errorf("%v %v: %+v", small, err, r.Stderr)
	}
	if r := testbed.Run(t, uid, dir, nil, "no image", bin+"/thumbnail"); r.Status != 1 {
		t.Errorf("of no image: %+v", r)
	}
}

func privsep(t *testing.T, bin string, uid int) {
	s := start(t, uid, bin+"/privsep", "127.0.0.1:0")
	address := s.line(t)
	for _, word := range []string{"hello", "again"} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(10 * time.Second))
		fmt.Fprintln(conn, word)
		if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || line != strings.ToUpper(word)+"\n" {
			t.Errorf("%q, %v", line, err)
		}
		conn.Close()
	}
	confined(t, s.Process.Pid)
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", s.Process.Pid, s.Process.Pid))
	found, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", s.Process.Pid))
	for _, f := range found {
		b, _ := os.ReadFile(f)
		children = append(children, b...)
	}
	var worker int
	if fmt.Sscan(string(children), &worker); worker == 0 {
		t.Fatal("there is no worker")
	}
	confined(t, worker)
	syscall.Kill(worker, syscall.SIGTERM)
	if err := s.Wait(); err == nil {
		t.Error("the parent outlives its worker")
	}
}
