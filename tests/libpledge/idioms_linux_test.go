//go:build amd64 || arm64

package libpledge

import (
	"os"
	"regexp"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/tests/internal/probe"
)

// What programs of OpenBSD do, and what attacks them, in C: privilege separation,
// execpromises, unveil then lock, handlers, threads, forks, bad addresses, random
// sequences of promises.
func TestIdioms(t *testing.T) {
	testbed.Need(t, "gcc")
	text, err := os.ReadFile("testdata/idioms.c")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`\{"(\w+)", \w+\}`).FindAllStringSubmatch(string(text), -1)
	if len(names) < 10 {
		t.Fatalf("only %d idioms", len(names))
	}
	for _, c := range compilations {
		t.Run(c.name, func(t *testing.T) {
			bin := build(t, "idioms", c.args, "testdata/idioms.c")
			testbed.Users(t, func(t *testing.T, uid int) {
				w := probe.NewWorld(t, uid)
				for _, name := range names {
					dir := w.Dir(t)
					if got := w.Launch(t, dir, nil, []string{bin, name[1], dir}); got != "done\n" {
						t.Errorf("%s: %s", name[1], got)
					}
				}
			})
		})
	}
}
