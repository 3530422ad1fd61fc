package library

import (
	_ "embed"
	"encoding/json"
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

//go:embed execs.tsv
var execsText string

//go:embed actions.tsv
var actionsText string

// sections are those of the library.
const sections = "CTXMUSFNPI"

// deviations are the rows whose result the library cannot give, with the reason.
// The sandbox is never weaker for it: what OpenBSD kills is refused.
var deviations = map[string]string{
	"C-030": landlocked, "F-038": landlocked, "F-101": landlocked, "S-076": landlocked, "S-079": landlocked, "S-154": landlocked, "U-150": landlocked,
	"C-050": "a Go process does not live without stdio: its runtime ends it first",
	"C-063": "a Go process does not live without stdio",
	"F-017": written, "F-018": written, "F-039": written, "F-103": written,
	"I-006": "processes cannot be named in a Landlock rule: ps needs rpath",
	"I-014": again, "S-167": again,
	"N-032": "TCP ports are limited by Landlock, which answers EACCES",
	"N-068": unseen, "N-069": unseen,
	"N-078": "with an AF_UNIX socket from before, messages that could carry descriptors need sendfd and recvfd",
	"S-120": "refused by Landlock's signal scope, with EPERM",
	"S-175": "ends by SIGSEGV where the kernel has no such gate, which Go's runtime reports",
	"U-145": "a path that does not exist cannot be unveiled, and nothing can be blocked before that is mended",
	"U-062": "files of tmppath need rpath, wpath and cpath",
}

const (
	landlocked = "opens for reading are left to Landlock, which answers EACCES"
	written    = "opens for writing are left to Landlock, which admits /dev/null and answers EACCES"
	again      = "a later pledge has to be possible"
	unseen     = "the kind of a descriptor in a message is not seen without a supervisor"
)

type step = rows.Step

type request struct {
	Steps        []step
	Script       string
	Exec         []string
	ExecPromises string
}

func buildProbe(t *testing.T) string {
	t.Helper()
	dir, source := probe.Sources(t)
	bin := filepath.Join(dir, "libprobe")
	cmd := exec.Command("go", "build", "-o", bin, "./testdata/probe")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "CGO_CFLAGS=-O1 -w -D_GNU_SOURCE -I"+dir+" -I"+source)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// Every row that a program can express by calling the library gives a result
// that the row names, in kill mode and with error, on a thread that is not the
// caller's.
func TestConformance(t *testing.T) {
	testbed.Need(t, "gcc")
	bin := buildProbe(t)
	acts := actions()
	testbed.Users(t, func(t *testing.T, uid int) {
		w := probe.NewWorld(t, uid)
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
				switch got, rank := perform(t, w, bin, c, act, mode); {
				case rank == 0:
					first++
				case rank > 0:
					tolerated++
				case deviations[c.ID] == "":
					t.Errorf("%s %q %s %s: %s%s: %s, want %s", c.ID, c.Promises, c.Unveil, mode, act.calls, c.Script, got, c.Expected)
				}
			}
		}
		t.Logf("%d OpenBSD's own result, %d tolerated", first, tolerated)
		if first+tolerated < 400 {
			t.Errorf("only %d rows were performed", first+tolerated)
		}
	})
}

func forUser(c conformance.Case, uid int) bool {
	return !(strings.Contains(c.Action, "as root") && uid != 0 || strings.Contains(c.Action, "non-root") && uid == 0)
}

// An action is what a row calls of the library after its promises, and the
// script that follows.
type action struct{ calls, script string }

func actions() map[string]action {
	m := map[string]action{}
	for line := range strings.Lines(actionsText) {
		f := append(strings.Split(strings.TrimSuffix(line, "\n"), "\t"), "", "")
		m[f[0]] = action{f[1], f[2]}
	}
	return m
}

func perform(t *testing.T, w *probe.World, bin string, c conformance.Case, act action, mode string) (string, int) {
	t.Helper()
	dir := w.Dir(t)
	defer os.RemoveAll(dir)
	r := request{Script: c.Script}
	if act.calls != "" || act.script != "" {
		r.Script = act.script
	}
	if c.Setup != "" {
		w.Shell(t, dir, w.Expand(dir, c.Setup))
	}
	r.Steps = append(rows.Prologue(c, mode), rows.ParseCalls(act.calls)...)
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	files := w.Files(t, dir)
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	text := w.Expand(dir, strings.ReplaceAll(string(b), "$LONG", strings.Repeat("stdio ", 180)))
	text = strings.ReplaceAll(text, "$ALL", (promises.Everything | promises.Error.Set()).String())
	got := strings.TrimSpace(w.Launch(t, dir, files, []string{bin, text}))
	return got, rows.Rank(c, mode, got)
}

// The rows about programs that are executed under execpromises, by Command.
func TestExecs(t *testing.T) {
	testbed.Need(t, "gcc")
	bin, static := buildProbe(t), probe.Build(t, "-static")
	table := map[string]conformance.Case{}
	for _, c := range conformance.Cases() {
		table[c.ID] = c
	}
	testbed.Users(t, func(t *testing.T, uid int) {
		w := probe.NewWorld(t, uid)
		for line := range strings.Lines(execsText) {
			f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			c := table[f[0]]
			dir := w.Dir(t)
			r := request{Steps: rows.Prologue(conformance.Case{Promises: "-", Unveil: c.Unveil}, "kill"), ExecPromises: f[1]}
			for _, arg := range f[2:] {
				r.Exec = append(r.Exec, strings.NewReplacer("$PROBE", static, "$SELF", bin).Replace(arg))
			}
			b, err := json.Marshal(r)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.TrimSpace(w.Launch(t, dir, nil, []string{bin, w.Expand(dir, string(b))}))
			want := c.Expected
			if c.ID == "X-004" { // the row's program makes 23 of the errno that this one prints
				want = "ENOSYS"
			}
			if rows.Rank(conformance.Case{Expected: want}, "kill", got) < 0 {
				t.Errorf("%s under %q: %q: %s, want %s", c.ID, f[1], f[2:], got, want)
			}
		}
	})
}
