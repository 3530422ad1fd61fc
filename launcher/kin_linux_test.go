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
	k := newKin()
	defer k.end()
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Fatal(err)
	}
	sc := sys.NewScript()
	sc.Add("execute", unix.SYS_EXECVE, sc.KeepString(sleep), sc.KeepStrings([]string{"sleep", "100"}), sc.KeepStrings(nil))
	own, err := k.start(sc, fd, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Wait4(own, nil, unix.WALL, nil)
	defer unix.Kill(own, unix.SIGKILL)
	other := exec.Command(sleep, "100")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer other.Wait()
	defer other.Process.Kill()
	write := func(pid int) (err error) {
		k.do(func() { err = sys.WriteMemory(pid, stackOf(t, pid), []byte{0}) })
		return err
	}
	if err := write(own); err != nil {
		t.Errorf("its own program: %v", err)
	}
	if err := write(other.Process.Pid); !errors.Is(err, unix.EPERM) {
		t.Errorf("another process: %v, want EPERM", err)
	}
	if err := sys.WriteMemory(other.Process.Pid, stackOf(t, other.Process.Pid), []byte{0}); err != nil {
		t.Errorf("another thread to another process: %v: the test proves nothing", err)
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
