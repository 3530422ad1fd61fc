//go:build linux

// Command bench measures what confinement costs, against the bare program and
// against peers in the same run. Figures are medians of interleaved runs;
// compare the ratios, machines differ.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

var (
	runs    = flag.Int("n", 150, "launches of each kind")
	library = flag.Bool("library", false, "measure the library only")
	wrapper = flag.Bool("systrace", false, "measure systrace only")
	long    = flag.Bool("long", false, "with -systrace: ten million judged calls and 100,000 processes")
	learner = flag.Bool("learn", false, "measure pledge learn only")
)

func main() {
	log.SetFlags(0)
	flag.Parse()
	dir, err := os.MkdirTemp("", "pledge-bench")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	b := &bench{dir: dir}
	if *wrapper {
		b.systrace()
		return
	}
	if *learner {
		b.learning()
		return
	}
	if !*library {
		b.build()
		b.launches()
		b.steady()
		b.memory()
		policies()
		b.learning()
	}
	b.library()
	for _, cmd := range b.running {
		cmd.Process.Kill()
		cmd.Wait()
	}
}

type bench struct {
	dir, pledge, restrict string
	running               []*exec.Cmd
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

// build makes the programs that are measured.
func (b *bench) build() {
	src := filepath.Join("tests", "bench", "src")
	b.must("gcc", "-O2", "-o", b.path("forkexec"), filepath.Join(src, "forkexec.c"))
	b.must("gcc", "-O2", "-o", b.path("ops"), filepath.Join(src, "ops.c"))
	b.must("gcc", "-O2", "-DFILTER", "-o", b.path("ops-libseccomp"), filepath.Join(src, "ops.c"), "-lseccomp")
	os.WriteFile(b.path("true.c"), []byte("int main(){return 0;}\n"), 0o644)
	b.must("gcc", "-O2", "-static", "-o", b.path("true-static"), b.path("true.c"))
	b.must("go", "build", "-ldflags", "-s -w", "-o", b.path("goexec"), "./"+filepath.Join(src, "goexec"))
	b.pledge = filepath.Join("bin", "pledge")
	// A launcher of the same library in Go; landrun itself where it is installed.
	cmd := exec.Command("go", "install", "github.com/landlock-lsm/go-landlock/cmd/landlock-restrict@v0.11.0")
	cmd.Env = append(os.Environ(), "GOBIN="+b.dir, "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		fmt.Printf("landlock-restrict is left out: %s\n", bytes.TrimSpace(out))
	} else {
		b.restrict = b.path("landlock-restrict")
	}
}

func (b *bench) must(argv ...string) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		log.Fatalf("%s: %v\n%s", strings.Join(argv, " "), err, out)
	}
}

// A kind is a way to launch a program.
type kind struct {
	name string
	argv []string
	runs int // fewer for slow ones
}

func (b *bench) kinds() []kind {
	n := *runs
	list := []kind{
		{"bare", nil, n},
		{"C fork and exec", []string{b.path("forkexec")}, n},
		{"Go exec", []string{b.path("goexec")}, n},
		{`pledge "stdio"`, []string{b.pledge, "stdio", "--"}, n},
		{`pledge "stdio rpath"`, []string{b.pledge, "stdio rpath", "--"}, n},
		{`pledge "stdio rpath" -u r:/etc`, []string{b.pledge, "-u", "r:/etc", "stdio rpath", "--"}, n},
		{`pledge --exec "stdio rpath"`, []string{b.pledge, "--exec", "stdio rpath", "--"}, n},
	}
	if b.restrict != "" {
		list = append(list, kind{"landlock-restrict", []string{b.restrict, "-4", "-ro", "/", "--"}, n})
	}
	for _, p := range []struct {
		name string
		argv []string
		runs int
	}{
		{"landrun", []string{"landrun", "--best-effort", "--rox", "/", "--"}, n},
		{"bubblewrap", []string{"bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--"}, n},
		{"firejail", []string{"firejail", "--quiet", "--noprofile", "--seccomp", "--"}, 10},
	} {
		if path, err := exec.LookPath(p.argv[0]); err == nil {
			list = append(list, kind{p.name, append([]string{path}, p.argv[1:]...), p.runs})
		}
	}
	return list
}

// launches times starting /bin/true and a static program.
func (b *bench) launches() {
	for _, program := range []string{"/bin/true", b.path("true-static")} {
		kinds := b.kinds()
		times := make([][]float64, len(kinds))
		for i := range *runs {
			// What ran before warms caches: in any other order it would always be
			// the same kind's.
			for _, k := range rand.Perm(len(kinds)) {
				if kind := kinds[k]; i < kind.runs {
					times[k] = append(times[k], launch(append(slices.Clone(kind.argv), program)))
				}
			}
		}
		bare := median(times[0])
		goexec := median(times[2]) - bare
		fmt.Printf("\nlaunch of %s: milliseconds, added to bare, as a ratio to what Go exec adds\n", filepath.Base(program))
		for k, kind := range kinds {
			m := median(times[k])
			fmt.Printf("  %-34s %7.2f %+7.2f", kind.name, m, m-bare)
			if k > 1 {
				fmt.Printf("  %5.2f", (m-bare)/goexec)
			}
			fmt.Println()
		}
	}
}

func launch(argv []string) float64 {
	start := time.Now()
	null, _ := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	defer null.Close()
	fd := null.Fd()
	pid, err := syscall.ForkExec(argv[0], argv, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{fd, fd, 2}})
	if err != nil {
		log.Fatalf("%v: %v", argv, err)
	}
	var ws syscall.WaitStatus
	syscall.Wait4(pid, &ws, 0, nil)
	if ws.ExitStatus() != 0 {
		log.Fatalf("%v: status %d", argv, ws.ExitStatus())
	}
	return float64(time.Since(start).Microseconds()) / 1000
}

func median(v []float64) float64 {
	v = slices.Clone(v)
	slices.Sort(v)
	return v[len(v)/2]
}

// steady times single calls.
func (b *bench) steady() {
	ops := b.path("ops")
	kinds := []kind{
		{"bare", []string{ops}, 0},
		{"C with 100 rules of libseccomp", []string{b.path("ops-libseccomp")}, 0},
		{`pledge "stdio rpath"`, []string{b.pledge, "stdio rpath", "--", ops}, 0},
		{`pledge -u r:/etc "stdio rpath"`, []string{b.pledge, "-u", "r:/etc", "-u", "r:/dev/zero", "stdio rpath", "--", ops}, 0},
		{`pledge --exec "stdio rpath"`, []string{b.pledge, "--exec", "stdio rpath", "--", ops}, 0},
	}
	const rounds = 7
	got := make([][4][]float64, len(kinds))
	for range rounds {
		for k, kind := range kinds {
			out, err := exec.Command(kind.argv[0], kind.argv[1:]...).Output()
			if err != nil {
				log.Fatalf("%v: %v", kind.argv, err)
			}
			var v [4]float64
			fmt.Sscan(string(out), &v[0], &v[1], &v[2], &v[3])
			for i := range v {
				got[k][i] = append(got[k][i], v[i])
			}
		}
	}
	fmt.Printf("\nnanoseconds per call, added to bare\n  %-34s %16s %16s %16s %16s\n", "", "getppid", "read 1 byte", "stat", "open+close")
	for k, kind := range kinds {
		fmt.Printf("  %-34s", kind.name)
		for i := range 4 {
			m, bare := median(got[k][i]), median(got[0][i])
			fmt.Printf(" %7.0f (%+4.0f %%)", m, 100*(m-bare)/bare)
		}
		fmt.Println()
	}
}

// memory reads the proportional set size of a supervising launcher.
func (b *bench) memory() {
	cmd := exec.Command(b.pledge, "stdio rpath", "--", "sleep", "5")
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	time.Sleep(500 * time.Millisecond)
	rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", cmd.Process.Pid))
	if err != nil {
		log.Fatal(err)
	}
	for line := range strings.Lines(string(rollup)) {
		if strings.HasPrefix(line, "Pss:") || strings.HasPrefix(line, "Rss:") {
			fmt.Printf("\nsupervisor's %s", strings.Join(strings.Fields(line), " "))
		}
	}
	fmt.Println()
}
