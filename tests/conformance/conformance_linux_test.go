package conformance

import (
	"flag"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/tests/internal/probe"
)

var update = flag.Bool("update", false, "write doc/conformance.md")

// outcome is how one row went.
type outcome struct {
	Case
	user, mode, got string
	rank            int // 0: OpenBSD's result; above: a tolerated one; -1: neither
}

// TestConformance runs every row that a launcher can express as root and as an
// ordinary user, with --kill and with the promise error.
func TestConformance(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	static, dynamic := probe.Build(t, "-static"), probe.Build(t)
	gate := testbed.RunsI386(t)
	var all []outcome
	for _, mode := range []string{"kill", "error"} {
		testbed.Users(t, func(t *testing.T, uid int) {
			w := probe.NewWorld(t, uid)
			for _, c := range Cases() {
				if c.Script == "" || !c.forUser(uid) {
					continue
				}
				o := outcome{Case: c, user: strconv.Itoa(uid), mode: mode}
				bin := static
				if c.nss() {
					bin = dynamic // a static program loads its name service by itself
				}
				o.got = perform(t, w, pledge, bin, c, mode)
				if !gate && strings.Contains(c.Script, "_int80") && strings.TrimSpace(o.got) == "exit:139" {
					o.got = "killed" // by the kernel that has no such gate
				}
				o.rank = rank(c, mode, o.got)
				if o.rank < 0 {
					t.Errorf("%s %q %s: %s: %s, want %s", c.ID, c.Promises, mode, c.Script, o.got, c.Expected)
				}
				all = append(all, o)
			}
		})
	}
	report(t, all)
}

func (c *Case) forUser(uid int) bool {
	return !(strings.Contains(c.Action, "as root") && uid != 0 || strings.Contains(c.Action, "non-root") && uid == 0)
}

func (c *Case) nss() bool {
	return strings.Contains(c.Script, "_getpwuid") || strings.Contains(c.Script, "_getaddrinfo")
}

// rank compares with the alternatives. Under error a kill is ENOSYS.
func rank(c Case, mode, got string) int {
	for i, want := range strings.Split(c.Expected, "|") {
		if mode == "error" && !strings.Contains(c.Script, "_int80") && (want == "killed" || want == "exit:134") {
			want = "ENOSYS"
		}
		if want == got || want == "allowed" && got == "exit:0" || want == "exit:0" && got == "allowed" ||
			want == "killed" && got == "exit:134" || want == "exit:134" && got == "killed" || sameMode(want, got) {
			return i
		}
	}
	return -1
}

func sameMode(want, got string) bool {
	w, ok1 := strings.CutPrefix(want, "mode:")
	g, ok2 := strings.CutPrefix(got, "mode:")
	return ok1 && ok2 && strings.TrimLeft(w, "0") == strings.TrimLeft(g, "0")
}

// perform runs one row.
func perform(t *testing.T, w *probe.World, pledge, bin string, c Case, mode string) string {
	t.Helper()
	dir := w.Dir(t)
	defer os.RemoveAll(dir)
	subst := func(s string) string { return w.Expand(dir, s) }
	if c.Setup != "" {
		w.Shell(t, dir, subst(c.Setup))
	}
	files := w.Files(t, dir)
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	argv := []string{pledge}
	words, pledged := c.promiseArgs()
	if mode == "kill" {
		argv = append(argv, "--kill")
	} else if pledged {
		words += " error"
	}
	for i := range files {
		argv = append(argv, "--keep-fd", strconv.Itoa(3+i))
	}
	if strings.Contains(c.Action, "as root") {
		argv = append(argv, "--keep-caps")
	}
	for _, u := range c.unveilArgs() {
		argv = append(argv, "--unveil-optional", subst(u))
	}
	if slices.Contains(c.Flags, "--unveil-create") {
		for i := range argv {
			argv[i] = strings.Replace(argv[i], "--unveil-optional", "--unveil", 1)
		}
	}
	// What is asked for with --strict-unveil is more than OpenBSD's in a row or two.
	if c.Unveil != "-" && !slices.Contains(c.Flags, "@lax") {
		argv = append(argv, "--strict-unveil")
	}
	argv = append(argv, slices.DeleteFunc(slices.Clone(c.Flags), func(f string) bool { return f == "@lax" })...)
	if pledged {
		argv = append(argv, strings.TrimSpace(words))
	}
	argv = append(append(argv, "--"), bin, subst(c.Script))
	return w.Launch(t, dir, files, argv)
}
