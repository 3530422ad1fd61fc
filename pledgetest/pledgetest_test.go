package pledgetest_test

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/pledgetest"
)

func TestRun(t *testing.T) {
	before := 0
	t.Run("reads", func(t *testing.T) {
		for range 2 {
			before++
			pledgetest.Run(t, "stdio rpath", func(t *testing.T) {
				if _, err := os.ReadFile("pledgetest_test.go"); err != nil {
					t.Error(err)
				}
			})
		}
	})
	if before != 2 {
		t.Errorf("%d calls were passed, want 2", before)
	}
}

// What a child is to do, and what the test that starts it then says.
func TestResults(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"violation", `pledge "inet", syscall `},
		{"fails", "wrong"},
		{"fatal", "enough"},
		{"skips", "no time"},
		{"word", `invalid promise "bogus"`},
		{"panics", "panic: oops"},
		{"passes", "--- PASS: TestChild"},
		{"elsewhere", "did not reach this call"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := binary(t, c.name, "-test.v", "-test.paniconexit0").CombinedOutput()
			if passes := c.name == "passes" || c.name == "skips"; !strings.Contains(string(out), c.want) || (err == nil) != passes {
				t.Errorf("%v, it says\n%s\nwant %s", err, out, c.want)
			}
			if c.name == "skips" && !strings.Contains(string(out), "--- SKIP: TestChild") {
				t.Errorf("not skipped:\n%s", out)
			}
		})
	}
}

const which = "PLEDGETEST_CASE"

func binary(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("Linux only: what is said")
	}
	cmd := exec.Command(os.Args[0], append([]string{"-test.run=^TestChild$"}, args...)...)
	cmd.Env = append(os.Environ(), which+"="+name)
	return cmd
}

// TestChild is run by TestResults.
func TestChild(t *testing.T) {
	words, name := "stdio", os.Getenv(which)
	switch name {
	case "":
		return
	case "word":
		words = "bogus"
	case "elsewhere":
		if os.Getenv("PLEDGETEST_RUN") != "" {
			return
		}
	}
	pledgetest.Run(t, words, func(t *testing.T) {
		switch name {
		case "violation":
			net.Dial("tcp", "127.0.0.1:1")
		case "fails":
			t.Error("wrong")
		case "fatal":
			t.Fatal("enough")
		case "skips":
			t.Skip("no time")
		case "panics":
			panic("oops")
		}
	})
}

// Coverage and the race detector see what runs in the child.
func TestCover(t *testing.T) {
	if testing.CoverMode() != "" {
		t.Skip("go test -cover is what this test runs")
	}
	profile := filepath.Join(t.TempDir(), "profile")
	for _, flags := range [][]string{{"-cover", "-coverprofile=" + profile}, {"-race"}} {
		cmd := exec.Command("go", append([]string{"test", "-count=1"}, append(flags, "./testdata/covered")...)...)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=1")
		out, err := cmd.CombinedOutput()
		if flags[0] == "-race" {
			if err == nil || !strings.Contains(string(out), "WARNING: DATA RACE") {
				t.Errorf("no race is seen: %v\n%s", err, out)
			}
		} else if err != nil || !strings.Contains(string(out), "coverage: 66.7% of statements") {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
