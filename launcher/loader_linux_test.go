//go:build amd64 || arm64

package launcher

import (
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// The window ends for good by processor time or by the clock, and not before any
// loader is done.
func TestWindowEnds(t *testing.T) {
	for _, c := range []struct {
		passed, used time.Duration
		over         bool
	}{
		{0, 0, false}, {29 * time.Second, 29 * time.Second, false}, {time.Minute, time.Second, false},
		{time.Minute, 21 * time.Second, true}, {11 * time.Minute, 0, true},
	} {
		if got := expired(c.passed, c.used); got != c.over {
			t.Errorf("after %v, %v of them on a processor: %v", c.passed, c.used, got)
		}
	}
	w := window{since: time.Now().Add(-time.Hour)}
	if !w.over(os.Getpid()) {
		t.Error("an hour is not too long")
	}
	w.since = time.Now()
	if !w.over(os.Getpid()) {
		t.Error("a window that was over begins again")
	}
	if (&window{}).over(os.Getpid()) {
		t.Error("a window is over that has not begun")
	}
	for range 1000000 {
		unix.Getppid()
		if cpuTime(os.Getpid()) > 0 {
			return
		}
	}
	t.Error("this process has used no processor")
}

// Only what is code already, all of it, may be told to be code.
func TestIsCode(t *testing.T) {
	page := uint64(os.Getpagesize())
	m, err := unix.Mmap(-1, 0, int(4*page), unix.PROT_READ, unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(m)
	for i, prot := range []int{unix.PROT_READ | unix.PROT_EXEC, unix.PROT_READ | unix.PROT_EXEC, unix.PROT_READ | unix.PROT_WRITE} {
		if err := unix.Mprotect(m[uint64(i)*page:uint64(i+1)*page], prot); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	maps := string(b)
	at := uint64(sys.Keep(sys.NewScript(), &m[0]))
	for _, c := range []struct {
		from, size uint64
		want       bool
	}{
		{0, page, true}, {0, 2 * page, true}, {page, page, true}, {page, 1, true},
		{0, 3 * page, false}, {page, 2 * page, false}, {2 * page, page, false}, {3 * page, page, false}, {0, 0, false}, {0, ^uint64(0) - at, false},
	} {
		if got := isCode(maps, at+c.from, c.size); got != c.want {
			t.Errorf("%d bytes at %d: %v", c.size, c.from, got)
		}
	}
	if isCode(maps, 1<<40, page) {
		t.Error("memory that is not mapped is code")
	}
}

func TestBeneath(t *testing.T) {
	for _, c := range []struct {
		name, dir string
		want      bool
	}{
		{"/a/b", "/a", true}, {"/a", "/a", true}, {"/ab", "/a", false}, {"/a", "/a/b", false},
		{"/a", "/", true}, {"/", "/", true}, {"/", "/a", false}, {"a", "/", false},
	} {
		if beneath(c.name, c.dir) != c.want {
			t.Errorf("beneath(%q, %q) is not %v", c.name, c.dir, c.want)
		}
	}
}
