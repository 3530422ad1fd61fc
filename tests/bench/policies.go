//go:build linux

package main

import (
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pledge-linux/pledge/compat/convert"
	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// policies measures reading, converting and asking policies of systrace: the
// old ones of SYSTRACE_CORPUS, or as many rules made up.
func policies() {
	fmt.Println("\npolicies of systrace")
	sources := oldPolicies()
	var sections []*syntax.Section
	rules := 0
	parse := timed(func() {
		sections, rules = nil, 0
		for _, src := range sources {
			f, err := syntax.Parse("bench", src, syntax.Options{Fragment: "fragment"})
			if err != nil {
				log.Fatal(err)
			}
			for _, s := range f.Sections {
				sections = append(sections, s)
				rules += len(s.Rules)
			}
		}
	})
	converted := timed(func() {
		for _, s := range sections {
			convert.Section(s, convert.Options{})
		}
	})
	fmt.Printf("  %-36s %d policies, %d rules: %s, %s to convert\n", "parsed", len(sections), rules, ms(parse), ms(converted))
	first := 0.0
	for _, n := range []int{5, 50, 500, 5000} {
		rate := decisions(n)
		if first == 0 {
			first = rate
		}
		fmt.Printf("  %-36s %.1f million a second, %.2f of that under 5\n", fmt.Sprintf("decisions under %d rules", n), rate/1e6, rate/first)
	}
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

// timed is the shortest of five.
func timed(f func()) time.Duration {
	best := time.Hour
	for range 5 {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best
}

func oldPolicies() (sources [][]byte) {
	root := os.Getenv("SYSTRACE_CORPUS")
	if root == "" {
		for i := range 130 {
			sources = append(sources, []byte(madePolicy(150+i%20)))
		}
		return sources
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || filepath.Ext(path) == ".md" {
			return err
		}
		src, err := os.ReadFile(path)
		sources = append(sources, src)
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	return sources
}

// madePolicy has n rules, most with a path.
func madePolicy(n int) string {
	var b strings.Builder
	b.WriteString("Policy: /bin/x, Emulation: native\n\tnative-read: permit\n")
	for i := range n {
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, "\tnative-fsread: filename eq \"%s\" then permit\n", madePath(i))
		case 1:
			fmt.Fprintf(&b, "\tnative-fsread: filename match \"%s/*\" then permit\n", madePath(i))
		case 2:
			fmt.Fprintf(&b, "\tnative-fswrite: filename eq \"%s\" then permit\n", madePath(i))
		}
	}
	return b.String()
}

func madePath(i int) string { return fmt.Sprintf("/usr/lib%d/dir%d/file%d", i%7, i%31, i) }

// decisions asks a policy of n rules about paths that its rules name.
func decisions(n int) (perSecond float64) {
	f, err := syntax.Parse("bench", []byte(madePolicy(n)), syntax.Options{})
	if err != nil {
		log.Fatal(err)
	}
	p, err := policy.Compile(f.Sections[0], &policy.Env{})
	if err != nil {
		log.Fatal(err)
	}
	questions := make([]policy.Question, n)
	for i := range questions {
		args := []policy.Arg{{Name: "filename", Text: madePath(i * 7919 % n)}}
		questions[i] = policy.Question{Names: []string{"openat", "open"}, Args: args, Alias: "fsread", AliasArgs: args}
	}
	const rounds = 500000
	took := timed(func() {
		for i := range rounds {
			p.Decide(&questions[i%n])
		}
	})
	return rounds / took.Seconds()
}
