//go:build linux

package main

import (
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/tests/internal/bypath"
)

// systrace times single calls under policies of systrace, beside the smallest
// supervisors that there can be.
func (b *bench) systrace() {
	src := filepath.Join("tests", "bench", "src")
	b.must("gcc", "-O2", "-static", "-o", b.path("ops"), filepath.Join(src, "ops.c"))
	b.must("gcc", "-O2", "-o", b.path("minsup"), filepath.Join(src, "minsup.c"))
	ops := b.path("ops")
	kinds := []kind{
		{"bare", []string{ops}, 0},
		{"C supervisor that continues", []string{b.path("minsup"), "continue", ops}, 0},
		{"C supervisor that performs", []string{b.path("minsup"), "perform", ops}, 0},
		{"the same, woken plainly", []string{b.path("minsup"), "plainly", ops}, 0},
	}
	if _, err := exec.LookPath("strace"); err == nil {
		kinds = append(kinds, kind{"strace --seccomp-bpf", []string{"strace", "-f", "--seccomp-bpf", "-e", "trace=openat", "-o", "/dev/null", ops}, 0})
	}
	gvisor := kind{"gVisor", []string{"runsc", "--rootless", "--network=none", "--ignore-cgroups", "do", ops}, 0}
	if err := exec.Command(gvisor.argv[0], append(gvisor.argv[1:len(gvisor.argv)-1:len(gvisor.argv)-1], "/bin/true")...).Run(); err != nil {
		fmt.Printf("gVisor is left out: runsc: %v\n", err)
	} else {
		kinds = append(kinds, gvisor)
	}
	for _, n := range []int{5, 50, 500} {
		file := b.path(fmt.Sprintf("policy%d", n))
		if err := os.WriteFile(file, []byte(opsPolicy(ops, n)), 0o644); err != nil {
			log.Fatal(err)
		}
		kinds = append(kinds, kind{fmt.Sprintf("systrace -a, %d rules on paths", n), []string{filepath.Join("bin", "systrace"), "-a", "-e", "-U", "-f", file, ops}, 0})
	}
	const rounds, columns = 5, 5
	got := make([][columns][]float64, len(kinds))
	for range rounds {
		for k, kind := range kinds {
			cmd := exec.Command(kind.argv[0], kind.argv[1:]...)
			cmd.Env = append(os.Environ(), "OPS=3000", "CONNECT=1")
			out, err := cmd.Output()
			if err != nil {
				log.Fatalf("%v: %v", kind.argv, err)
			}
			var v [columns]float64
			fmt.Sscan(string(out), &v[0], &v[1], &v[2], &v[3], &v[4])
			for i := range v {
				got[k][i] = append(got[k][i], v[i])
			}
		}
	}
	performs := median(got[2][3])
	fmt.Printf("\nnanoseconds per call under policies of systrace\n  %-34s %9s %9s %9s %11s %9s\n", "", "getppid", "read", "stat", "open+close", "connect")
	for k, kind := range kinds {
		fmt.Printf("  %-34s", kind.name)
		for i := range columns {
			fmt.Printf(" %9.0f", median(got[k][i]))
		}
		fmt.Printf("   open %.2f of the performing C supervisor\n", median(got[k][3])/performs)
	}
	last := len(kinds) - 1
	continues, confined := got[1], got[last]
	fmt.Println("\ngoals")
	goal("stat judged by path, ns", median(confined[2]), "at most", 13000)
	goal("open+close judged by path, ns", median(confined[3]), "at most", 18000)
	goal("open+close beside C that performs", median(confined[3])/performs, "at most", 1.0/3)
	// Filters of two programs differ by some instructions.
	goal("permitted by number, beside a filter", median(confined[0])/median(continues[0]), "at most", 1.05)
	b.together(kinds[0], kinds[last])
	b.tree(ops)
	b.judged(kinds[last])
	b.walks()
}

// goal prints a figure beside what it should be.
func goal(what string, is float64, bound string, want float64) {
	met := "met"
	if bound == "at most" && is > want || bound == "at least" && is < want {
		met = "not met"
	}
	fmt.Printf("  %-38s %9.2f, %s %.2f: %s\n", what, is, bound, want, met)
}

// together runs four programs at once, and compares how many calls they make in
// a second with what one makes.
func (b *bench) together(bare, confined kind) {
	for _, k := range []kind{bare, confined} {
		ops := map[bool]string{true: "OPS=200000", false: "OPS=2000"}[k.name == bare.name]
		rate := func(n int) float64 {
			cmds := make([]*exec.Cmd, n)
			start := time.Now()
			for i := range cmds {
				cmds[i] = exec.Command(k.argv[0], k.argv[1:]...)
				cmds[i].Env = append(os.Environ(), ops)
				if err := cmds[i].Start(); err != nil {
					log.Fatal(err)
				}
			}
			for _, cmd := range cmds {
				if err := cmd.Wait(); err != nil {
					log.Fatalf("%v: %v", k.argv, err)
				}
			}
			return float64(n) / time.Since(start).Seconds()
		}
		one := median([]float64{rate(1), rate(1), rate(1)})
		four := median([]float64{rate(4), rate(4), rate(4)})
		goal("four at once, "+k.name, four/one, "at least", 1.8)
	}
}

// tree runs four programs at once under one supervisor, and one.
func (b *bench) tree(ops string) {
	shell, err := filepath.EvalSymlinks("/bin/sh")
	if err != nil {
		log.Fatal(err)
	}
	file := b.path("policytree")
	if err := os.WriteFile(file, []byte(bypath.Policy(shell, "linux64", nil)), 0o644); err != nil {
		log.Fatal(err)
	}
	took := func(n int) float64 {
		script := strings.Repeat(ops+" > /dev/null & ", n) + "wait"
		cmd := exec.Command(filepath.Join("bin", "systrace"), "-a", "-i", "-e", "-U", "-f", file, shell, "-c", script)
		cmd.Env = append(os.Environ(), "OPS=2000")
		start := time.Now()
		if out, err := cmd.CombinedOutput(); err != nil {
			log.Fatalf("%v\n%.500s", err, out)
		}
		return time.Since(start).Seconds()
	}
	one := median([]float64{took(1), took(1), took(1)})
	four := median([]float64{took(4), took(4), took(4)})
	goal("four at once under one supervisor", 4*one/four, "at least", 1.8)
}

// judged is what memory the supervisor of very many calls and processes comes to
// need, and how many descriptors where few are allowed.
func (b *bench) judged(confined kind) {
	ops, processes := 50000, 2000
	if *long {
		ops, processes = 715000, 100000
	}
	calls := exec.Command(confined.argv[0], confined.argv[1:]...)
	calls.Env = append(os.Environ(), fmt.Sprintf("OPS=%d", ops))
	memory, _ := most(calls)
	goal(fmt.Sprintf("MiB after %d judged calls", 14*ops), memory, "at most", 20)
	shell, err := filepath.EvalSymlinks("/bin/sh")
	if err != nil {
		log.Fatal(err)
	}
	script := fmt.Sprintf("i=0; while [ $i -lt %d ]; do /bin/true; i=$((i+1)); done", processes)
	for _, limit := range []int{256, 1024} {
		few := fmt.Sprintf("ulimit -n %d; exec \"$@\"", limit)
		memory, descriptors := most(exec.Command(shell, "-c", few, "sh", filepath.Join("bin", "systrace"), "-a", "-i", "-e", "-U", "-f", b.path("policytree"), shell, "-c", script))
		goal(fmt.Sprintf("MiB after %d processes, ulimit %d", processes, limit), memory, "at most", 20)
		goal("descriptors then", descriptors, "at most", float64(limit))
	}
}

// most runs a command and returns the most MiB and descriptors that it had.
func most(cmd *exec.Cmd) (memory, descriptors float64) {
	if err := cmd.Start(); err != nil {
		log.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			if err != nil {
				log.Fatalf("%v: %v", cmd.Args, err)
			}
			return memory, descriptors
		case <-time.After(50 * time.Millisecond):
			// The kernel's ru_maxrss may be that of this process, which forked it.
			status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
			if _, after, ok := strings.Cut(string(status), "VmHWM:"); ok {
				kib := 0.0
				fmt.Sscan(after, &kib)
				memory = max(memory, kib/1024)
			}
			list, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", cmd.Process.Pid))
			descriptors = max(descriptors, float64(len(list)))
		}
	}
}

// opsPolicy has n rules on paths, the last of them for the file that is opened.
func opsPolicy(program string, n int) string {
	var p strings.Builder
	fmt.Fprintf(&p, "Policy: %s, Emulation: linux64\n", program)
	for _, call := range []string{"read", "write", "close", "getppid", "fstat", "mprotect", "readlink", "clock_gettime", "brk", "socket"} {
		fmt.Fprintf(&p, "\tlinux64-%s: permit\n", call)
	}
	p.WriteString("\tlinux64-fsread: filename eq \"/dev/zero\" then permit\n")
	for i := range n - 2 {
		fmt.Fprintf(&p, "\tlinux64-fsread: filename eq \"/etc/other%d\" then permit\n", i)
	}
	p.WriteString("\tlinux64-fsread: filename eq \"/etc/hostname\" then permit\n")
	for i := range n - 1 {
		fmt.Fprintf(&p, "\tlinux64-connect: sockaddr eq \"inet-[127.0.0.1]:%d\" then permit\n", i+1000)
	}
	p.WriteString("\tlinux64-connect: sockaddr eq \"inet-[127.0.0.1]:9\" then permit\n")
	return p.String()
}

// walks times programs that open and look at many files.
func (b *bench) walks() {
	for _, w := range []struct {
		name  string
		argv  []string
		times float64
	}{
		{"find of 50,000 files", []string{"find", b.files("many", 50000), "-type", "f"}, 6},
		{"tar of 9,000 files", []string{"tar", "cf", "/dev/null", "-C", b.files("some", 9000), "."}, 9},
		{"make of a small project", []string{"make", "-s", "-B", "-C", b.project()}, 1.5},
		{"git log of 3,000 commits", []string{"git", "--no-pager", "-C", b.history(3000), "log"}, 1.5},
	} {
		policies := b.path("policies-" + w.argv[0])
		b.must("mkdir", policies)
		for range 2 {
			exec.Command(filepath.Join("bin", "systrace"), append([]string{"-A", "--generalize", "-d", policies}, w.argv...)...).Run()
		}
		confined := append([]string{filepath.Join("bin", "systrace"), "-a", "-e", "-d", policies}, w.argv...)
		var took [2][]float64
		for range 7 {
			for i, argv := range [][]string{w.argv, confined} {
				start := time.Now()
				if err := exec.Command(argv[0], argv[1:]...).Run(); err != nil {
					log.Printf("%v: %v", argv, err)
				}
				took[i] = append(took[i], time.Since(start).Seconds()*1000)
			}
		}
		bare, under := median(took[0]), median(took[1])
		goal(fmt.Sprintf("%s, %.0f and %.0f ms", w.name, bare, under), under/bare, "at most", w.times)
	}
}

// files is a tree of n small files.
func (b *bench) files(name string, n int) string {
	dir := b.path(name)
	for i := range n {
		in := filepath.Join(dir, fmt.Sprintf("d%d", i/100))
		if i%100 == 0 {
			if err := os.MkdirAll(in, 0o755); err != nil {
				log.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(in, fmt.Sprintf("file%d", i)), []byte(strings.Repeat("text\n", i%500)), 0o644); err != nil {
			log.Fatal(err)
		}
	}
	return dir
}

// history is a repository with n commits.
func (b *bench) history(n int) string {
	dir := b.path("history")
	b.must("git", "init", "-q", "-b", "main", dir)
	var commits strings.Builder
	for i := range n {
		message := fmt.Sprintf("change %d\n", i)
		fmt.Fprintf(&commits, "commit refs/heads/main\ncommitter A <a@b> %d +0000\ndata %d\n%sM 644 inline f%d\ndata %d\n%s\n", 1_000_000_000+i, len(message), message, i%50, len(message), message)
	}
	cmd := exec.Command("git", "-C", dir, "fast-import", "--quiet")
	cmd.Stdin = strings.NewReader(commits.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		log.Fatalf("git fast-import: %v\n%s", err, out)
	}
	return dir
}

// project is a small one in C.
func (b *bench) project() string {
	dir := b.path("project")
	b.must("mkdir", dir)
	objects := ""
	for i := range 20 {
		text := fmt.Sprintf("#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nint f%d(int x) { char b[80]; snprintf(b, sizeof b, \"%%d\", x); return atoi(b) + strlen(b); }\n", i)
		if i == 0 {
			text += "int main(void) { return f0(1) == 0; }\n"
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%d.c", i)), []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
		objects += fmt.Sprintf(" f%d.o", i)
	}
	if err := os.WriteFile(filepath.Join(dir, "Makefile"), []byte("prog:"+objects+"\n\tcc -o prog"+objects+"\n"), 0o644); err != nil {
		log.Fatal(err)
	}
	return dir
}
