package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// A machine is a kernel and how it is started.
type machine struct {
	name   string // of its column
	series string // of its kernel; "" is the newest
	arch   string
	cpu    string
	extra  string // words for the kernel
	why    string // it is in the table
}

var machines = []machine{
	{"5.10", "5.10", "amd64", "max", "yama=1", "Debian 11: no Landlock in its list, a signal interrupts supervised calls"},
	{"6.1", "6.1", "amd64", "max", "", "Debian 12, Amazon Linux 2023: Landlock ABI 2"},
	{"6.12", "6.12", "amd64", "max", "", "Debian 13: Landlock ABI 6"},
	{"6.12-yama1", "6.12", "amd64", "max", "yama=1", "Ubuntu: a process looks at those below it only"},
	{"6.12-yama2", "6.12", "amd64", "max", "yama=2", "hardened: looking at another process takes CAP_SYS_PTRACE"},
	{"6.12-yama3", "6.12", "amd64", "max", "yama=3", "hardened: nobody looks at another process"},
	{"6.12-nolandlock", "6.12", "amd64", "max", "lsm=lockdown,capability,yama yama=1", "no Landlock: tells what rests on it"},
	{"newest", "", "amd64", "max", "", "what distributions get next: the newest Landlock"},
	{"newest-yama1", "", "amd64", "max", "yama=1", "the same, as Ubuntu sets it"},
	{"newest-arm64", "", "arm64", "max", "", "the same on arm64"},
	{"6.12-arm64", "6.12", "arm64", "max", "", "arm64 with BTI: Graviton 4, Apple"},
	{"6.12-arm64-a57", "6.12", "arm64", "cortex-a57", "", "arm64 without BTI: Graviton 2 and 3, Raspberry Pi"},
}

// limit is how long a machine may take. It is generous: nothing of the processor is
// used but its time.
const limit = 20 * time.Minute

func (m *machine) qemu(kernel, root, checks string) *exec.Cmd {
	program, args, console := "qemu-system-x86_64", []string{"-machine", "pc"}, "ttyS0"
	if m.arch == "arm64" {
		program, args, console = "qemu-system-aarch64", []string{"-machine", "virt"}, "ttyAMA0"
	}
	words := fmt.Sprintf("console=%s quiet panic=-1 rdinit=/sbin/guest %s checks=%s", console, m.extra, checks)
	args = append(args, "-accel", "tcg", "-cpu", m.cpu, "-m", "1536", "-nodefaults", "-nographic", "-no-reboot",
		"-serial", "stdio", "-kernel", kernel, "-initrd", root, "-append", words)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Cancel = func() error { cancel(); return cmd.Process.Kill() }
	return cmd
}

// An outcome is what a machine said.
type outcome struct {
	release string
	order   []string
	results map[string]result
	console []string
	tell    io.Writer // where the results go meanwhile, or nil
}

type result struct {
	ok   bool
	said string
}

// boot runs the checks of a machine. A machine that dies has a result too: the check
// that it died in.
func (m *machine) boot(kernel, root, checks string, tell io.Writer) (*outcome, error) {
	cmd := m.qemu(kernel, root, checks)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	r := &outcome{results: map[string]result{}, tell: tell}
	in, ended := bufio.NewScanner(out), false
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		ended = r.line(strings.TrimRight(in.Text(), "\r")) || ended
	}
	if err := cmd.Wait(); err != nil && !ended {
		return r, fmt.Errorf("%w; the console's end:\n%s", err, strings.Join(r.console, "\n"))
	}
	if !ended {
		return r, fmt.Errorf("it ended before the checks did; the console's end:\n%s", strings.Join(r.console, "\n"))
	}
	return r, nil
}

// line takes one line of the console. Those of the guest begin with @@.
func (r *outcome) line(s string) (ended bool) {
	i := strings.Index(s, "@@ ")
	if i < 0 {
		r.console = append(r.console, s)
		r.console = r.console[max(0, len(r.console)-40):]
		return false
	}
	word, rest, _ := strings.Cut(s[i+3:], " ")
	name, said, _ := strings.Cut(rest, " ")
	switch word {
	case "kernel":
		r.release = rest
	case "end":
		return true
	case "ok", "FAIL":
		if r.tell != nil {
			fmt.Fprintln(r.tell, word, rest)
		}
		r.order = append(r.order, name)
		r.results[name] = result{word == "ok", said}
	}
	return false
}
