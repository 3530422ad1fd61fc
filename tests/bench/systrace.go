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
	}
	if _, err := exec.LookPath("strace"); err == nil {
		kinds = append(kinds, kind{"strace --seccomp-bpf", []string{"strace", "-f", "--seccomp-bpf", "-e", "trace=openat", "-o", "/dev/null", ops}, 0})
	}
	for _, n := range []int{5, 50, 500} {
		file := b.path(fmt.Sprintf("policy%d", n))
		if err := os.WriteFile(file, []byte(opsPolicy(ops, n)), 0o644); err != nil {
			log.Fatal(err)
		}
		kinds = append(kinds, kind{fmt.Sprintf("systrace -a, %d rules on paths", n), []string{filepath.Join("bin", "systrace"), "-a", "-e", "-U", "-f", file, ops}, 0})
	}
	const rounds = 3
	got := make([][4][]float64, len(kinds))
	for range rounds {
		for k, kind := range kinds {
			cmd := exec.Command(kind.argv[0], kind.argv[1:]...)
			cmd.Env = append(os.Environ(), "OPS=3000")
			out, err := cmd.Output()
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
	performs := median(got[2][3])
	fmt.Printf("\nnanoseconds per call under policies of systrace\n  %-34s %9s %9s %9s %11s\n", "", "getppid", "read", "stat", "open+close")
	for k, kind := range kinds {
		fmt.Printf("  %-34s", kind.name)
		for i := range 4 {
			fmt.Printf(" %9.0f", median(got[k][i]))
		}
		fmt.Printf("   open %.2f of the performing C supervisor\n", median(got[k][3])/performs)
	}
	b.walks()
}

// opsPolicy has n rules on paths, the last of them for the file that is opened.
func opsPolicy(program string, n int) string {
	var p strings.Builder
	fmt.Fprintf(&p, "Policy: %s, Emulation: linux64\n", program)
	for _, call := range []string{"read", "write", "close", "getppid", "fstat", "mprotect", "readlink", "clock_gettime", "brk"} {
		fmt.Fprintf(&p, "\tlinux64-%s: permit\n", call)
	}
	p.WriteString("\tlinux64-fsread: filename eq \"/dev/zero\" then permit\n")
	for i := range n - 2 {
		fmt.Fprintf(&p, "\tlinux64-fsread: filename eq \"/etc/other%d\" then permit\n", i)
	}
	p.WriteString("\tlinux64-fsread: filename eq \"/etc/hostname\" then permit\n")
	return p.String()
}

// walks times programs that open and look at many files.
func (b *bench) walks() {
	policies := b.path("policies")
	find := []string{"find", "/usr/share/doc", "-type", "f"}
	learn := append([]string{filepath.Join("bin", "systrace"), "-A", "-d", policies}, find...)
	b.must(append([]string{"mkdir"}, policies)...)
	exec.Command(learn[0], learn[1:]...).Run()
	for _, k := range []kind{
		{"find, bare", find, 0},
		{"find, systrace -a, learned", append([]string{filepath.Join("bin", "systrace"), "-a", "-e", "-d", policies}, find...), 0},
	} {
		took := timed(func() { exec.Command(k.argv[0], k.argv[1:]...).Run() })
		fmt.Printf("  %-34s %.1f ms\n", k.name, float64(took)/float64(time.Millisecond))
	}
}
