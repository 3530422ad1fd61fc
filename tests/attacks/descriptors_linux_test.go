package attacks

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// A program of Command has no file but those that the Cmd gives it, whatever its
// maker was started with.
func TestInheritedDescriptors(t *testing.T) {
	self := testbedSelf(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		secret, err := os.CreateTemp(testbed.Dir(t, uid), "secret")
		if err != nil {
			t.Fatal(err)
		}
		defer secret.Close()
		for how, want := range map[string]bool{"plain": true, "command": false} {
			cmd := exec.Command("readlink", "/proc/self/fd/1", "/proc/self/fd/3")
			if how == "command" {
				cmd = exec.Command(self, "stdio rpath", "readlink", "/proc/self/fd/1", "/proc/self/fd/3")
			}
			cmd.Env = append(os.Environ(), "REACH="+how)
			cmd.ExtraFiles = []*os.File{secret}
			if uid != os.Getuid() {
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
			}
			out, _ := cmd.CombinedOutput() // readlink fails on what is not there
			got := strings.Contains(string(out), secret.Name())
			if got != want || !strings.Contains(string(out), "pipe:") {
				t.Errorf("%s: it has the descriptor: %v, want %v\n%s", how, got, want, out)
			}
		}
	})
}
