package attacks

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/pledge"
)

// The library's side of the attacks runs in a process of its own.
func TestMain(m *testing.M) {
	switch os.Getenv("REACH") {
	case "command": // words, program, arguments
		finish(pledge.Command(os.Args[1], os.Args[2], os.Args[3:]...))
	case "becomes": // the same, of a process whose capabilities change
		becomes(os.Getenv("BEFORE"), os.Getenv("CHILD"), os.Args[1:])
	case "opens": // r:PATH and w:PATH
		opens(os.Args[1:])
	case "vanish": // words, what vanishes, standard input, what is opened
		vanish(os.Args[1], os.Args[2], os.Args[3], os.Args[4:])
	case "pledge":
		if err := pledge.Promises(os.Args[1] + " exec proc"); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(3)
		}
		finish(exec.Command(os.Args[2], os.Args[3:]...))
	}
	os.Exit(m.Run())
}

func finish(cmd *exec.Cmd) {
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(3)
	}
	os.Exit(0)
}

// buildC compiles a program of testdata, so that every user can run it.
func buildC(t *testing.T, source string, flags ...string) string {
	t.Helper()
	testbed.Need(t, "gcc")
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	bin := filepath.Join(dir, strings.TrimSuffix(source, ".c"))
	args := append([]string{"-O1", "-static", "-o", bin, filepath.Join("testdata", source)}, flags...)
	if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	return bin
}

// succeeded lists the ways into a process that reach.c found open.
func succeeded(t *testing.T, uid int, env []string, argv ...string) []string {
	t.Helper()
	r := testbed.Run(t, uid, testbed.Dir(t, uid), env, "", argv...)
	if r.Status != 0 || !strings.Contains(r.Stdout, "pidfd_getfd") {
		t.Fatalf("%q: status %d\n%s%s", argv, r.Status, r.Stdout, r.Stderr)
	}
	var list []string
	for _, line := range strings.Split(r.Stdout, "\n") {
		if way, ok := strings.CutSuffix(line, " ok"); ok {
			list = append(list, way)
		}
	}
	return list
}

var (
	signals = []string{"kill", "tkill", "tgkill", "sigqueue", "tgsigqueue", "pidfd_send_signal"}
	// looking is what Yama could stop without any confinement.
	looking = []string{"write:mem", "process_vm_readv", "process_vm_writev", "ptrace_seize", "ptrace_attach", "pidfd_getfd", "read:syscall"}
	// insides are what nothing but privileges stops.
	insides = []string{"read:environ", "read:maps", "read:auxv", "read:fd/0", "link:cwd", "link:exe", "kcmp", "get_robust_list",
		"prlimit_read", "setpriority", "sched_setaffinity", "ioprio_set", "F_SETOWN"}
	// owned are files of a process that belong to its user like any other file.
	owned = []string{"write:oom_score_adj", "write:coredump_filter", "write:clear_refs"}
	// listed are directories of which the kernel lists the numbers to their owner,
	// and lets nothing be opened.
	listed = []string{"read:task", "read:fd", "read:map_files"}
)

// admitted is what the words give towards another process.
func admitted(words string, launcher, scoped bool, uid int) []string {
	has := func(w string) bool { return slices.Contains(strings.Fields(words), w) }
	var list []string
	if has("rpath") {
		list = append(list, listed...)
	}
	if has("wpath") && !launcher {
		list = append(append(list, owned...), "write:autogroup")
	}
	if has("wpath") && launcher && uid == 0 { // files of root's
		list = append(append(list, owned...), "write:autogroup")
	}
	if has("proc") {
		list = append(list, "F_SETOWN")
		if !scoped {
			list = append(list, signals...)
		}
	}
	return list
}

var reaching = []string{
	"stdio", "stdio rpath", "stdio rpath wpath", "stdio rpath wpath cpath fattr proc", "stdio rpath wpath unix", "stdio rpath proc unix",
	"stdio rpath wpath cpath proc exec unix inet", "stdio rpath wpath cpath dpath tmppath inet mcast fattr chown flock unix dns getpw sendfd recvfd tape tty proc exec prot_exec settime ps vminfo id route wroute audio video bpf unveil disklabel drm vmm",
}

// No words let a program into its launcher, nor into another process of its user.
func TestReach(t *testing.T) {
	bin, reach := testbed.Pledge(t), buildC(t, "reach.c")
	scopes := landlock.At(landlock.ABI()).Scopes != 0
	if landlock.ABI() == 0 {
		testbed.Skip(t, "Landlock")
	}
	testbed.Users(t, func(t *testing.T, uid int) {
		pid := testbed.Other(t, uid)
		got := succeeded(t, uid, nil, reach, pid)
		ways := append(append(slices.Clone(insides), owned...), signals...)
		if landlock.PtraceFree() {
			ways = append(ways, looking...)
		}
		for _, way := range ways {
			if !slices.Contains(got, way) {
				t.Errorf("unconfined, %s fails: it proves nothing", way)
			}
		}
		for _, words := range reaching {
			for _, mode := range []string{"--quiet", "--kill", "--exec"} {
				for _, target := range []string{"ppid", pid} {
					if mode == "--exec" && target == "ppid" || mode == "--kill" && target == pid {
						continue // no launcher is left; kills at the first refusal
					}
					launch(t, uid, []string{bin, mode}, words, reach, target, scopes)
				}
			}
		}
	})
}

func launch(t *testing.T, uid int, pledge []string, words, reach, target string, scopes bool) {
	t.Helper()
	if pledge[1] == "--kill" {
		pledge = append(pledge, "--quiet")
		words += " error" // as --kill, but goes on
	}
	proc := slices.Contains(strings.Fields(words), "proc")
	argv := append(slices.Clone(pledge), words, "--", reach, target)
	want := admitted(words, target == "ppid", scopes && !proc, uid)
	for _, way := range succeeded(t, uid, nil, argv...) {
		if !slices.Contains(want, way) {
			t.Errorf("%q: %s succeeds", argv, way)
		}
	}
}

// The same by the library: what it starts, and itself.
func TestReachLibrary(t *testing.T) {
	if landlock.ABI() == 0 {
		testbed.Skip(t, "Landlock")
	}
	self, reach := testbedSelf(t), buildC(t, "reach.c")
	scopes := landlock.At(landlock.ABI()).Scopes != 0
	testbed.Users(t, func(t *testing.T, uid int) {
		pid := testbed.Other(t, uid)
		for _, words := range reaching {
			for _, how := range []string{"command", "pledge"} {
				held := words + " error"
				if how == "pledge" {
					held += " proc exec"
				}
				proc := slices.Contains(strings.Fields(held), "proc")
				want := admitted(held, false, scopes && !proc, uid)
				for _, way := range succeeded(t, uid, []string{"REACH=" + how, "PATH=" + filepath.Dir(reach)}, self, words+" error", reach, pid) {
					if how == "pledge" && uid == 0 && (strings.HasPrefix(way, "read:") || way == "write:timerslack_ns") {
						continue // root that pledges keeps CAP_PERFMON and CAP_SYS_NICE
					}
					if !slices.Contains(want, way) {
						t.Errorf("%s %q: %s succeeds", how, words, way)
					}
				}
			}
		}
	})
}

// testbedSelf is a copy of this test that every user can execute.
func testbedSelf(t *testing.T) string {
	t.Helper()
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	b, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	self := filepath.Join(dir, "attacks.test")
	testbed.Write(t, os.Getuid(), self, string(b), 0o755)
	return self
}
