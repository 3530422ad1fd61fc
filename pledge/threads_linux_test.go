//go:build amd64 || arm64

package pledge

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/unveil"
)

func init() { children["threads"] = manyThreads }

// manyThreads confines a process whose threads come and go, and looks at a hidden file
// on each of them.
func manyThreads() {
	must(unveil.Unveil("/usr", "r"))
	var seen, hidden, tries atomic.Int64
	var stop atomic.Bool
	look := func() {
		tries.Add(1)
		switch fd, err := unix.Open("/etc/hosts", unix.O_RDONLY|unix.O_CLOEXEC, 0); {
		case err == nil:
			seen.Add(1)
			unix.Close(fd)
		case errors.Is(err, os.ErrPermission):
			hidden.Add(1)
		}
	}
	fall := make(chan bool)
	var old, ready, churn sync.WaitGroup
	for range 40 {
		ready.Add(1)
		old.Go(func() {
			runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
			ready.Done()
			<-fall
			look()
		})
	}
	for range 4 {
		churn.Go(func() {
			for !stop.Load() {
				done := make(chan bool)
				go func() { runtime.LockOSThread(); close(done) }()
				<-done
			}
		})
	}
	ready.Wait()
	must(unveil.Block())
	for range 20 {
		old.Go(func() { runtime.LockOSThread(); look() })
	}
	close(fall)
	old.Wait()
	stop.Store(true)
	churn.Wait()
	fmt.Println(tries.Load(), seen.Load(), hidden.Load())
}

// Every thread is confined, with Go's runtime alone and with C's.
func TestThreads(t *testing.T) {
	for range 5 {
		if out, ws := child(t, "threads"); out != "60 0 60\n" || ws.ExitStatus() != 0 {
			t.Errorf("status %d, it prints %q", ws.ExitStatus(), out)
		}
	}
}
