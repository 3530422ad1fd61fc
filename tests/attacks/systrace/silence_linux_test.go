package systrace

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// TestSilence: a program that has stopped what systrace logs to holds up neither
// systrace nor itself, and what ends programs ends it.
func TestSilence(t *testing.T) {
	b := build(t)
	b.attack = filepath.Join(b.dir, "silence")
	must(t, exec.Command("gcc", "-O1", "-static", "-o", b.attack, "testdata/silence.c"))
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := b.ground(t, uid)
		policy := filepath.Join(dir, "policy")
		testbed.Write(t, uid, policy, b.policy("linux64", dir)+"\tlinux64-ioctl: permit\n\tlinux64-pause: permit\n", 0o644)
		command := []string{b.supervisor[false], "-a", "-e", "-U", "-f", policy, b.attack}
		t.Run("terminal", func(t *testing.T) {
			x := testbed.OpenTerminal(t, uid, dir, nil, append(command, "stop", "300")...)
			if status := x.Wait(); status != 7 {
				t.Errorf("status %d", status)
			}
		})
		t.Run("ended", func(t *testing.T) {
			here := filepath.Join(dir, "made/here")
			x := testbed.OpenTerminal(t, uid, dir, nil, append(command, "stop", "300", here)...)
			for end := time.Now().Add(time.Minute); !exists(here); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(end) {
					t.Fatal("the program waits for the terminal that it has stopped")
				}
			}
			x.Process().Signal(syscall.SIGTERM)
			if status := x.Wait(); status != 128+int(syscall.SIGTERM) {
				t.Errorf("status %d", status)
			}
		})
		t.Run("pipe", func(t *testing.T) {
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			cmd := exec.Command(command[0], append(command[1:], "pipe", "3000")...)
			cmd.Dir, cmd.Stderr = dir, w
			if uid != os.Getuid() {
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			w.Close()
			ended := make(chan struct{})
			go func() { cmd.Wait(); close(ended) }()
			select {
			case <-ended:
			case <-time.After(60 * time.Second):
				cmd.Process.Kill()
				t.Fatal("a pipe that nobody reads holds systrace up")
			}
			if status := cmd.ProcessState.ExitCode(); status != 7 {
				t.Errorf("status %d", status)
			}
		})
	})
}
