//go:build linux && (amd64 || arm64)

package sys_test

import (
	"bytes"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
)

// start makes a command of a stub.
func start(t *testing.T, st *sys.Stub) *exec.Cmd {
	t.Helper()
	image, err := st.Image()
	if err != nil {
		t.Fatal(err)
	}
	fd, err := sys.Memfd("stub", image)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return exec.Command("/proc/self/fd/" + strconv.Itoa(fd))
}

// run has a stub perform its steps, and returns what it writes.
func run(t *testing.T, st *sys.Stub) []byte {
	t.Helper()
	st.Exec("/bin/true", [3]uint64{})
	var stderr bytes.Buffer
	cmd := start(t, st)
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

// What a stub says of a failure is one printable line, whatever names are in it.
func TestStubMessages(t *testing.T) {
	for _, name := range []string{"\x1b]0;x\a", "a\nforged[1]: pledge \"\"", "\xff\u202e", "plain"} {
		fail, missing := &sys.Stub{}, &sys.Stub{}
		fail.Add("open "+name, unix.SYS_OPENAT, 0xffffff9c, fail.PutString("/nonexistent/"+name))
		missing.Exec("/nonexistent/"+name, [3]uint64{})
		fail.Exec("/bin/true", [3]uint64{})
		for want, st := range map[int]*sys.Stub{125: fail, 126: missing} {
			var stderr bytes.Buffer
			cmd := start(t, st)
			cmd.Stderr = &stderr
			if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != want {
				t.Errorf("%q: %v, want status %d", name, err, want)
			}
			said := stderr.String()
			for _, r := range strings.TrimSuffix(said, "\n") {
				if !strconv.IsPrint(r) || r == utf8.RuneError {
					t.Errorf("%q: it says %q", name, said)
				}
			}
			if !strings.HasPrefix(said, "pledge: cannot ") || !strings.HasSuffix(said, "\n") {
				t.Errorf("%q: it says %q", name, said)
			}
		}
	}
}
