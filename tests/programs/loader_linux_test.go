package programs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// early ends the program from the first constructor of all, before libraries'
// own, without a call of libc.
const early = `
__attribute__((constructor)) static void first(void) {
#ifdef __x86_64__
	__asm__ volatile("syscall" :: "a"(231), "D"(9));
#else
	register long nr __asm__("x8") = 94, status __asm__("x0") = 9;
	__asm__ volatile("svc 0" :: "r"(nr), "r"(status));
#endif
}
`

// The dynamic loader loads every program of the machine under any promises: what
// it calls is admitted, what it reads is found, and nothing is reported.
func TestEveryProgramIsLoaded(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	src, lib := filepath.Join(dir, "early.c"), filepath.Join(dir, "early.so")
	testbed.Write(t, os.Getuid(), src, early, 0o644)
	if out, err := exec.Command("gcc", "-shared", "-fPIC", "-nostdlib", "-Wl,-z,initfirst", "-o", lib, src).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	programs := dynamic(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		home := testbed.Dir(t, uid)
		env := []string{"LD_PRELOAD=" + lib}
		checked := 0
		for _, p := range programs {
			if n, _ := unix.Getxattr(p, "security.capability", nil); n > 0 {
				continue // root's launcher drops what the file asks for
			}
			if testbed.Run(t, uid, home, env, "", p).Status != 9 {
				continue // its libraries are missing, or it may not be executed
			}
			checked++
			for _, argv := range [][]string{{pledge, "", "--", p}, {pledge, "-u", "r:" + home, "rpath", "--", p}} {
				if r := testbed.Run(t, uid, home, env, "", argv...); r.Status != 9 || hinted(r.Stderr) {
					t.Errorf("%v: %+v", argv, r)
				}
			}
		}
		if checked < 20 {
			testbed.Skip(t, "programs with a dynamic loader")
		}
		t.Logf("%d programs", checked)
	})
}

// hinted: a program that fails with paths hidden gets a hint, which is no report.
func hinted(s string) bool {
	for line := range strings.Lines(s) {
		if !strings.Contains(line, "--report-unveil shows") {
			return true
		}
	}
	return false
}

// dynamic are the programs of the machine that have a dynamic loader; a sample,
// unless everything is asked for.
func dynamic(t *testing.T) (list []string) {
	seen := map[string]bool{}
	for _, pattern := range []string{"/usr/bin/*", "/usr/sbin/*", "/usr/lib/git-core/*"} {
		files, _ := filepath.Glob(pattern)
		for _, p := range files {
			f, err := program.Open(p)
			if err != nil {
				continue
			}
			if r, err := f.Reader(); err == nil {
				if im, err := program.ReadImage(r); err == nil && im.Dynamic && !seen[f.Real] && im.Machine != program.Machine386 {
					seen[f.Real] = true
					list = append(list, p)
				}
				r.Close()
			}
			f.Close()
		}
	}
	if os.Getenv("CI") == "" && len(list) > 120 {
		step := len(list) / 120
		var some []string
		for i := 0; i < len(list); i += step {
			some = append(some, list[i])
		}
		return some
	}
	return list
}
