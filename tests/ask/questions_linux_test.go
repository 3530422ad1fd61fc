// Package ask runs programs under pledge ask, answers their questions, and holds
// the result to what it has to be.
package ask

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/askpage"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// tools is the command, probe a program that tries what it should not.
var tools, probe string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "ask")
	if err != nil {
		panic(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		panic(err)
	}
	tools = filepath.Join(dir, "pledge-tools")
	if out, err := exec.Command("go", "build", "-o", tools, "../../cmd/pledge-tools").CombinedOutput(); err != nil {
		fmt.Printf("%s", out)
		os.Exit(1)
	}
	probe = filepath.Join(dir, "probe")
	build := exec.Command("go", "build", "-o", probe, "./testdata/probe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Printf("%s", out)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// session is one run of pledge ask.
type session struct {
	t       *testing.T
	cmd     *exec.Cmd
	dir     string
	client  *http.Client
	err     *bytes.Buffer
	ended   chan error
	runtime string
	base    string // where the runs have their directories
}

func begin(t *testing.T, options []string, argv ...string) *session {
	t.Helper()
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	s := &session{t: t, err: &bytes.Buffer{}, ended: make(chan error, 1), runtime: t.TempDir()}
	os.Chmod(s.runtime, 0o700)
	args := append([]string{"ask", "--timeout", "60s"}, options...)
	s.cmd = exec.Command(tools, append(append(args, "--"), argv...)...)
	s.cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+s.runtime)
	// Two programs that copy to one file by copy_file_range(2) at once write at the same
	// place, unless it is open for appending.
	out, err := os.OpenFile(filepath.Join(s.runtime, "out"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	s.cmd.Stdout, s.cmd.Stderr = out, out
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.dir = strconv.Itoa(s.cmd.Process.Pid)
	go func() { s.ended <- s.cmd.Wait() }()
	t.Cleanup(func() { s.cmd.Process.Kill() })
	return s
}

// connect finds the socket, which is there before the program runs; nil if the
// run is over.
func (s *session) connect() bool {
	for range 3000 {
		for _, base := range []string{filepath.Join(s.runtime, "pledge-ask"), "/tmp/pledge-ask-" + strconv.Itoa(os.Getuid())} {
			if _, err := os.Stat(filepath.Join(base, s.dir, askpage.Control)); err == nil {
				s.base = base
				s.client = askpage.Client(filepath.Join(base, s.dir))
				return true
			}
		}
		select {
		case err := <-s.ended:
			s.ended <- err
			return false
		case <-time.After(10 * time.Millisecond):
		}
	}
	return false
}

func (s *session) questions() (list []ask.Question) {
	r, err := s.client.Get("http://run/questions")
	if err != nil {
		return nil
	}
	defer r.Body.Close()
	json.NewDecoder(r.Body).Decode(&list)
	return list
}

func (s *session) answer(p ask.Proposal) (res ask.Result) {
	text, err := json.Marshal(p)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := s.client.Post("http://run/answer", "application/json", bytes.NewReader(text))
	if err != nil {
		return res
	}
	defer r.Body.Close()
	json.NewDecoder(r.Body).Decode(&res)
	return res
}

// permitAll answers with what is preselected until the run ends, and returns how
// many questions there were.
func (s *session) permitAll() int {
	answered := map[int]string{}
	for s.connect() {
		for {
			for _, q := range s.questions() {
				if q.State != ask.Pending {
					continue
				}
				if r := s.answer(ask.Proposal{Question: q.ID, Action: ask.Permit, Scope: ask.Always, Author: "test"}); r.Result == ask.Done {
					answered[q.ID] = q.Title
				}
			}
			select {
			case err := <-s.ended:
				s.ended <- err
				for id := 1; id <= len(answered); id++ {
					s.t.Logf("%d: %s", id, answered[id])
				}
				return len(answered)
			case <-time.After(5 * time.Millisecond):
			}
		}
	}
	return len(answered)
}

func (s *session) output() string {
	text, _ := os.ReadFile(filepath.Join(s.runtime, "out"))
	return string(text)
}

// result is the command line that the run has printed.
func (s *session) result() []string {
	text := s.output()
	at := strings.LastIndex(text, "\npledge ")
	if strings.HasPrefix(text, "pledge \"") || strings.HasPrefix(text, "pledge --") {
		at = max(at, -1)
	} else if at < 0 {
		s.t.Fatalf("no result in %s", text)
	}
	line := strings.NewReplacer("\\\n", " ", "\t", " ").Replace(text[at+1:])
	return []string{"sh", "-c", strings.Replace(strings.SplitN(line, "\n", 2)[0], "pledge ", tools+" --kill --report-unveil ", 1)}
}

// TestQuestions: how many questions it takes until a program works, with what is
// preselected; then the result is enforced.
func TestQuestions(t *testing.T) {
	server := listen(t)
	for _, c := range []struct {
		most int
		argv []string
	}{
		{3, []string{"/bin/echo", "hi"}},
		{5, []string{"/bin/ls", "-l", "/usr"}},
		{5, []string{"git", "--version"}},
		{8, []string{"/usr/bin/python3", "-c", "print(1)"}},
		{8, []string{"curl", "-s", "http://" + server + "/"}},
	} {
		t.Run(filepath.Base(c.argv[0]), func(t *testing.T) {
			testbed.Need(t, c.argv[0])
			s := begin(t, []string{"--no-page"}, c.argv...)
			n := s.permitAll()
			t.Logf("%d questions\n%s", n, tail(s.output()))
			if n > c.most {
				t.Errorf("%d questions, want %d at the most", n, c.most)
			}
			s.refuses()
			out, err := exec.Command(s.result()[0], s.result()[1:]...).CombinedOutput()
			if err != nil || strings.Contains(string(out), "refused") {
				t.Errorf("enforced: %v\n%s", err, tail(string(out)))
			}
		})
	}
}

// refuses holds the result to refusing what nobody was asked about.
func (s *session) refuses() {
	s.t.Helper()
	line := s.result()[2]
	at := strings.LastIndex(line, " -- ")
	out, err := exec.Command("sh", "-c", strings.Replace(line[:at], " --kill", "", 1)+" -- "+probe).CombinedOutput()
	for _, what := range []string{"shadow", "connect", "exec"} {
		if !strings.Contains(string(out), what+" refused") {
			s.t.Errorf("under the result: %v\n%s", err, out)
		}
	}
}

// TestNginx: a server to its first page.
func TestNginx(t *testing.T) {
	testbed.NeedRoot(t, "which starts nginx")
	testbed.Need(t, "nginx")
	path, err := exec.LookPath("nginx")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for d := dir; d != "/tmp" && d != "/"; d = filepath.Dir(d) {
		os.Chmod(d, 0o755)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	os.Mkdir(dir+"/www", 0o755)
	os.WriteFile(dir+"/www/index.html", []byte("first page"), 0o644)
	conf := fmt.Sprintf("daemon off; worker_processes 1; pid %[1]s/pid; error_log %[1]s/error.log; events {} http { access_log off; client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s; server { listen %[2]s; root %[1]s/www; } }\n", dir, address)
	os.WriteFile(dir+"/conf", []byte(conf), 0o644)
	s := begin(t, []string{"--no-page"}, path, "-c", dir+"/conf", "-e", dir+"/error.log")
	go func() {
		for range 2000 {
			time.Sleep(20 * time.Millisecond)
			if first(address) {
				s.cmd.Process.Signal(os.Interrupt)
				quit(dir)
				return
			}
		}
		s.cmd.Process.Kill()
	}()
	n := s.permitAll()
	t.Logf("%d questions\n%s", n, tail(s.output()))
	if n > 15 {
		t.Errorf("%d questions, want 15 at the most", n)
	}
	s.refuses()
	again := exec.Command(s.result()[0], s.result()[1:]...)
	var out bytes.Buffer
	again.Stdout, again.Stderr = &out, &out
	if err := again.Start(); err != nil {
		t.Fatal(err)
	}
	served := false
	for i := 0; i < 1000 && !served; i++ {
		time.Sleep(20 * time.Millisecond)
		served = first(address)
	}
	quit(dir)
	again.Wait()
	if !served || strings.Contains(out.String(), "refused") {
		t.Errorf("enforced: served %v\n%s", served, tail(out.String()))
	}
}

// first tells whether the page is there.
func first(address string) bool {
	c := http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := c.Get("http://" + address + "/")
	if err != nil {
		return false
	}
	defer r.Body.Close()
	return r.StatusCode == http.StatusOK
}

// quit ends the nginx of a directory.
func quit(dir string) {
	text, err := os.ReadFile(dir + "/pid")
	if err != nil {
		return
	}
	if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
		if p, err := os.FindProcess(pid); err == nil {
			p.Signal(os.Interrupt)
		}
	}
}

func tail(s string) string { return s[max(0, len(s)-1500):] }

// listen serves one page on a loopback address.
func listen(t *testing.T) string {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, "here") }))
	return l.Addr().String()
}
