//go:build unix

package testbed

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// RunsI386 reports whether this kernel runs i386 programs and lets them call
// it: some are built or started without, and some virtual machines can't.
func RunsI386(t testing.TB) bool {
	t.Helper()
	dir := Dir(t, os.Getuid())
	src, bin := filepath.Join(dir, "i386.c"), filepath.Join(dir, "i386")
	Write(t, os.Getuid(), src, "int main(){return 0;}\n", 0o644)
	if out, err := exec.Command("gcc", "-m32", "-static", "-o", bin, src).CombinedOutput(); err != nil {
		t.Fatalf("gcc -m32: %v\n%s", err, out)
	}
	err := exec.Command(bin).Run()
	if errors.Is(err, syscall.ENOEXEC) {
		t.Log("this kernel runs no i386 programs: what is tested is that they are refused")
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	return true
}
