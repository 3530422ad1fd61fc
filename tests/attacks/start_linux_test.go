package attacks

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// A program that is signalled at any moment of its start comes to the end that it
// comes to without a launcher: it is neither lost, nor held for ever, nor does the
// signal get lost. Signals go to the whole process group, as those of a terminal do.
func TestSignalledStart(t *testing.T) {
	// Who ran these tests may ignore signals, as nohup does. What is caught is not
	// handed on ignored.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGHUP, syscall.SIGTERM, syscall.SIGTSTP, syscall.SIGWINCH)
	defer signal.Stop(caught)
	bin, prog := testbed.Pledge(t), buildC(t, "start.c")
	launches := map[string][]string{
		"alone":         {prog},
		"followed":      {bin, "-q", "stdio", "--", prog},
		"not followed":  {bin, "-q", "stdio exec", "--", prog},
		"in place":      {bin, "-q", "--exec", "stdio", "--", prog},
		"without words": {bin, "-q", "--kill", "stdio", "-u", "r:/", "--", prog},
	}
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, row := range []struct {
			does    string
			signals []syscall.Signal
			ends    int // as a shell says it
		}{
			{"waits", []syscall.Signal{syscall.SIGTERM}, 143},
			{"waits", []syscall.Signal{syscall.SIGHUP}, 129},
			{"waits", []syscall.Signal{syscall.SIGKILL}, 137},
			{"ends", []syscall.Signal{syscall.SIGWINCH}, 7},
			{"ends", []syscall.Signal{syscall.SIGCONT}, 7},
			{"ends", []syscall.Signal{syscall.SIGSTOP, syscall.SIGCONT}, 7},
			{"ends", []syscall.Signal{syscall.SIGTSTP, syscall.SIGCONT}, 7},
			{"waits", []syscall.Signal{syscall.SIGTSTP, syscall.SIGTERM, syscall.SIGCONT}, 143},
		} {
			for how, argv := range launches {
				for range 25 {
					after := time.Duration(rand.IntN(5000)) * time.Microsecond
					if got := signalled(t, uid, after, row.signals, append(argv, row.does)...); got != row.ends {
						t.Errorf("%s, %s, %v after %v: ends with %d, want %d", how, row.does, row.signals, after, got, row.ends)
						break
					}
				}
			}
		}
	})
}

// signalled starts a program in a process group of its own, sends that signals and
// returns how it ends, -1 if it does not.
func signalled(t *testing.T, uid int, after time.Duration, signals []syscall.Signal, argv ...string) int {
	t.Helper()
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = testbed.Dir(t, uid)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if syscall.Getuid() != uid {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); time.Since(began) < after; {
	}
	for i, sig := range signals {
		if i > 0 {
			time.Sleep(3 * time.Millisecond)
		}
		syscall.Kill(-cmd.Process.Pid, sig)
	}
	over := make(chan struct{})
	go func() { cmd.Wait(); close(over) }()
	select {
	case <-over:
	case <-time.After(10 * time.Second):
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		<-over
		return -1
	}
	if said.Len() > 0 {
		t.Log(said.String())
	}
	if ws := cmd.ProcessState.Sys().(syscall.WaitStatus); ws.Signaled() {
		return 128 + int(ws.Signal())
	}
	return cmd.ProcessState.ExitCode()
}

// What a program sees of its signals and its tracer is what it sees without a launcher.
func TestStartedState(t *testing.T) {
	bin, prog := testbed.Pledge(t), buildC(t, "start.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		blocked := []string{"env", "--block-signal=USR1,WINCH", "--ignore-signal=HUP,INT,CONT,TSTP"}
		for _, words := range []string{"stdio rpath", "stdio rpath exec", "stdio rpath prot_exec"} {
			for _, before := range [][]string{nil, blocked} {
				want := testbed.Run(t, uid, dir, nil, "", append(before, prog, "shows")...)
				got := testbed.Run(t, uid, dir, nil, "", append(before, bin, words, "--", prog, "shows")...)
				if want.Status != 7 || !bytes.Contains([]byte(want.Stdout), []byte("TracerPid:\t0")) {
					t.Fatalf("unconfined: %d, %q", want.Status, want.Stdout)
				}
				if got.Status != want.Status || got.Stdout != want.Stdout {
					t.Errorf("%q %s: status %d\n%swant\n%s", words, strings.Join(before, " "), got.Status, got.Stdout, want.Stdout)
				}
			}
		}
	})
}
