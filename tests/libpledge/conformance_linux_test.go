//go:build amd64 || arm64

package libpledge

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/tests/conformance"
	"github.com/pledge-linux/pledge/tests/internal/probe"
	"github.com/pledge-linux/pledge/tests/internal/rows"
)

// deviations are the rows whose result the library cannot give, with the reason.
// The sandbox is never weaker for it: what OpenBSD kills is refused.
var deviations = map[string]string{
	"C-030": landlocked, "F-038": landlocked, "F-101": landlocked, "S-076": landlocked, "S-079": landlocked, "S-154": landlocked, "U-150": landlocked,
	"C-063": "the probe's own memory takes stdio, with some C libraries",
	"F-017": written, "F-018": written, "F-039": written, "F-103": written,
	"I-006": "processes cannot be named in a Landlock rule: ps needs rpath",
	"I-014": again, "S-167": again,
	"N-032": "TCP ports are limited by Landlock, which answers EACCES",
	"N-068": unseen, "N-069": unseen,
	"N-078": "with an AF_UNIX socket from before, the call sendmsg itself needs sendfd; the function of the C library goes by another",
	"S-120": "refused by Landlock's signal scope, with EPERM",
	"S-175": "calls of another machine end the process under error, too",
	"U-145": "a path that does not exist cannot be unveiled: it stays hidden",
	"U-062": "files of tmppath need rpath, wpath and cpath",
}

const (
	landlocked = "opens for reading are left to Landlock, which answers EACCES"
	written    = "opens for writing are left to Landlock, which admits /dev/null and answers EACCES"
	again      = "a later pledge has to be possible"
	unseen     = "the kind of a descriptor in a message is not seen without a supervisor"
)

// sections are those that a program meets by calling the library.
const sections = "CTXMUSFNPI"

// compilations are ways to build a program with the library.
var compilations = []struct {
	name string
	args []string
}{
	{"glibc", []string{"gcc"}},
	{"glibc-static", []string{"gcc", "-static"}},
	{"musl", []string{"musl-gcc"}},
	{"musl-static", []string{"musl-gcc", "-static"}},
}

// build compiles a program together with the sources of the library.
func build(t testing.TB, name string, compiler []string, files ...string) string {
	t.Helper()
	if compiler[0] == "musl-gcc" {
		testbed.Need(t, "musl-gcc")
		compiler = append(compiler[:len(compiler):len(compiler)], "-idirafter", "/usr/include", "-idirafter", "/usr/include/x86_64-linux-gnu")
	}
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	bin := filepath.Join(dir, name)
	sources, err := filepath.Glob(source + "/*.c")
	if err != nil {
		t.Fatal(err)
	}
	args := append(compiler[1:len(compiler):len(compiler)], "-O1", "-w", "-pthread", "-I", source, "-o", bin)
	args = append(append(args, files...), sources...)
	if out, err := exec.Command(compiler[0], args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", compiler[0], err, out)
	}
	return bin
}

// Every row that a program can express by calling the library gives a result that the
// row names, in kill mode and with error: with glibc on a thread that is not the
// caller's, with others in a process of one thread.
func TestConformance(t *testing.T) {
	testbed.Need(t, "gcc")
	for i, c := range compilations {
		t.Run(c.name, func(t *testing.T) {
			include, inner := probe.Sources(t)
			bin := build(t, "libprobe", append(c.args[:len(c.args):len(c.args)], "-I", include, "-I", inner), "testdata/libprobe.c")
			testbed.Users(t, func(t *testing.T, uid int) { conform(t, bin, uid, i%2 == 1) })
		})
	}
}

func conform(t *testing.T, bin string, uid int, alone bool) {
	w := probe.NewWorld(t, uid)
	acts := actions(t)
	first, tolerated := 0, 0
	for _, c := range conformance.Cases() {
		if !strings.Contains(sections, c.Section()) || strings.HasPrefix(c.Promises, "launcher") || c.Action == "" {
			continue
		}
		act, own := acts[c.ID]
		if c.Script == "" && !own || !forUser(c, uid) || len(c.Flags) > 0 {
			continue
		}
		for _, mode := range []string{"kill", "error"} {
			if mode == "error" && !strings.Contains(c.Expected, "killed") {
				continue
			}
			switch got, rank := perform(t, w, bin, c, act, mode, alone); {
			case rank == 0:
				first++
			case rank > 0:
				tolerated++
			case deviations[c.ID] == "":
				t.Errorf("%s %q %s %s: %s%s: %s, want %s", c.ID, c.Promises, c.Unveil, mode, act[0], c.Script, got, c.Expected)
			}
		}
	}
	t.Logf("%d OpenBSD's own result, %d tolerated", first, tolerated)
	if first+tolerated < 400 {
		t.Errorf("only %d rows were performed", first+tolerated)
	}
}

func forUser(c conformance.Case, uid int) bool {
	return !(strings.Contains(c.Action, "as root") && uid != 0 || strings.Contains(c.Action, "non-root") && uid == 0)
}

// actions are what rows call after their promises, and the script that follows: the
// table of the Go library's test.
func actions(t *testing.T) map[string][2]string {
	text, err := os.ReadFile("../library/actions.tsv")
	if err != nil {
		t.Fatal(err)
	}
	m := map[string][2]string{}
	for line := range strings.Lines(string(text)) {
		f := append(strings.Split(strings.TrimSuffix(line, "\n"), "\t"), "", "")
		m[f[0]] = [2]string{f[1], f[2]}
	}
	return m
}

func perform(t *testing.T, w *probe.World, bin string, c conformance.Case, act [2]string, mode string, alone bool) (string, int) {
	t.Helper()
	dir := w.Dir(t)
	defer os.RemoveAll(dir)
	script := c.Script
	if act[0] != "" || act[1] != "" {
		script = act[1]
	}
	if c.Setup != "" {
		w.Shell(t, dir, w.Expand(dir, c.Setup))
	}
	var argv []string
	if alone {
		argv = []string{"env", "PROBE_ALONE=1"}
	}
	argv = append(argv, bin)
	for _, s := range append(rows.Prologue(c, mode), rows.ParseCalls(act[0])...) {
		name := strings.Replace(s.Name, "block", "unveil", 1)
		if s.Ignore {
			name += "?"
		}
		argv = append(argv, name, word(s.A), word(s.B))
	}
	argv = append(argv, script)
	all := (promises.Everything | promises.Error.Set()).String()
	for i := range argv {
		argv[i] = w.Expand(dir, strings.NewReplacer("$LONG", strings.Repeat("stdio ", 180), "$ALL", all).Replace(argv[i]))
	}
	files := w.Files(t, dir)
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	got := strings.TrimSpace(w.Launch(t, dir, files, argv))
	if got == "exit:38" { // without stdio nothing can be printed
		got = "ENOSYS"
	}
	return got, rows.Rank(c, mode, got)
}

func word(s *string) string {
	if s == nil {
		return "NULL"
	}
	return *s
}
