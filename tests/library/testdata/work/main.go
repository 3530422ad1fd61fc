// Work pledges and then does what its first argument says; it prints ok.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/syslog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"runtime/trace"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pledge-linux/pledge/pledge"
	"github.com/pledge-linux/pledge/unveil"
)

// A job is prepared before the pledge and done after it.
type job struct {
	promises string
	prepare  func(args []string) error
	do       func(args []string) error
}

var jobs = map[string]job{
	"runtime":  {"stdio", nil, goRuntime},
	"profiles": {"stdio", nil, profiles},
	"random":   {"stdio", nil, random},
	"zones":    {"stdio", nil, zones},
	"pipes":    {"stdio", nil, pipes},
	"user":     {"stdio getpw", nil, users},
	"hosts":    {"stdio dns", nil, hosts},
	"dns":      {"stdio dns", nil, lookup},
	"syslog":   {"stdio unix", nil, logs},
	"http":     {"stdio inet", nil, web},
	"roots":    {"stdio rpath", nil, roots},
	"exec":     {"stdio rpath proc exec", nil, programs},
	"veil":     {"stdio rpath", veil, behindVeil},
	"serve":    {"stdio inet", listen, serve},
}

func main() {
	j := jobs[os.Args[1]]
	if j.prepare != nil {
		check(j.prepare(os.Args[2:]))
	}
	if os.Getenv("UNPLEDGED") == "" {
		check(pledge.Promises(j.promises))
	}
	check(j.do(os.Args[2:]))
	fmt.Println("ok")
}

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// goRuntime makes garbage, threads, timers and loops that must be preempted.
func goRuntime([]string) error {
	stop := time.Now().Add(700 * time.Millisecond)
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			runtime.LockOSThread() // a thread that ends with it
			time.Sleep(5 * time.Millisecond)
		})
	}
	for range 4 {
		wg.Go(func() {
			x := 0
			for time.Now().Before(stop) {
				for i := range 1_000_000 {
					x += i
				}
			}
		})
	}
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	var keep [][]byte
	for time.Now().Before(stop) {
		<-tick.C
		keep = append(keep, make([]byte, 1<<18))
		if len(keep) > 40 {
			keep = nil
			runtime.GC()
			debug.FreeOSMemory()
		}
	}
	wg.Wait()
	runtime.GOMAXPROCS(3)
	return nil
}

func profiles([]string) error {
	var cpu, heap, tr bytes.Buffer
	if err := pprof.StartCPUProfile(&cpu); err != nil {
		return err
	}
	if err := trace.Start(&tr); err != nil {
		return err
	}
	for until := time.Now().Add(300 * time.Millisecond); time.Now().Before(until); {
	}
	trace.Stop()
	pprof.StopCPUProfile()
	if err := pprof.WriteHeapProfile(&heap); err != nil {
		return err
	}
	if cpu.Len() == 0 || heap.Len() == 0 || tr.Len() == 0 {
		return errors.New("an empty profile")
	}
	return nil
}

func random([]string) error {
	b := make([]byte, 4096)
	_, err := rand.Read(b)
	return err
}

func zones([]string) error {
	for _, name := range []string{"Europe/Berlin", "America/New_York"} {
		if _, err := time.LoadLocation(name); err != nil {
			return err
		}
	}
	_ = time.Now().Local().String()
	return nil
}

func pipes([]string) error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	go func() { time.Sleep(20 * time.Millisecond); w.Write([]byte("x")); w.Close() }()
	r.SetReadDeadline(time.Now().Add(5 * time.Second)) // by the network poller
	b, err := io.ReadAll(r)
	if err == nil && string(b) != "x" {
		err = fmt.Errorf("read %q", b)
	}
	return err
}

func users([]string) error {
	u, err := user.Lookup("root")
	if err != nil {
		return err
	}
	if _, err := user.LookupGroupId("0"); err != nil {
		return err
	}
	if u.Uid != "0" {
		return fmt.Errorf("root is %s", u.Uid)
	}
	return nil
}

func hosts([]string) error {
	addrs, err := net.DefaultResolver.LookupHost(context.Background(), "localhost")
	if err == nil && len(addrs) == 0 {
		err = errors.New("no address")
	}
	return err
}

// lookup asks the name server whose address is the argument.
func lookup(args []string) error {
	r := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, args[0])
	}}
	addrs, err := r.LookupHost(context.Background(), "pledge.test.")
	if err == nil && (len(addrs) == 0 || addrs[0] != "192.0.2.7") {
		err = fmt.Errorf("answer %v", addrs)
	}
	return err
}

func logs(args []string) error {
	w, err := syslog.Dial("unixgram", args[0], syslog.LOG_INFO, "work")
	if err != nil {
		return err
	}
	return w.Info("hello")
}

func web([]string) error {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") })
	plain, secure := httptest.NewServer(h), httptest.NewTLSServer(h)
	defer plain.Close()
	defer secure.Close()
	for _, s := range []*httptest.Server{plain, secure} {
		var wg sync.WaitGroup
		errs := make(chan error, 20)
		for range 20 {
			wg.Go(func() { errs <- fetch(s.Client(), s.URL) })
		}
		wg.Wait()
		for range 20 {
			if err := <-errs; err != nil {
				return err
			}
		}
	}
	return nil
}

func fetch(c *http.Client, url string) error {
	r, err := c.Get(url)
	if err != nil {
		return err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err == nil && string(b) != "hello" {
		err = fmt.Errorf("body %q", b)
	}
	return err
}

var listener net.Listener

func listen([]string) (err error) {
	listener, err = net.Listen("tcp", "127.0.0.1:0")
	return err
}

// serve answers requests, with garbage and threads, until its input ends.
func serve([]string) error {
	debug.SetGCPercent(5)
	fmt.Println(listener.Addr())
	var served atomic.Int64
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		waste := make([][]byte, 8)
		for i := range waste {
			waste[i] = make([]byte, 1<<13)
		}
		if served.Add(1)%64 == 0 { // a thread that ends with its goroutine
			done := make(chan bool)
			go func() { runtime.LockOSThread(); time.Sleep(time.Millisecond); close(done) }()
			<-done
		}
		io.WriteString(w, "hello")
		runtime.KeepAlive(waste)
	}))
	io.ReadAll(os.Stdin)
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Println("served", served.Load(), "collections", m.NumGC, "threads", pprof.Lookup("threadcreate").Count())
	return nil
}

func roots([]string) error {
	pool, err := x509.SystemCertPool()
	if err != nil {
		return err
	}
	if pool.Equal(x509.NewCertPool()) {
		return errors.New("no system roots")
	}
	_ = &tls.Config{RootCAs: pool}
	return nil
}

func programs([]string) error {
	out, err := exec.Command("echo", "hello").Output()
	if err == nil && string(out) != "hello\n" {
		err = fmt.Errorf("output %q", out)
	}
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := exec.CommandContext(ctx, "sleep", "10").Run(); err == nil {
		return errors.New("sleep was not killed")
	}
	return nil
}

func veil(args []string) error { return unveil.Unveil(args[0], "r") }

// behindVeil reads the directory, replaces nothing, and does not see the rest.
func behindVeil(args []string) error {
	if _, err := os.ReadFile(args[0] + "/f"); err != nil {
		return err
	}
	if _, err := os.ReadDir(args[0]); err != nil {
		return err
	}
	// A file that another process replaces by rename stays readable: the rule is
	// the directory's.
	os.Stdout.WriteString("replace\n")
	io.ReadAll(os.Stdin)
	if b, err := os.ReadFile(args[0] + "/f"); err != nil || string(b) != "new\n" {
		return fmt.Errorf("after rename: %q, %v", b, err)
	}
	if _, err := os.ReadFile("/etc/passwd"); !errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("/etc/passwd: %v", err)
	}
	return nil
}
