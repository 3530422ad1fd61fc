package systrace

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// TestAttach: -p confines a process that runs, all its threads, and disturbs
// none of the calls that they wait in.
func TestAttach(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "gcc")
	supervisor, prog := testbed.Systrace(t), compiled(t, "waits")
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		for _, name := range []string{"good", "evil"} {
			testbed.Write(t, uid, filepath.Join(dir, name), "text", 0o644)
		}
		fill := strings.NewReplacer("DIR", dir, "PROG", prog)
		testbed.Write(t, uid, filepath.Join(dir, "p"), fill.Replace(permits), 0o644)
		as := func(cmd *exec.Cmd) {
			if uid != os.Getuid() {
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
			}
		}
		program := exec.Command(prog)
		as(program)
		in, err := program.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := program.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := program.Start(); err != nil {
			t.Fatal(err)
		}
		defer program.Process.Kill()
		lines := bufio.NewReader(out)
		ask := func(thread int, name, want string) {
			t.Helper()
			fmt.Fprintf(in, "%d %s/%s\n", thread, dir, name)
			if got, err := lines.ReadString('\n'); strings.TrimSpace(got) != want {
				t.Errorf("thread %d, %s: %q (%v), want %s", thread, name, got, err, want)
			}
		}
		ask(1, "evil", "opened")
		ask(2, "evil", "opened")
		attached := exec.Command(supervisor, "-a", "-e", "-U", "-f", filepath.Join(dir, "p"), "-p", fmt.Sprint(program.Process.Pid), prog)
		as(attached)
		var said strings.Builder
		attached.Stderr = &said
		if err := attached.Start(); err != nil {
			t.Fatal(err)
		}
		defer attached.Process.Kill()
		confined(t, program.Process.Pid)
		for thread := 1; thread <= 2; thread++ {
			ask(thread, "good", "opened")
			ask(thread, "evil", "refused")
		}
		time.Sleep(200 * time.Millisecond) // the sleeper would say if it was woken
		in.Close()
		rest, _ := lines.ReadString('\n')
		program.Wait()
		if status := program.ProcessState.ExitCode(); status != 5 || rest != "" {
			t.Errorf("status %d, want 5; it said %q", status, rest)
		}
		if err := attached.Wait(); err != nil {
			t.Errorf("systrace: %v\n%s", err, said.String())
		}
	})
}

// confined waits until a process has a filter, and does not have its listener.
func confined(t *testing.T, pid int) {
	t.Helper()
	for range 200 {
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil {
			t.Fatal(err)
		}
		links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		if err != nil {
			t.Fatal(err)
		}
		listens := false
		for _, l := range links {
			name, _ := os.Readlink(l)
			listens = listens || strings.Contains(name, "seccomp")
		}
		if strings.Contains(string(status), "\nSeccomp:\t2\n") && strings.Contains(string(status), "\nTracerPid:\t0\n") && !listens {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("the process did not get a filter")
}
