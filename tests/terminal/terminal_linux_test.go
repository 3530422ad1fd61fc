// Package terminal tests that signals, job control and the terminal of a
// confined program are those of the program itself.
package terminal

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

const shell = "stdio rpath proc exec tty getpw"

func TestInterruptReachesTheProgramOnce(t *testing.T) {
	x := open(t, `pledge "`+shell+`" -- sh -c 'n=0; trap "n=\$((n+1)); echo int=\$n" INT; echo ready; while :; do sleep 0.05; done'`)
	at := x.Expect("ready", 0)
	x.Type("\x03")
	at = x.Expect("int=1", at)
	time.Sleep(300 * time.Millisecond)
	if strings.Contains(x.Seen()[at:], "int=2") {
		t.Errorf("one interrupt arrived twice: %q", x.Seen())
	}
	x.Type("\x1c") // SIGQUIT ends it
	if st := x.Wait(); st != 131 {
		t.Errorf("status %d, want 131", st)
	}
}

// A signal that is ignored here (nohup) would be ignored by the program too; one
// that is caught has its default action there.
func TestSignalsSentToTheLauncher(t *testing.T) {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
	defer signal.Reset(syscall.SIGHUP)
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGINT, syscall.SIGQUIT} {
		t.Run(sig.String(), func(t *testing.T) {
			cmd := exec.Command(testbed.Pledge(t), shell, "--", "sh", "-c", `trap "exit 9" HUP TERM USR1 INT QUIT; echo ready; while :; do sleep 0.05; done`)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			out.Read(make([]byte, 6))
			cmd.Process.Signal(sig)
			cmd.Wait()
			if st := cmd.ProcessState.ExitCode(); st != 9 {
				t.Errorf("status %d, want the trap's 9", st)
			}
		})
	}
}

// An interactive shell stops the job with ^Z and continues it with fg.
func TestJobControl(t *testing.T) {
	testbed.Need(t, "bash")
	dir := testbed.Dir(t, os.Getuid())
	x := testbed.OpenTerminal(t, os.Getuid(), dir, []string{"PS1=$ "}, "bash", "--norc", "--noprofile", "-i")
	at := x.Expect("$ ", 0)
	x.Type(testbed.Pledge(t) + ` "` + shell + `" -- sh -c 'echo start"ed"; read x; echo got=$x' ` + "\n")
	at = x.Expect("started", at)
	x.Type("\x1a")
	at = x.Expect("Stopped", at)
	x.Type("echo pro''mpt\n")
	at = x.Expect("prompt", at)
	x.Type("fg\n")
	at = x.Expect("pledge", at)
	x.Type("hello\n")
	at = x.Expect("got=hello", at)
	x.Type("echo status=$?\n")
	x.Expect("status=0", at)
	x.Type("exit\n")
	x.Wait()
}

func TestWindowSize(t *testing.T) {
	// It ends by itself: a shell that is interrupted while it waits for stty goes
	// on if stty was not interrupted.
	x := open(t, `pledge "`+shell+`" -- bash -c 'trap "stty size; exit 7" WINCH; echo ready; while :; do sleep 0.05; done'`)
	at := x.Expect("ready", 0)
	x.Resize(40, 100)
	x.Expect("40 100", at)
	if st := x.Wait(); st != 7 {
		t.Errorf("status %d, want 7", st)
	}
}

// When the launcher is killed the program does not go on.
func TestLauncherKilled(t *testing.T) {
	cmd := exec.Command(testbed.Pledge(t), shell, "--", "sh", "-c", "echo $$; exec sleep 100")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 20)
	n, _ := out.Read(b)
	pid, err := strconv.Atoi(strings.TrimSpace(string(b[:n])))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	for range 200 {
		if syscall.Kill(pid, 0) != nil || zombie(pid) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("process %d goes on without its launcher", pid)
}

func zombie(pid int) bool {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(b), ") Z ")
}

// What is left of a program in the background stays denied.
func TestOutlivedSupervisor(t *testing.T) {
	dir := testbed.Dir(t, os.Getuid())
	testbed.Write(t, os.Getuid(), dir+"/f", "secret", 0o644)
	r := testbed.Run(t, os.Getuid(), dir, nil, "", testbed.Pledge(t), "-q", "stdio proc exec rpath", "--", "sh", "-c",
		`(sleep 0.3; cat f; echo x >`+dir+`/made) >/dev/null 2>&1 & echo ended`)
	if r.Stdout != "ended\n" {
		t.Fatalf("%+v", r)
	}
	time.Sleep(time.Second)
	if _, err := os.Stat(dir + "/made"); err == nil {
		t.Error("without its supervisor the program created a file")
	}
}

func TestPidOne(t *testing.T) {
	if os.Getuid() != 0 {
		testbed.Skip(t, "root, to make a process id namespace")
	}
	cmd := exec.Command(testbed.Pledge(t), "stdio rpath proc exec", "--", "sh", "-c", "echo $PPID; sleep 0.2 & exit 5")
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID}
	out, err := cmd.Output()
	if st := cmd.ProcessState.ExitCode(); st != 5 || string(out) != "1\n" {
		t.Errorf("status %d, parent %q, want 5 and 1: %v", st, out, err)
	}
}

func TestPipesAndTty(t *testing.T) {
	x := open(t, `echo "in"put | pledge "stdio rpath tty proc exec" -- sh -c 'cat; test -t 2 && echo "is" tty; echo x >/dev/tty'`)
	at := x.Expect("input", 0)
	at = x.Expect("is tty", at)
	x.Expect("x", at)
	if st := x.Wait(); st != 0 {
		t.Errorf("status %d", st)
	}
}

func TestLess(t *testing.T) {
	testbed.Need(t, "less")
	x := open(t, `seq 500 >n; LESSHISTFILE=- pledge "stdio rpath tty" -- less n; echo status=$?`)
	at := x.Expect("23", 0)
	x.Type("G")
	at = x.Expect("500", at)
	x.Type("q")
	x.Expect("status=0", at)
	if strings.Contains(x.Seen(), "pledge: ") {
		t.Errorf("something was refused: %q", x.Seen())
	}
}

func TestVi(t *testing.T) {
	testbed.Need(t, "vim")
	x := open(t, `echo one >v; pledge "stdio rpath wpath cpath fattr tty getpw" -- vim -u NONE -i NONE -n v; echo status=$?; cat v`)
	at := x.Expect("one", 0)
	time.Sleep(300 * time.Millisecond)
	x.Type("otwo\x1b:wq\r")
	at = x.Expect("status=0", at)
	x.Expect("two", at)
	if strings.Contains(x.Seen(), "pledge: ") {
		t.Errorf("something was refused: %q", x.Seen())
	}
}

func TestTmux(t *testing.T) {
	testbed.Need(t, "tmux")
	x := open(t, `pledge "stdio rpath wpath cpath fattr flock unix proc exec tty getpw sendfd recvfd id" -- tmux -S ./sock -f /dev/null new-session 'echo in"side"; sleep 0.3'; echo status=$?`)
	at := x.Expect("inside", 0)
	x.Expect("status=0", at)
}

// open runs a shell command on a terminal, with pledge in its PATH.
func open(t *testing.T, command string) *testbed.Terminal {
	t.Helper()
	bin := testbed.Pledge(t)
	dir := testbed.Dir(t, os.Getuid())
	return testbed.OpenTerminal(t, os.Getuid(), dir, []string{"PATH=" + filepath.Dir(bin) + ":" + os.Getenv("PATH")}, "sh", "-c", command)
}

// /dev/tty is the terminal of who opens it: a process that left its session has
// none, whatever the launcher has.
func TestTerminalOfWhoOpensIt(t *testing.T) {
	x := open(t, `pledge "stdio rpath tty proc exec" -- sh -c ': >/dev/tty && echo has one; setsid -w sh -c ": >/dev/tty"; echo done'`)
	at := x.Expect("has one", 0)
	at = x.Expect("No such device", at)
	x.Expect("done", at)
	if st := x.Wait(); st != 0 {
		t.Errorf("status %d", st)
	}
}
