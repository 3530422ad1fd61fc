package attacks

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// Under --kill a launcher's end, of whatever cause, is no end of the penalty: who
// outlives it dies of the next call that it may not make.
func TestPenaltyOutlivesLauncher(t *testing.T) {
	if landlock.At(landlock.ABI()).Scopes == 0 {
		testbed.Skip(t, "Landlock's signal scope (ABI 6)")
	}
	bin, outlive := testbed.Pledge(t), buildC(t, "outlive.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, row := range []struct {
			flags []string
			says  string
		}{{[]string{"--kill"}, ""}, {nil, "went on"}} {
			dir := testbed.Dir(t, uid)
			argv := append(append([]string{"-q"}, row.flags...), "stdio proc", "--", outlive)
			cmd := exec.Command(bin, argv...)
			cmd.Dir = dir
			if uid != os.Getuid() {
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
			}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			r := bufio.NewReader(out)
			if line, err := r.ReadString('\n'); line != "ready\n" {
				t.Fatalf("%q, %v", line, err)
			}
			cmd.Process.Signal(syscall.SIGKILL)
			said, _ := io.ReadAll(r)
			cmd.Wait()
			if (len(said) > 0) != (row.says != "") {
				t.Errorf("%v: %q, want %q", row.flags, said, row.says)
			}
		}
	})
}
