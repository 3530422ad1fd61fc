package conformance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/tests/internal/probe"
)

// The rows hold for programs of other kinds too: static with musl, and Go with C
// in it, which makes threads of its own and does not live without stdio.
func TestOtherProbes(t *testing.T) {
	testbed.Need(t, "gcc", "musl-gcc")
	pledge := testbed.Pledge(t)
	gate := testbed.RunsI386(t)
	for _, kind := range []struct {
		name, bin string
		wrap      bool // the script goes into an object
		skip      func(c Case) bool
	}{
		{"musl", probe.Build(t, "musl-gcc", "-static"), false, func(c Case) bool { return c.nss() }},
		{"go", goProbe(t), true, func(c Case) bool { return !strings.Contains(c.Promises, "stdio") || c.nss() || c.Unveil != "-" }},
	} {
		t.Run(kind.name, func(t *testing.T) {
			w := probe.NewWorld(t, os.Getuid())
			n := 0
			for _, c := range Cases() {
				if c.Script == "" || !c.forUser(os.Getuid()) || kind.skip(c) || strings.Contains(c.Script, "_int80") && !gate {
					continue
				}
				n++
				script := c
				if kind.wrap {
					b, err := json.Marshal(map[string]any{"Script": c.Script})
					if err != nil {
						t.Fatal(err)
					}
					script.Script = string(b)
				}
				got := strings.TrimSpace(perform(t, w, pledge, kind.bin, script, "kill"))
				if rank(c, "kill", got) < 0 && differs[kind.name][c.ID] == "" {
					t.Errorf("%s %q: %s: %s, want %s", c.ID, c.Promises, c.Script, got, c.Expected)
				}
			}
			if n < 200 {
				t.Errorf("only %d rows were performed", n)
			}
		})
	}
}

// differs are rows that a kind of program cannot perform, with the reason.
var differs = map[string]map[string]string{"musl": {}, "go": {}}

func goProbe(t *testing.T) string {
	t.Helper()
	dir, source := probe.Sources(t)
	bin := filepath.Join(dir, "goprobe")
	cmd := exec.Command("go", "build", "-o", bin, "../library/testdata/probe")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "CGO_CFLAGS=-O1 -w -D_GNU_SOURCE -I"+dir+" -I"+source)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}
