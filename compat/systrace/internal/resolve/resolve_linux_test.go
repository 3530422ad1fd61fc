package resolve

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"
)

// TestWalk compares the walk, and the short way, with the kernel: a thread sees
// its own files as itself.
func TestWalk(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"d", "d/e", "d/e/f", "closed"} {
		must(t, os.Mkdir(dir+"/"+name, 0o755))
	}
	for _, name := range []string{"a", "d/a", "d/e/a"} {
		must(t, os.WriteFile(dir+"/"+name, nil, 0o644))
	}
	for link, to := range map[string]string{"l": "a", "ld": "d", "d/up": "../a", "abs": dir + "/d/e", "loop": "loop", "dang": "none", "d/e/out": "../../ld/./e", "slash": "d/"} {
		must(t, os.Symlink(to, dir+"/"+link))
	}
	must(t, os.Chmod(dir+"/closed", 0))
	t.Cleanup(func() { os.Chmod(dir+"/closed", 0o700) })
	start, err := unix.Open(dir, openPath, 0)
	must(t, err)
	root, err := unix.Open("/", openPath, 0)
	must(t, err)
	names := rapid.SampledFrom([]string{"a", "d", "e", "f", "l", "ld", "up", "abs", "loop", "dang", "out", "slash", "closed", "none", ".", "..", strings.Repeat("x", 256)})
	rapid.Check(t, func(r *rapid.T) {
		path := strings.Join(rapid.SliceOfN(names, 1, 5).Draw(r, "names"), rapid.SampledFrom([]string{"/", "//", "/./"}).Draw(r, "slash")) + rapid.SampledFrom([]string{"", "", "/"}).Draw(r, "end")
		if rapid.Bool().Draw(r, "absolute") {
			path = dir + "/" + path
		}
		follow, own := rapid.Bool().Draw(r, "follow"), rapid.Bool().Draw(r, "own")
		flags := openPath
		if !follow {
			flags |= unix.O_NOFOLLOW
		}
		want, wantErr := unix.Openat(start, path, flags, 0)
		v := &View{TID: unix.Gettid(), PID: os.Getpid(), Root: root, Own: own, FSUID: uint32(os.Getuid())}
		got, err := object(v, start, path, follow || strings.HasSuffix(path, "/"))
		if err != wantErr || err == nil && !SameFile(got, want) {
			r.Errorf("%q follow %v own %v: %v, want %v", path, follow, own, err, wantErr)
		}
		for _, fd := range []int{want, got} {
			if fd >= 0 {
				unix.Close(fd)
			}
		}
	})
}

func object(v *View, start int, path string, follow bool) (int, error) {
	at, err := v.Find(start, path, follow)
	if err != nil {
		return -1, err
	}
	defer at.Close()
	return at.Object()
}

// TestNoLinks: where links are refused, none is followed.
func TestNoLinks(t *testing.T) {
	dir := t.TempDir()
	must(t, os.Mkdir(dir+"/d", 0o755))
	must(t, os.WriteFile(dir+"/d/a", nil, 0o644))
	must(t, os.Symlink("d", dir+"/l"))
	start, err := unix.Open(dir, openPath, 0)
	must(t, err)
	for _, own := range []bool{true, false} {
		v := &View{TID: unix.Gettid(), PID: os.Getpid(), Root: start, Own: own, NoLinks: true}
		if _, err := object(v, start, "d/a", true); err != nil {
			t.Errorf("own %v: %v", own, err)
		}
		for _, path := range []string{"l/a", "l", "/proc/self/cwd", "/proc/self/fd/0"} {
			if strings.HasPrefix(path, "/proc") && !own {
				continue // its root is another one
			}
			if _, err := object(v, start, path, true); err == nil {
				t.Errorf("own %v: %s was followed", own, path)
			}
		}
	}
}

// TestOurs: this process is found by no number, in no procfs.
func TestOurs(t *testing.T) {
	root, err := unix.Open("/", openPath, 0)
	must(t, err)
	child := os.Getppid() // somebody else
	v := &View{TID: child, PID: child, Root: root, Own: true}
	tid := unix.Gettid()
	for _, path := range []string{"/proc/" + strconv.Itoa(os.Getpid()) + "/mem", "/proc/" + strconv.Itoa(tid) + "/mem", "/proc/" + strconv.Itoa(tid), "/proc/" + strconv.Itoa(os.Getpid()) + "/task/" + strconv.Itoa(tid) + "/mem"} {
		if fd, err := object(v, root, path, true); err != unix.EACCES {
			t.Errorf("%s: %d, %v", path, fd, err)
		}
	}
	if _, err := object(v, root, "/proc/self/stat", true); err != nil {
		t.Errorf("/proc/self of another: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
