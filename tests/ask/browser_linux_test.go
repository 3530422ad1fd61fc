package ask

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/ask"
	"github.com/pledge-linux/pledge/internal/askpage"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// saw is what the driver of the browser prints.
type saw struct {
	Ready      bool             `json:"ready"`
	Answered   int              `json:"answered"`
	Help       bool             `json:"help"`
	Result     string           `json:"result"`
	Errors     []string         `json:"errors"`
	Violations []string         `json:"violations"`
	Long       float64          `json:"long"`
	Seen       map[string]int64 `json:"seen"`
	Clicked    [][2]int64       `json:"clicked"`
}

// drive starts a browser; what it prints last comes by the channel.
func drive(t *testing.T, url, mode, dir string) (ready chan bool, end chan saw) {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		testbed.Skip(t, "chromium")
	}
	if _, err := exec.LookPath("node"); err != nil {
		testbed.Skip(t, "node")
	}
	if _, err := os.Stat("browser/node_modules/playwright-core"); err != nil {
		testbed.Skip(t, "playwright-core: npm install in tests/ask/browser")
	}
	c := exec.Command("node", "browser/drive.mjs", chromium, url, mode, dir)
	c.Env = append(os.Environ(), "HOME="+t.TempDir())
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ready, end = make(chan bool, 1), make(chan saw, 1)
	go func() {
		var last saw
		r := bufio.NewScanner(out)
		r.Buffer(nil, 1<<20)
		for r.Scan() {
			last = saw{}
			if json.Unmarshal(r.Bytes(), &last) == nil && last.Ready {
				ready <- true
			}
		}
		if err := c.Wait(); err != nil {
			last.Errors = append(last.Errors, err.Error())
		}
		end <- last
	}()
	return ready, end
}

// TestSessions: whole sessions, of a real program, by mouse, by keyboard and
// without script.
func TestSessions(t *testing.T) {
	for _, mode := range []string{"mouse", "keyboard", "noscript"} {
		t.Run(mode, func(t *testing.T) {
			s := begin(t, nil, "/bin/ls", "-l", "/usr")
			if !s.connect() {
				t.Fatal(s.output())
			}
			url := ""
			for range 1000 {
				if _, rest, ok := strings.Cut(s.output(), "pledge ask: http://"); ok {
					url, _, _ = strings.Cut("http://"+rest, "\n")
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			_, end := drive(t, url, mode, "")
			r := <-end
			if len(r.Errors) > 0 {
				s.cmd.Process.Kill()
			}
			<-s.ended
			s.ended <- nil
			if len(r.Errors) > 0 || !strings.HasPrefix(r.Result, `pledge "stdio rpath getpw"`) || r.Answered < 5 || mode == "keyboard" && !r.Help {
				t.Errorf("%+v\n%s", r, tail(s.output()))
			}
		})
	}
}

// served is a page over calls that are made up.
func served(t *testing.T) (*askpage.Server, *ask.Broker) {
	p, err := ask.NewPolicy(ask.Grant{Words: promises.Stdio.Set() | promises.Rpath.Set()})
	if err != nil {
		t.Fatal(err)
	}
	b := ask.New(ask.Options{Base: p, Timeout: time.Minute})
	s, err := askpage.Start(askpage.Options{Broker: b, Dir: t.TempDir(), Argv: []string{"python3", "-m", "http.server"}, Page: true, Result: func(as string) (string, error) {
		return strings.Join(b.Policy().Lines(), "\n"), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, b
}

func reading(pid int, path string) *ask.Call {
	return &ask.Call{PID: pid, Program: "/usr/bin/python3", Parents: []string{"/bin/sh"}, Name: "openat", Text: "openat(" + path + ", ro)", Judge: func(p *ask.Policy) (v ask.Verdict) {
		if !p.Shows(path, unveil.Read) {
			v.Entries = []ask.Entry{{Path: path, Perms: unveil.Read}}
		}
		v.Permit = v.Entries == nil
		return v
	}}
}

// TestScreens: no screen breaks a rule of accessibility, in either scheme, nor is
// wider than a narrow window.
func TestScreens(t *testing.T) {
	s, b := served(t)
	for i, path := range []string{"/etc/ssl/openssl.cnf", "/srv/www/index.html", "/var/lib/app/data.db", "/home/u/<script>alert(1)</script>\u202e" + strings.Repeat("x", 3000)} {
		go b.Decide(reading(100+i, path), nil)
		for len(b.Questions(false)) < i+1 {
			time.Sleep(time.Millisecond)
		}
	}
	for _, q := range b.Questions(false) {
		if strings.Contains(q.Title, "/srv") {
			b.Propose(ask.Proposal{Question: q.ID, Action: ask.Permit, Scope: ask.Always, Author: "page", Reason: "the site"})
		}
		if strings.Contains(q.Title, "/var") {
			b.Propose(ask.Proposal{Question: q.ID, Action: ask.Learn, Author: "page"})
		}
	}
	dir := os.Getenv("PLEDGE_SCREENSHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	_, end := drive(t, s.URL(), "screens", dir)
	r := <-end
	if len(r.Errors)+len(r.Violations) > 0 {
		t.Errorf("%s", strings.Join(append(r.Errors, r.Violations...), "\n"))
	}
	if list, _ := filepath.Glob(dir + "/*.png"); len(list) != 12 {
		t.Errorf("%d screenshots", len(list))
	}
}

// TestManyInBrowser: 500 calls of 50 processes in five seconds are few groups, are
// all answered, each question by one of three front ends, and the page stays quick.
func TestManyInBrowser(t *testing.T) {
	s, b := served(t)
	ready, end := drive(t, s.URL(), "crowd", "")
	select {
	case <-ready:
	case r := <-end:
		t.Fatalf("%+v", r)
	}
	var calls sync.WaitGroup
	var mu sync.Mutex
	decided, groups := 0, 0
	for pid := 1; pid <= 50; pid++ {
		calls.Add(1)
		go func() {
			defer calls.Done()
			for i := range 10 {
				b.Decide(reading(pid, fmt.Sprintf("/data/d%d/f%d-%d", i, pid, i)), nil)
				mu.Lock()
				decided++
				mu.Unlock()
				time.Sleep(time.Duration(rand.Intn(500)) * time.Millisecond)
			}
		}()
	}
	stop := make(chan bool)
	for n := range 3 {
		go func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(time.Duration(30+rand.Intn(100)) * time.Millisecond):
				}
				list := b.Questions(false)
				mu.Lock()
				groups = max(groups, len(list))
				mu.Unlock()
				for _, q := range list {
					b.Propose(ask.Proposal{Question: q.ID, Action: []ask.Action{ask.Permit, ask.Deny}[rand.Intn(2)], Scope: ask.Once, Author: fmt.Sprint(n)})
				}
			}
		}()
	}
	calls.Wait()
	close(stop)
	r := <-end
	t.Logf("longest task of the page %.0f ms, %d groups at once, %d calls", r.Long, groups, decided)
	if decided != 500 || groups > 20 || len(r.Errors) > 0 || len(r.Seen) == 0 {
		t.Errorf("%d decided, %d groups, %+v", decided, groups, r.Errors)
	}
	late := []int64{}
	for _, q := range b.Questions(true) {
		if at := r.Seen[fmt.Sprint(q.ID)]; at != 0 {
			late = append(late, at-q.Created.UnixMilli())
		}
	}
	slices.Sort(late)
	if len(late) > 0 {
		t.Logf("from a call to its line: %d lines, median %d ms, p99 %d ms", len(late), late[len(late)/2], late[len(late)*99/100])
	}
}

// TestClicks: an answer of the page reaches the call.
func TestClicks(t *testing.T) {
	s, b := served(t)
	ready, end := drive(t, s.URL(), "clicks", "")
	select {
	case <-ready:
	case r := <-end:
		t.Fatalf("%+v", r)
	}
	resumed := map[int64]int64{}
	for i := range 50 {
		o := b.Decide(reading(1, fmt.Sprintf("/data/d%d/x", i)), nil)
		resumed[int64(o.Question)] = time.Now().UnixMilli()
		if !o.Permit {
			t.Fatalf("%+v", o)
		}
	}
	r := <-end
	var took []int64
	for _, c := range r.Clicked {
		took = append(took, resumed[c[0]]-c[1])
	}
	slices.Sort(took)
	if len(took) != 50 || len(r.Errors) > 0 {
		t.Fatalf("%+v", r)
	}
	t.Logf("from a click to the resumed call: median %d ms, p99 %d ms", took[25], took[49])
}
