package testbed

import (
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"
)

// Other starts a process of the user that has nothing to do with what is
// confined, and returns its number. It ends with the test.
func Other(t testing.TB, uid int) string {
	t.Helper()
	cmd := exec.Command("sleep", "1000")
	if uid != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return strconv.Itoa(cmd.Process.Pid)
}
