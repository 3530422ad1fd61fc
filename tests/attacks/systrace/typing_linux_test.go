package systrace

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// outcomes are the lines of typing.c: what became of each request.
func outcomes(t *testing.T, printed string) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`(call|high|i386) ([A-Z]+): (\d+)\.`).FindAllStringSubmatch(printed, -1) {
		found[m[1]+" "+m[2]] = m[3]
	}
	return found
}

// TestTyping: a program that may do anything else with its terminal does not
// type into it, which whoever reads next would take for the user's: the shell
// that started it, or systrace that asks.
func TestTyping(t *testing.T) {
	b := build(t)
	programs := map[string]string{"linux64": filepath.Join(b.dir, "typing")}
	must(t, exec.Command("gcc", "-O1", "-static", "-no-pie", "-o", programs["linux64"], "testdata/typing.c"))
	if testbed.RunsI386(t) {
		programs["linux"] = filepath.Join(b.dir, "typing32")
		must(t, exec.Command("gcc", "-m32", "-O1", "-static", "-no-pie", "-o", programs["linux"], "testdata/typing.c"))
	}
	testbed.Users(t, func(t *testing.T, uid int) {
		for emulation, program := range programs {
			t.Run(emulation, func(t *testing.T) { b.typing(t, uid, emulation, program) })
		}
	})
}

func (b *bench) typing(t *testing.T, uid int, emulation, program string) {
	dir := b.ground(t, uid)
	b.attack = program
	on := func(command ...string) string {
		x := testbed.OpenTerminal(t, uid, dir, nil, command...)
		x.Expect("end all: 0.", 0)
		x.Wait()
		return x.Seen()
	}
	// The attack succeeds unconfined, as far as the kernel lets anybody.
	if free := outcomes(t, on(program, "harmless")); free["call TIOCSETD"] != "0" {
		t.Fatalf("unconfined: %v", free)
	}
	for _, rules := range []string{"permit", "true then permit", `cmd neq "TIOCNXCL" then permit`, `cmd match "*" then permit`, "true then permit[detach]", `not cmd eq "TIOCNXCL" then permit log`} {
		policy := filepath.Join(dir, "policy")
		testbed.Write(t, uid, policy, b.policy(emulation, dir)+"\t"+emulation+"-ioctl: "+rules+"\n", 0o644)
		command := []string{b.supervisor[false], "-a", "-e", "-U", "-f", policy, program}
		if strings.Contains(rules, "detach") {
			command = append(command, "harmless")
		}
		got := outcomes(t, on(command...))
		if got["call TCGETS"] != "0" {
			t.Errorf("%s: isatty: error %s", rules, got["call TCGETS"])
		}
		if strings.Contains(rules, "detach") {
			continue // the first request lets go of the program
		}
		refused(t, rules, got)
	}
	policy := filepath.Join(dir, "policy")
	testbed.Write(t, uid, policy, b.policy(emulation, dir)+"\t"+emulation+"-ioctl: cmd eq \"tiocsetd\" then permit\n\t"+emulation+"-ioctl: true then permit\n", 0o644)
	got := outcomes(t, on(b.supervisor[false], "-a", "-e", "-U", "-f", policy, program))
	if got["call TIOCSETD"] != "0" {
		t.Errorf("a rule that names TIOCSETD: %v", got)
	}
	for _, way := range []string{"call", "high", "i386"} {
		delete(got, way+" TIOCSETD")
	}
	refused(t, "a rule that names another", got)
	b.learnsNoTyping(t, uid, dir, program, on)
}

// learnsNoTyping: learning neither permits such requests nor writes a rule that
// does, and nobody is asked about them.
func (b *bench) learnsNoTyping(t *testing.T, uid int, dir, program string, on func(...string) string) {
	policies := filepath.Join(dir, "policies")
	refused(t, "-A", outcomes(t, on(b.supervisor[false], "-A", "-e", "-d", policies, program)))
	list, err := filepath.Glob(policies + "/*")
	if err != nil || len(list) != 1 {
		t.Fatalf("policies: %v, %v", list, err)
	}
	text, err := os.ReadFile(list[0])
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), `-ioctl: cmd eq "TCGETS" then permit`) || strings.Count(string(text), "-ioctl:") != 1 {
		t.Errorf("learned:\n%s", text)
	}
	printed := on(b.supervisor[false], "-t", "-e", "-d", policies, program)
	refused(t, "-t", outcomes(t, printed))
	if strings.Contains(printed, "Answer:") {
		t.Errorf("somebody is asked:\n%s", printed)
	}
}

func refused(t *testing.T, what string, got map[string]string) {
	t.Helper()
	if len(got) < 9 {
		t.Errorf("%s: only %v", what, got)
	}
	for request, n := range got {
		if n != "1" && request != "call TCGETS" {
			t.Errorf("%s: %s: error %s, not EPERM", what, request, n)
		}
	}
}
