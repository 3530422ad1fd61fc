//go:build amd64 || arm64

package launcher

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// The thread that writes into callers can write into what it started, and into no
// other process of the same user, whatever number it is told.
func TestKinWritesToItsOwn(t *testing.T) {
	if landlock.ABI() == 0 {
		testbed.Skip(t, "Landlock")
	}
	r := &landlock.Ruleset{FS: landlock.MakeChar}
	fd, err := r.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Fatal(err)
	}
	other := exec.Command(sleep, "100")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer other.Wait()
	defer other.Process.Kill()
	sc := sys.NewScript()
	sc.Add("execute", unix.SYS_EXECVE, sc.KeepString(sleep), sc.KeepStrings([]string{"sleep", "100"}), sc.KeepStrings(nil))
	write := func(pid int) error { return sys.WriteMemory(pid, stackOf(t, pid), []byte{0}) }
	onKin(func(k *kin) {
		if err := k.enter(fd); err != nil {
			t.Error(err)
			return
		}
		h, err := k.start(sc, false)
		if err != nil {
			t.Error(err)
			return
		}
		own := h.PID
		defer unix.Wait4(own, nil, unix.WALL, nil)
		defer unix.Kill(own, unix.SIGKILL)
		if err := write(own); err != nil {
			t.Errorf("its own program: %v", err)
		}
		if err := write(other.Process.Pid); !errors.Is(err, unix.EPERM) {
			t.Errorf("another process: %v, want EPERM", err)
		}
	})
	if err := write(other.Process.Pid); err != nil {
		t.Errorf("another thread to another process: %v: the test proves nothing", err)
	}
}

// Others have the thread do something while it waits, and hear when it does nothing
// more.
func TestKinObliges(t *testing.T) {
	var late *kin
	onKin(func(k *kin) {
		late = k
		ran := 0
		if !k.do(func() { ran = unix.Gettid() }) || ran != k.tid {
			t.Errorf("its own request ran on %d, want %d", ran, k.tid)
		}
		fd, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
		if err != nil {
			t.Error(err)
			return
		}
		defer unix.Close(fd)
		k.listens(fd)
		answer := make(chan bool)
		go func() { answer <- k.do(func() { ran = -unix.Gettid() }) }()
		var count [8]byte
		unix.Read(fd, count[:])
		k.oblige()
		if !<-answer || ran != -k.tid {
			t.Errorf("another's request ran on %d, want %d", -ran, k.tid)
		}
		go func() { answer <- k.do(func() { t.Error("done after the end") }) }()
		unix.Read(fd, count[:]) // asked for, and never done
		go func() {
			if <-answer {
				t.Error("a request that was not done is reported as done")
			}
			close(answer)
		}()
		t.Cleanup(func() { <-answer })
	})
	if late.do(func() {}) {
		t.Error("a thread that has ended does something")
	}
}

// stackOf is an address on the stack of a process, below what it uses.
func stackOf(t *testing.T, pid int) uint64 {
	t.Helper()
	b, err := exec.Command("cat", procfs.Path(pid, "maps")).Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(b), "\n") {
		if strings.HasSuffix(line, "[stack]") {
			from, _, _ := strings.Cut(line, "-")
			at, err := strconv.ParseUint(from, 16, 64)
			if err != nil {
				t.Fatal(err)
			}
			return at
		}
	}
	t.Fatalf("no stack in %s", b)
	return 0
}
