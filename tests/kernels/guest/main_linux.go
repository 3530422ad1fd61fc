// Guest is the first process of a machine of tests/kernels: it makes what a system
// has, runs the checks, prints a line for each, and turns the machine off.
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func main() {
	if os.Getpid() != 1 {
		checks()
		return
	}
	prepare()
	reap()
	unix.Reboot(unix.LINUX_REBOOT_CMD_POWER_OFF)
}

// reap starts the checks and is init for whoever loses its parent meanwhile.
func reap() {
	cmd := exec.Command("/proc/self/exe")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		fmt.Println("checks:", err)
		return
	}
	for {
		pid, err := unix.Wait4(-1, nil, 0, nil)
		if pid == cmd.Process.Pid || err == unix.ECHILD {
			return
		}
	}
}

// prepare makes what the programs of a system rely on.
func prepare() {
	for _, m := range []struct{ kind, where string }{
		{"proc", "/proc"}, {"sysfs", "/sys"}, {"devtmpfs", "/dev"}, {"tmpfs", "/tmp"}, {"tmpfs", "/run"}, {"securityfs", "/sys/kernel/security"},
	} {
		if err := unix.Mount(m.kind, m.where, m.kind, 0, ""); err != nil {
			fmt.Println("mount", m.where, err)
		}
	}
	os.Chmod("/tmp", 0o1777|os.ModeSticky)
	os.Symlink("/proc/self/fd", "/dev/fd")
	os.MkdirAll("/dev/shm", 0o1777)
	os.Setenv("PATH", "/usr/bin:/usr/sbin")
	os.Setenv("HOME", "/tmp")
	for _, c := range []string{"ldconfig", "busybox ip link set lo up"} {
		words := strings.Fields(c)
		if out, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
			fmt.Println(c, err, string(out))
		}
	}
	if scope := word("yama"); scope != "" {
		if err := os.WriteFile("/proc/sys/kernel/yama/ptrace_scope", []byte(scope), 0o644); err != nil {
			fmt.Println("yama", err)
		}
	}
}

// word is a word of the kernel's command line.
func word(name string) string {
	b, _ := os.ReadFile("/proc/cmdline")
	for _, w := range strings.Fields(string(b)) {
		if key, value, _ := strings.Cut(w, "="); key == name {
			return value
		}
	}
	return ""
}

func checks() {
	var u unix.Utsname
	unix.Uname(&u)
	fmt.Println("@@ kernel", unix.ByteSliceToString(u.Release[:]))
	pattern := word("checks")
	for _, c := range table {
		if hit, _ := path.Match(pattern, c.name); !hit {
			continue
		}
		bad := ""
		for _, uid := range c.users() {
			if said := c.run(uid); said != "" {
				bad += fmt.Sprintf("(uid %d) %s ", uid, said)
			}
		}
		if bad == "" {
			fmt.Println("@@ ok", c.name)
		} else {
			fmt.Println("@@ FAIL", c.name, bad)
		}
	}
	fmt.Println("@@ end")
}

const nobody = 65534

func (c *check) users() []int {
	if c.only != 0 {
		return []int{int(c.only) - 1}
	}
	return []int{0, nobody}
}

// limit is how long a check may take: what takes longer hangs.
const limit = 20 * time.Second

// run returns what was not as it should be.
func (c *check) run(uid int) string {
	dir := filepath.Join("/tmp/checks", c.name, strconv.Itoa(uid))
	if err := furnish(dir, uid); err != nil {
		return err.Error()
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", c.script)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+dir, "D="+dir, "HOME="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if uid != 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}
	}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); cmd.ProcessState == nil {
		return err.Error()
	}
	return c.judge(ctx.Err() != nil, cmd.ProcessState.ExitCode(), out.String())
}

// furnish makes the files that checks use.
func furnish(dir string, uid int) error {
	for name, text := range map[string]string{"f": "hello\n", "g": "other\n", "d/f": "one\n"} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return filepath.WalkDir(dir, func(name string, _ os.DirEntry, err error) error {
		if err == nil {
			err = os.Chown(name, uid, uid)
		}
		return err
	})
}

func (c *check) judge(late bool, status int, out string) string {
	wrong := ""
	switch {
	case late:
		wrong = "it hangs"
	case status != c.status:
		wrong = fmt.Sprintf("status %d, want %d", status, c.status)
	}
	for _, want := range c.want {
		if not, is := strings.CutPrefix(want, "!"); is {
			if regexp.MustCompile("(?m)" + not).MatchString(out) {
				wrong += fmt.Sprintf(" said %q", not)
			}
		} else if !regexp.MustCompile("(?m)" + want).MatchString(out) {
			wrong += fmt.Sprintf(" no %q", want)
		}
	}
	if wrong == "" {
		return ""
	}
	return strings.TrimSpace(wrong) + fmt.Sprintf(": %q", out)
}
