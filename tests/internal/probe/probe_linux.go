package probe

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/abi"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// Build compiles the probe with gcc and returns its path.
func Build(t testing.TB, flags ...string) string {
	t.Helper()
	dir, source := Sources(t)
	probe := filepath.Join(dir, "probe")
	compiler := "gcc"
	if len(flags) > 0 && flags[0] == "musl-gcc" {
		compiler = flags[0] // it has no kernel headers of its own
		flags = append(slices.Clone(flags[1:]), "-idirafter", "/usr/include", "-idirafter", "/usr/include/"+triplet())
	}
	if out, err := exec.Command(compiler, append(flags, "-O1", "-w", "-pthread", "-I", dir, "-I", source, "-o", probe, filepath.Join(source, "probe.c"))...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", compiler, err, out)
	}
	return probe
}

func triplet() string {
	if runtime.GOARCH == "arm64" {
		return "aarch64-linux-gnu"
	}
	return "x86_64-linux-gnu"
}

// Sources makes the files that the probe includes, in a directory for everybody,
// and returns that and the one of its own sources.
func Sources(t testing.TB) (dir, source string) {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	source = filepath.Join(filepath.Dir(file), "src")
	dir = testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	var calls, consts bytes.Buffer
	for _, c := range abi.ByName(runtime.GOARCH).Calls() {
		fmt.Fprintf(&calls, "{%q, %d},\n", c.Name, c.Number)
	}
	names, err := os.ReadFile(filepath.Join(source, "constants.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.FieldsSeq(string(names)) {
		fmt.Fprintf(&consts, "{%q, %s},\n", name, name)
	}
	var errnos bytes.Buffer
	for e := syscall.Errno(1); e < 134; e++ {
		if name := unix.ErrnoName(e); name == "ENOTSUP" {
			errnos.WriteString("{\"EOPNOTSUPP\", 95},\n") // it has two names
		} else if name != "" {
			fmt.Fprintf(&errnos, "{%q, %d},\n", name, int(e))
		}
	}
	os.WriteFile(filepath.Join(dir, "errnos.inc"), errnos.Bytes(), 0o644)
	os.WriteFile(filepath.Join(dir, "calls.inc"), calls.Bytes(), 0o644)
	os.WriteFile(filepath.Join(dir, "constants.inc"), consts.Bytes(), 0o644)
	return dir, source
}
