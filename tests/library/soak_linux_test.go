package library

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// soakTime is how long the server is under load; SOAK sets it, as 5m.
const soakTime = 8 * time.Second

// A pledged HTTP server under load from other threads and sockets, with garbage
// collections and new threads all the time, answers every request.
func TestSoak(t *testing.T) {
	for _, build := range []struct{ name, cgo string }{{"go", "0"}, {"cgo", "1"}} {
		t.Run(build.name, func(t *testing.T) { soak(t, buildWork(t, build.cgo)) })
	}
}

func soak(t *testing.T, bin string) {
	length := soakTime
	if s := os.Getenv("SOAK"); s != "" {
		var err error
		if length, err = time.ParseDuration(s); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(bin, "serve")
	cmd.Stderr = os.Stderr
	stdin, _ := cmd.StdinPipe()
	stdout, _ := cmd.StdoutPipe()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	if !lines.Scan() {
		t.Fatal("the server did not start")
	}
	asked, failed := load(lines.Text(), length)
	stdin.Close()
	lines.Scan()
	var served, collections, threads int64
	fmt.Sscanf(lines.Text(), "served %d collections %d threads %d", &served, &collections, &threads)
	lines.Scan()
	if err := cmd.Wait(); err != nil || lines.Text() != "ok" {
		t.Errorf("the server ended with %v, %q", err, lines.Text())
	}
	t.Logf("%d requests, %d collections, %d threads", asked, collections, threads)
	if failed > 0 || served != asked || asked < 100 || collections < 10 || threads < 5 {
		t.Errorf("%d requests, %d failed, %d served, %d collections, %d threads", asked, failed, served, collections, threads)
	}
}

// load sends requests from eight clients; every tenth opens a new connection.
func load(address string, length time.Duration) (asked, failed int64) {
	var n, bad atomic.Int64
	var wg sync.WaitGroup
	until := time.Now().Add(length)
	for range 8 {
		wg.Go(func() {
			c := &http.Client{Transport: &http.Transport{}, Timeout: 20 * time.Second}
			for i := 0; time.Now().Before(until); i++ {
				if i%10 == 9 {
					c.CloseIdleConnections()
				}
				r, err := c.Get("http://" + address)
				n.Add(1)
				if err != nil {
					bad.Add(1)
					continue
				}
				b, _ := io.ReadAll(r.Body)
				r.Body.Close()
				if strings.TrimSpace(string(b)) != "hello" {
					bad.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return n.Load(), bad.Load()
}
