//go:build unix

// Package testbed builds the command under test and runs it as root and as an
// ordinary user.
package testbed

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Ordinary is the id of the ordinary user that tests run as when they run as
// root.
const Ordinary = 65534

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pledge-bin")
	if err != nil {
		return "", err
	}
	args, cgo := []string{"build", "-o", dir + "/"}, "CGO_ENABLED=0"
	if os.Getenv("TESTS_RACE") != "" { // make race
		args, cgo = append(args, "-race", "-tags", "netgo,osusergo", "-ldflags", "-linkmode external -extldflags -static"), "CGO_ENABLED=1"
	}
	cmd := exec.Command("go", append(args, "github.com/pledge-linux/pledge/cmd/...")...)
	cmd.Env = append(os.Environ(), cgo)
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return filepath.Join(dir, "pledge"), os.Chmod(dir, 0o755)
})

// Pledge returns the path of the command, which has pledge-tools beside it.
func Pledge(t testing.TB) string {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// Systrace returns the path of systrace's command, built with the others.
func Systrace(t testing.TB) string {
	t.Helper()
	return filepath.Join(filepath.Dir(Pledge(t)), "systrace")
}

// Users calls f once for every user that this test can run as: the current one,
// and an ordinary one if that is root.
func Users(t *testing.T, f func(t *testing.T, uid int)) {
	t.Run(userName(os.Getuid()), func(t *testing.T) { f(t, os.Getuid()) })
	if os.Getuid() == 0 {
		t.Run("ordinary", func(t *testing.T) { f(t, Ordinary) })
	}
}

func userName(uid int) string {
	if uid == 0 {
		return "root"
	}
	return "ordinary"
}

// Dir makes a directory that the user owns and removes it afterwards.
func Dir(t testing.TB, uid int) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pledge-test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, uid, -1); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A Result is how a command ended.
type Result struct {
	Status         int
	Stdout, Stderr string
}

// Run runs a command as the user in dir, with HOME and TMPDIR there, and a time
// limit.
func Run(t testing.TB, uid int, dir string, env []string, stdin string, argv ...string) Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 120*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = dir
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "LANG=C", "USER=tester"}, env...)
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = 5 * time.Second
	if uid != os.Getuid() {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	err := cmd.Run()
	if cmd.ProcessState == nil {
		t.Fatalf("%q: %v", argv, err)
	}
	r := Result{Stdout: stdout.String(), Stderr: stderr.String()}
	if ws, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		r.Status = 128 + int(ws.Signal())
	} else {
		r.Status = cmd.ProcessState.ExitCode()
	}
	if ctx.Err() != nil {
		t.Errorf("%q did not end: %v", argv, err)
	}
	return r
}

// Need skips the test if a program is missing, and fails it in CI, where all of
// them have to be there.
func Need(t testing.TB, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			Skip(t, "program "+p)
		}
	}
}

// Skip names the feature that a test misses. In CI it fails.
func Skip(t testing.TB, missing string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("missing: %s", missing)
	}
	t.Skipf("missing: %s", missing)
}

// NeedRoot skips a test that only root can do, and says what for. In CI it fails,
// but in the pass as an ordinary user (TESTS_AS_ORDINARY), which follows one as root.
func NeedRoot(t testing.TB, what string) {
	t.Helper()
	switch {
	case os.Getuid() == 0:
	case os.Getenv("TESTS_AS_ORDINARY") != "":
		t.Skipf("done as root: %s", what)
	default:
		Skip(t, "root, "+what)
	}
}

// Write makes a file that the user owns.
func Write(t testing.TB, uid int, path, content string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	os.Chown(filepath.Dir(path), uid, -1)
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	os.Chmod(path, mode)
	os.Chown(path, uid, -1)
}
