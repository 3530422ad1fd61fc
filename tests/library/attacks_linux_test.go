package library

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/tests/attacks"
	"github.com/pledge-linux/pledge/tests/internal/probe"
)

// unstopped are attacks that no layer of the library sees, with the reason; each
// is in doc/security.md.
var unstopped = map[string]string{
	"H-12c": "the kind of a descriptor that is sent is not seen without a supervisor",
}

// No attack succeeds in a process that pledged itself to the widest promises that
// should still stop it, on a thread of C that was there before; each succeeds in
// the same process unpledged.
func TestAttacks(t *testing.T) {
	testbed.Need(t, "gcc")
	bin := buildProbe(t)
	gate := testbed.RunsI386(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		w := probe.NewWorld(t, uid)
		n := 0
		for _, a := range attacks.Table {
			if len(a.Flags) > 0 || unstopped[a.ID] != "" || strings.Contains(a.Script, "_int80") && !gate {
				continue // options are the launcher's
			}
			n++
			without, err := promises.Parse(a.Without)
			if err != nil {
				t.Fatal(err)
			}
			words := (promises.Everything &^ without).String()
			// Go has many threads, which may not change their user namespace, and of
			// which a traced one that nobody waits for keeps the process from ending.
			single := a.ID == "H-6" || a.ID == "H-2"
			if !single && (!a.Root || uid == 0) {
				if got := attack(t, w, bin, a.Script, nil); !succeeded(got) {
					t.Errorf("%s %s: unpledged it gives %s: it proves nothing", a.ID, a.Name, got)
				}
			}
			if got := attack(t, w, bin, a.Script, []step{{Name: "pledge", A: &words}}); succeeded(got) {
				t.Errorf("%s %s: %s: %s", a.ID, a.Name, a.Script, got)
			}
		}
		if n < 50 {
			t.Errorf("only %d attacks were performed", n)
		}
	})
}

func succeeded(got string) bool { return got == "allowed" || strings.HasPrefix(got, "exit:0") }

func attack(t *testing.T, w *probe.World, bin, script string, steps []step) string {
	t.Helper()
	dir := w.Dir(t)
	defer os.RemoveAll(dir)
	b, err := json.Marshal(request{Script: strings.ReplaceAll(script, "\n", " "), Steps: steps})
	if err != nil {
		t.Fatal(err)
	}
	files := w.Files(t, dir)
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	return strings.TrimSpace(w.Launch(t, dir, files, []string{bin, w.Expand(dir, string(b))}))
}
