//go:build linux

package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// library times the first pledge of a process, and requests to a server with and
// without.
func (b *bench) library() {
	src := filepath.Join("tests", "bench", "src")
	b.must("gcc", "-O2", "-o", b.path("filtercost"), filepath.Join(src, "filtercost.c"), "-lseccomp")
	sources, _ := filepath.Glob("libpledge/*.c")
	b.must(append([]string{"gcc", "-O2", "-o", b.path("cpledge"), "-I", "libpledge", filepath.Join(src, "cpledge.c")}, sources...)...)
	for _, program := range []string{"pledgecost", "httpd"} {
		b.must("go", "build", "-o", b.path(program), "./"+filepath.Join(src, program))
	}
	b.pledges()
	b.requests()
}

func (b *bench) pledges() {
	kinds := []kind{
		{"C with 100 rules of libseccomp", []string{b.path("filtercost")}, 0},
		{`libpledge: pledge("stdio rpath")`, []string{b.path("cpledge"), "stdio rpath"}, 0},
		{`libpledge: pledge("stdio")`, []string{b.path("cpledge"), "stdio"}, 0},
		{"libpledge: no pledge", []string{b.path("cpledge")}, 0},
		{`Pledge("stdio rpath")`, []string{b.path("pledgecost"), "stdio rpath"}, 0},
		{`Pledge("stdio")`, []string{b.path("pledgecost"), "stdio"}, 0},
	}
	times := make([][]float64, len(kinds))
	for range 60 {
		for k, kind := range kinds {
			out, err := exec.Command(kind.argv[0], kind.argv[1:]...).Output()
			if err != nil {
				log.Fatalf("%v: %v", kind.argv, err)
			}
			v, _ := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
			times[k] = append(times[k], v)
		}
	}
	fmt.Printf("\nfirst pledge of a process, milliseconds, as a ratio to C\n")
	for k, kind := range kinds {
		fmt.Printf("  %-34s %7.2f  %5.2f\n", kind.name, median(times[k])/1000, median(times[k])/median(times[0]))
	}
}

// requests compares two servers that run at the same time, in turns.
func (b *bench) requests() {
	bare, pledged := b.server(), b.server("stdio inet")
	var rates [2][]float64
	for range 21 {
		for i, address := range []string{bare, pledged} {
			rates[i] = append(rates[i], rate(address, 300*time.Millisecond))
		}
	}
	var ratios []float64
	for i := range rates[0] {
		ratios = append(ratios, rates[1][i]/rates[0][i])
	}
	fmt.Printf("\nHTTP requests a second: bare %.0f, pledged %.0f, ratio %.3f\n", median(rates[0]), median(rates[1]), median(ratios))
}

func (b *bench) server(words ...string) string {
	cmd := exec.Command(b.path("httpd"), words...)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		log.Fatal(err)
	}
	b.running = append(b.running, cmd)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		log.Fatal(err)
	}
	return strings.TrimSpace(line)
}

func rate(address string, length time.Duration) float64 {
	n := 0
	start := time.Now()
	for time.Since(start) < length {
		r, err := http.Get("http://" + address)
		if err != nil {
			log.Fatal(err)
		}
		io.Copy(io.Discard, r.Body)
		r.Body.Close()
		n++
	}
	return float64(n) / time.Since(start).Seconds()
}
