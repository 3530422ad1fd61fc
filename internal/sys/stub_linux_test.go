//go:build linux && (amd64 || arm64)

package sys_test

import (
	"bytes"
	"os/exec"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// run has a stub perform its steps, and returns what it writes.
func run(t *testing.T, st *sys.Stub) []byte {
	t.Helper()
	st.Exec("/bin/true", [3]uint64{})
	image, err := st.Image()
	if err != nil {
		t.Fatal(err)
	}
	fd, err := sys.Memfd("stub", image)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	var stderr bytes.Buffer
	cmd := exec.Command("/proc/self/fd/" + strconv.Itoa(fd))
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	return out
}

// What a step leaves behind says whether it failed: nothing that was there before
// can be taken for its result.
func TestStubStoresFailures(t *testing.T) {
	for _, before := range []uint64{0, 1, 0xffffffff} {
		st := &sys.Stub{}
		slot := st.Put(sys.Words(before, 0x55))
		missing := st.PutString("/nonexistent/file")
		st.Try(unix.SYS_OPENAT, 0xffffff9c, missing, unix.O_PATH)
		st.Store(slot)
		st.Add("write", unix.SYS_WRITE, 1, slot, 4)
		if out := run(t, st); !bytes.Equal(out, []byte{0xff, 0xff, 0xff, 0xff}) {
			t.Errorf("%#x before: a failed step stores %x, want -1", before, out)
		}
	}
	st := &sys.Stub{}
	slot := st.Put(sys.Words(0xffffffff))
	st.Try(unix.SYS_OPENAT, 0xffffff9c, st.PutString("/"), unix.O_PATH)
	st.Store(slot)
	st.Add("write", unix.SYS_WRITE, 1, slot, 4)
	if out := run(t, st); len(out) != 4 || out[0] < 3 || out[3] != 0 {
		t.Errorf("a step that succeeds stores %x, want a descriptor", out)
	}
}

// A step may depend on whether masks before it took something away.
func TestStubMasks(t *testing.T) {
	for _, c := range []struct {
		word uint64
		mask uint32
		want string
	}{{0xff, 0xff, ""}, {0, 0, ""}, {0x41, 0xff, ""}, {'A' | 0x80, 0x7f, "A"}, {'A' | 1<<31, 0x7fffffff, "A"}} {
		st := &sys.Stub{}
		slot := st.Put(sys.Words(c.word))
		st.Mask(slot, c.mask)
		st.Mask(st.Put(sys.Words(0)), 0)
		st.Add("write", unix.SYS_WRITE, 1, slot, 1)
		st.IfMasked()
		if out := run(t, st); string(out) != c.want {
			t.Errorf("%#x masked by %#x: %q is written, want %q", c.word, c.mask, out, c.want)
		}
	}
}
