package attacks

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/tests/internal/probe"
)

// No attack succeeds under the launcher; each succeeds without it.
func TestAttacks(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge, bin := testbed.Pledge(t), probe.Build(t, "-static")
	gate := testbed.RunsI386(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		w := probe.NewWorld(t, uid)
		for _, a := range Table {
			t.Run(a.ID, func(t *testing.T) {
				if strings.Contains(a.Script, "_int80") && !gate {
					closed(t, w, pledge, bin, a)
					return
				}
				attack(t, w, pledge, bin, a)
			})
		}
	})
}

func attack(t *testing.T, w *probe.World, pledge, bin string, a Attack) {
	if got := perform(t, w, nil, bin, a); got != "allowed" && got != "exit:0 " {
		if !a.Root || w.UID == 0 {
			t.Errorf("%s: unconfined the attack gives %s: it proves nothing", a.Name, got)
		}
	}
	if got := perform(t, w, confine(pledge, a), bin, a); got != a.Want {
		t.Errorf("%s: %s: %s, want %s", a.Name, a.Script, got, a.Want)
	}
}

// closed: where the kernel has no i386 gate the attack faults, confined or not.
func closed(t *testing.T, w *probe.World, pledge, bin string, a Attack) {
	const fault = "exit:139 "
	if got := perform(t, w, confine(pledge, a), bin, a); got != fault {
		t.Errorf("%s: %s: %s, want a fault", a.Name, a.Script, got)
	}
}

// confine is the launcher's part of the command line.
func confine(pledge string, a Attack) []string {
	without, err := promises.Parse(a.Without)
	if err != nil {
		panic(err)
	}
	argv := append([]string{pledge, "--kill"}, a.Flags...)
	if slices.Contains(argv, "@deny") {
		argv = slices.Delete(argv, 1, 2)
	}
	keep := !slices.Contains(argv, "@no-keep")
	argv = slices.DeleteFunc(argv, func(f string) bool { return f[0] == '@' })
	if keep {
		for fd := 3; fd <= 15; fd++ {
			argv = append(argv, "--keep-fd", strconv.Itoa(fd))
		}
	}
	return append(argv, (promises.Everything &^ without).String(), "--")
}

func perform(t *testing.T, w *probe.World, launcher []string, bin string, a Attack) string {
	t.Helper()
	dir := w.Dir(t)
	defer os.RemoveAll(dir)
	files := w.Files(t, dir)
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	argv := append(slices.Clone(launcher), bin, a.Script)
	for i := range argv {
		argv[i] = w.Expand(dir, strings.ReplaceAll(argv[i], "\n", " "))
	}
	return w.Launch(t, dir, files, argv)
}
