// Kernels boots the kernels that people run, each in a machine of its own, and
// runs the same checks in all of them:
//
//	go run ./tests/kernels                     all of them
//	go run ./tests/kernels -only '6.1-*' -v    some, with what each check said
//	go run ./tests/kernels -check 'learn-*'    some checks
//
// Kernels and programs are Debian's packages, from the mirror that this machine's apt
// is set up for; qemu runs them without any help of this machine's kernel. What is
// known to differ stands in differences_linux.go, with its reason; anything else that
// differs is a failure, and so is a difference that is gone.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"time"
)

func main() {
	only := flag.String("only", "*", "pattern of `kernels`")
	checks := flag.String("check", "*", "pattern of `checks`")
	verbose := flag.Bool("v", false, "show what each check said, when it says it")
	flag.Parse()
	ok, err := run(*only, *checks, *verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "kernels:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(only, checks string, verbose bool) (ok bool, err error) {
	work, err := os.MkdirTemp("", "kernels")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(work)
	store, err := newArchive(work)
	if err != nil {
		return false, fmt.Errorf("no packages of kernels: %w", err)
	}
	roots := map[string]string{}
	t := &table{verbose: verbose}
	for _, m := range machines {
		if hit, _ := path.Match(only, m.name); !hit {
			continue
		}
		if roots[m.arch] == "" {
			if roots[m.arch], err = makeRoot(store, m.arch, filepath.Join(work, "root-"+m.arch)); err != nil {
				return false, fmt.Errorf("a root for %s: %w", m.arch, err)
			}
		}
		kernel, err := store.kernel(m.series, m.arch)
		if err != nil {
			return false, err
		}
		began := time.Now()
		var tell io.Writer
		if verbose {
			tell = os.Stderr
		}
		r, err := m.boot(kernel, roots[m.arch], checks, tell)
		if err != nil {
			return false, fmt.Errorf("%s: %w", m.name, err)
		}
		fmt.Fprintf(os.Stderr, "%s: Linux %s, %d checks, %.0f s\n", m.name, r.release, len(r.results), time.Since(began).Seconds())
		t.add(m.name, r)
	}
	return t.print(os.Stdout), nil
}
