package elfdeps

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// For every program of the system that is looked at, what is found is what the
// loader itself lists.
func TestAgreesWithTheLoader(t *testing.T) {
	programs, _ := filepath.Glob("/usr/bin/[a-d]*")
	checked := 0
	for _, p := range programs {
		d := Of(p, "", "")
		if d.Interpreter == "" || !strings.Contains(d.Interpreter, "ld-linux-x86-64") {
			continue
		}
		out, err := exec.Command(d.Interpreter, "--list", p).Output()
		if err != nil {
			continue
		}
		checked++
		for line := range strings.Lines(string(out)) {
			_, right, ok := strings.Cut(line, "=> ")
			if !ok {
				continue
			}
			path, _, _ := strings.Cut(right, " (")
			real, err := filepath.EvalSymlinks(path)
			if err == nil && !slices.Contains(d.Libraries, real) && real != d.Interpreter {
				t.Errorf("%s: the loader takes %s, which is not among %v", p, real, d.Libraries)
			}
		}
	}
	if checked < 10 {
		t.Skipf("missing: programs with the x86-64 glibc loader (%d here)", checked)
	}
}

func FuzzCache(f *testing.F) {
	f.Add([]byte(cacheMagic))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &cache{data: data}
		if len(data) > cacheHeader {
			c.entries = data[cacheHeader:]
		}
		c.lookup("libc.so.6", machineAMD64)
	})
}
