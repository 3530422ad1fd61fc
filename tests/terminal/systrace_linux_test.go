package terminal

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// learned builds systrace and learns a policy of what a shell command does; it
// returns a directory to run in and the environment that finds systrace.
func learned(t *testing.T, command string) (dir string, env []string) {
	t.Helper()
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	dir = testbed.Dir(t, os.Getuid())
	for _, name := range []string{"f", "g", "h"} {
		testbed.Write(t, os.Getuid(), filepath.Join(dir, name), "this is "+name+"\n", 0o644)
	}
	env = []string{"PATH=" + filepath.Dir(testbed.Systrace(t)) + ":" + os.Getenv("PATH")}
	x := testbed.OpenTerminal(t, os.Getuid(), dir, env, "sh", "-c", "systrace -A -d pol "+command+" <g; echo learned=$?")
	x.Expect("learned=0", 0)
	return dir, env
}

// A person is asked on the terminal that the program reads from as well.
func TestDialogue(t *testing.T) {
	dir, env := learned(t, "cat -")
	x := testbed.OpenTerminal(t, os.Getuid(), dir, env, "sh", "-c", "systrace -t -d pol cat f -; echo status=$?")
	at := x.Expect("filename: "+dir+"/f", 0)
	at = x.Expect("Answer: ", at)
	x.Type("review\n")
	at = x.Expect("Filter review:", at)
	at = x.Expect("Answer: ", at)
	x.Type("permit-now\n")
	for strings.Contains(answered(x, at, "this is f"), "Answer: ") { // other calls that reading a file brings
		at = x.Expect("Answer: ", at)
		x.Type("permit\n")
	}
	at = x.Expect("this is f", at)
	x.Type("typed for cat\n")
	at = x.Expect("typed for cat\r\ntyped for cat", at) // the terminal's echo, and cat's
	x.Type("\x04")
	x.Expect("status=0", at)
}

// What was typed before a question was there to be read is no answer to it.
func TestTypedAhead(t *testing.T) {
	dir, env := learned(t, "cat -")
	x := testbed.OpenTerminal(t, os.Getuid(), dir, env, "sh", "-c", "read go; systrace -t -d pol sh -c 'cat f'; echo status=$?")
	x.Type("go\n" + strings.Repeat("permit\n", 3))
	at := x.Expect("Answer: ", 0)
	time.Sleep(300 * time.Millisecond) // an answer would be taken by now
	if s := x.Seen()[at:]; strings.Contains(s, "Answer: ") {
		t.Errorf("answered by what was typed before:\n%s", x.Seen())
	}
	x.Type("kill\n")
	x.Expect("status=137", at)
}

// answered waits for a text or a question, and returns what was printed.
func answered(x *testbed.Terminal, skip int, text string) string {
	for {
		s := x.Seen()[skip:]
		if strings.Contains(s, text) {
			return ""
		}
		if strings.Contains(s, "Answer: ") {
			return s
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// Two processes at once: one question after the other.
func TestTwoDialogues(t *testing.T) {
	dir, env := learned(t, `sh -c "cat g & cat g & wait"`)
	x := testbed.OpenTerminal(t, os.Getuid(), dir, env, "sh", "-c", `systrace -t -d pol sh -c "cat f & cat h & wait"; echo status=$?`)
	at := 0
	for range 2 {
		at = x.Expect("filename: "+dir+"/", at)
		at = x.Expect("Answer: ", at)
		if i := strings.Index(x.Seen()[at:], "Answer: "); i >= 0 {
			t.Fatalf("a second question before the first was answered: %q", x.Seen()[at:])
		}
		x.Type("permit-now\n")
	}
	x.Expect("this is f", 0)
	x.Expect("this is h", 0)
	x.Expect("status=0", at)
}

// Signals of the terminal are the program's; its job can be stopped.
func TestSystraceJob(t *testing.T) {
	dir, env := learned(t, "cat -")
	testbed.Need(t, "bash")
	x := testbed.OpenTerminal(t, os.Getuid(), dir, append(env, "PS1=$ "), "bash", "--norc", "--noprofile", "-i")
	at := x.Expect("$ ", 0)
	x.Type("systrace -a -e -d pol cat -\n")
	at = x.Expect("cat -", at)
	x.Type("one\n")
	at = x.Expect("one\r\none", at)
	x.Type("\x1a")
	at = x.Expect("Stopped", at)
	x.Type("fg\n")
	at = x.Expect("systrace", at)
	// What is typed while the shell hands the terminal over may be lost.
	for try := 0; try < 20 && !strings.Contains(x.Seen()[at:], "two\r\ntwo"); try++ {
		x.Type("two\n")
		time.Sleep(300 * time.Millisecond)
	}
	at = x.Expect("two\r\ntwo", at)
	x.Type("\x03")
	at = x.Expect("$ ", at)
	x.Type("echo status=$?\n")
	x.Expect("status=130", at)
	x.Type("exit\n")
	x.Wait()
}

// A session in a shell, learned twice and then enforced.
func TestSystraceSession(t *testing.T) {
	testbed.Need(t, "bash")
	dir, env := learned(t, "true")
	session := func(options string) (seen string, status int) {
		x := testbed.OpenTerminal(t, os.Getuid(), dir, append(env, "PS1=$ ", "HISTFILE="), "sh", "-c", "exec systrace "+options+" -d pol bash --norc --noprofile -i")
		at := x.Expect("$ ", 0)
		for _, line := range []struct{ typed, want string }{
			{"cat f | tr a-z A-Z", "THIS IS F"}, {"cd /", "$ "}, {"pwd; cd -", dir}, {"for i in 1 2; do echo n$((i+1)); done", "n3"},
		} {
			x.Type(line.typed + "\n")
			at = x.Expect(line.want, at)
		}
		x.Type("exit 3\n")
		return x.Seen(), x.Wait()
	}
	for range 2 {
		if seen, status := session("-A"); status != 3 {
			t.Fatalf("learning: status %d\n%q", status, seen)
		}
	}
	if seen, status := session("-a -e"); status != 3 || strings.Contains(seen, "systrace: deny") {
		t.Errorf("status %d\n%q", status, seen)
	}
}
