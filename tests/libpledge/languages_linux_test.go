//go:build amd64 || arm64

package libpledge

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// make runs a target with the tree's Makefile, into a prefix.
func install(t *testing.T) string {
	t.Helper()
	testbed.Need(t, "make")
	prefix := testbed.Dir(t, os.Getuid())
	os.Chmod(prefix, 0o755)
	bin := filepath.Join(prefix, "bin")
	if out, err := exec.Command("make", "-C", "../..", "install-libpledge", "PREFIX="+prefix, "LIBPLEDGE_BIN="+bin).CombinedOutput(); err != nil {
		t.Fatalf("make: %v\n%s", err, out)
	}
	return prefix
}

// What is installed is found by pkg-config, in C and C++, shared and static, and by
// Python's ctypes (examples/ctypes).
func TestInstalled(t *testing.T) {
	testbed.Need(t, "gcc", "g++", "pkg-config", "python3")
	prefix := install(t)
	program := filepath.Join(prefix, "p.c")
	testbed.Write(t, os.Getuid(), program, "#include <pledge.h>\n#include <unistd.h>\nint main(void) { return pledge(\"stdio\", 0) || write(1, \"done\", 4) != 4; }\n", 0o644)
	t.Setenv("PKG_CONFIG_PATH", filepath.Join(prefix, "lib", "pkgconfig"))
	t.Setenv("LD_LIBRARY_PATH", filepath.Join(prefix, "lib"))
	flags, err := exec.Command("pkg-config", "--cflags", "--libs", "libpledge").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, compiler := range []string{"gcc -std=c99 -Wall -Wextra -Werror -pedantic", "gcc -static", "g++ -x c++ -Wall -Wextra -Werror -pedantic", "g++ -x c++ -static"} {
		bin := filepath.Join(prefix, "p")
		args := append(strings.Fields(compiler), program, "-o", bin)
		if strings.Contains(compiler, "c++") {
			args = append(args[:len(args)-2], "-x", "none", "-o", bin)
		}
		args = append(args, strings.Fields(string(flags))...)
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", compiler, err, out)
		}
		if out, err := exec.Command(bin).CombinedOutput(); err != nil || string(out) != "done" {
			t.Errorf("%s: %v %s", compiler, err, out)
		}
	}
	file := filepath.Join(prefix, "shown", "file")
	if err := os.Mkdir(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	testbed.Write(t, os.Getuid(), file, "hello\n", 0o644)
	cmd := exec.Command("python3", "../../examples/ctypes/pledge.py", file)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "hello\nPermission denied\n" {
		t.Errorf("ctypes: %v %s", err, out)
	}
}

// The manual pages say nothing that a formatter complains of.
func TestManualPages(t *testing.T) {
	testbed.Need(t, "mandoc")
	if out, err := exec.Command("mandoc", "-T", "lint", "-W", "warning", source+"/pledge.2", source+"/unveil.2").CombinedOutput(); err != nil {
		t.Errorf("mandoc: %v\n%s", err, out)
	}
}
