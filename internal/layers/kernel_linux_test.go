package layers

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
)

// The process that is confined in TestEveryVersionIsADomain.
func TestMain(m *testing.M) {
	if abi := os.Getenv("LAYERS_ABI"); abi != "" {
		n, _ := strconv.Atoi(abi)
		confined(n, os.Getenv("LAYERS_WORDS"))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// takes opens a plan's ruleset in the kernel, with its rules on a directory.
func takes(p Plan, path string) (int, error) {
	r := p.Ruleset
	r.Paths = nil
	for _, rule := range p.Ruleset.Paths {
		rule.Path = path
		r.Paths = append(r.Paths, rule)
	}
	return r.Open()
}

// The kernel takes what is planned for its version, and for every older one: what
// older kernels would be given is right as far as this one can tell.
func TestKernelTakesEveryPlan(t *testing.T) {
	newest := landlock.ABI()
	if newest == 0 {
		testbed.Skip(t, "Landlock")
	}
	rapid.Check(t, func(t *rapid.T) {
		a := drawAsk(t)
		a.ABI, a.BestEffort = rapid.IntRange(1, newest).Draw(t, "version"), true
		p, err := Make(a)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/", "/etc/passwd"} {
			fd, err := takes(p, path)
			if err != nil {
				t.Fatalf("%v %q for ABI %d: fs %#x net %#x scopes %#x: %v", a.Mode, a.Promises, a.ABI, p.Ruleset.FS, p.Ruleset.Net, p.Ruleset.Scoped, err)
			}
			unix.Close(fd)
		}
	})
}

// Whatever the version and the words: under the plan's ruleset the memory of the
// process that started this one cannot be opened, and files still can.
func TestEveryVersionIsADomain(t *testing.T) {
	newest := landlock.ABI()
	if newest == 0 || !landlock.PtraceFree() && os.Getuid() != 0 {
		testbed.Skip(t, "Landlock, and no Yama that would stop it as well")
	}
	for abi := 0; abi <= newest; abi++ {
		for _, words := range []string{"stdio rpath wpath", "stdio rpath wpath cpath proc exec unix inet", promises.Everything.String()} {
			cmd := exec.Command(os.Args[0])
			cmd.Env = append(os.Environ(), "LAYERS_ABI="+strconv.Itoa(abi), "LAYERS_WORDS="+words)
			out, err := cmd.CombinedOutput()
			want := "memory: permission denied, null: <nil>"
			if abi == 0 {
				want = "memory: <nil>, null: <nil>" // the control
			}
			if got := strings.TrimSpace(string(out)); got != want || err != nil {
				t.Errorf("ABI %d, %q: %s (%v), want %s", abi, words, got, err, want)
			}
		}
	}
}

func confined(abi int, words string) {
	runtime.LockOSThread()
	a := ask(words, Supervised, abi)
	p, err := Make(a)
	if err != nil {
		fmt.Println(err)
		return
	}
	if !p.Ruleset.Empty() {
		fd, err := p.Ruleset.Open()
		if err == nil {
			err = unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
		}
		if err == nil {
			if e := sys.RestrictThread(fd, 0); e != 0 {
				err = e
			}
		}
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	_, memory := unix.Open(fmt.Sprintf("/proc/%d/mem", os.Getppid()), unix.O_RDWR, 0)
	_, null := unix.Open("/dev/null", unix.O_RDWR, 0)
	fmt.Printf("memory: %v, null: %v\n", memory, null)
}
