// Package quote has names that mean something to shells, parsers and terminals
// go through every output of the commands.
package quote

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// probing is set where this binary is the program that the commands run.
const probing = "QUOTE_PROBE"

// The name of a process is that of its first thread.
func init() {
	if os.Getenv(probing) != "" {
		runtime.LockOSThread()
	}
}

func TestMain(m *testing.M) {
	if os.Getenv(probing) != "" {
		probe()
	}
	os.Exit(m.Run())
}

// probe takes a name for itself, then opens files for reading, makes directories,
// asks for what no promise has, fills standard error, or says something; standard
// input says which, NUL after each.
func probe() {
	script, _ := io.ReadAll(os.Stdin)
	for _, line := range bytes.Split(bytes.TrimSuffix(script, []byte{0}), []byte{0}) {
		if len(line) == 0 {
			continue
		}
		arg := string(line[1:])
		switch line[0] {
		case 'n':
			b, _ := unix.BytePtrFromString(arg)
			unix.Prctl(unix.PR_SET_NAME, sys.Address(b), 0, 0, 0)
			runtime.KeepAlive(b)
		case 'o':
			if fd, err := unix.Open(arg, unix.O_RDONLY, 0); err == nil {
				unix.Close(fd)
			}
		case 'm':
			unix.Mkdir(arg, 0o700)
		case 'c':
			unix.Chroot(arg)
		case 'f': // standard error is full, and nobody waits for it
			unix.SetNonblock(2, true)
			for _, err := unix.Write(2, make([]byte, 4096)); err == nil; _, err = unix.Write(2, make([]byte, 4096)) {
			}
		case 's':
			unix.Write(1, line[1:])
		}
	}
	os.Exit(0)
}

// world is a directory with hostile names in it, for a user.
type world struct {
	t     *testing.T
	uid   int
	dir   string
	probe string
	comms []string
	files []string // full paths that exist
}

const howMany = 60

func newWorld(t *testing.T, uid int) *world {
	t.Helper()
	w := &world{t: t, uid: uid, dir: testbed.Dir(t, uid)}
	w.probe = filepath.Join(w.dir, "probe")
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	testbed.Write(t, uid, w.probe, string(self), 0o755)
	names := []string{"x\ntouch injected;#", "$(touch injected)", "`touch injected`", "'; touch injected; '", "\"; touch injected; \"", "x\nunveil_optional=[\"rwc:~\"]#", "-rf", "~", "#", "a\n", "\n\n", "a\xff", "\x1b]0;x\a"}
	for i := range howMany {
		names = append(names, testbed.FileName().Example(i))
		w.comms = append(w.comms, testbed.Comm().Example(i))
	}
	w.comms = append(w.comms, "z\npledge: ok\n\r", "a\ntouch P3;#")
	slices.Sort(names)
	for _, n := range slices.Compact(names) {
		path := filepath.Join(w.dir, "d") + "/" + n
		testbed.Write(t, uid, path, "x", 0o644)
		w.files = append(w.files, path)
	}
	return w
}

// script is what the probe does: every file under another name of its own.
func (w *world) script(letter string) string {
	var b strings.Builder
	for i, f := range w.files {
		b.WriteString("n" + w.comms[i%len(w.comms)] + "\x00" + letter + f + "\x00")
	}
	return b.String()
}

func (w *world) run(stdin string, argv ...string) testbed.Result {
	w.t.Helper()
	r := testbed.Run(w.t, w.uid, w.dir, []string{probing + "=1", "GOMAXPROCS=1"}, stdin, argv...)
	if r.Status == 126 || r.Status == 127 {
		w.t.Fatalf("%+v", r)
	}
	w.shown(r.Stdout + r.Stderr)
	return r
}

// shown fails for what a terminal would act on, or what hides.
func (w *world) shown(text string) {
	w.t.Helper()
	if !utf8.ValidString(text) {
		w.t.Errorf("invalid UTF-8 is shown: %q", text)
	}
	for _, line := range strings.Split(text, "\n") {
		for _, r := range line {
			if r != ' ' && r != '\t' && unicode.In(r, unicode.C, unicode.Z) {
				w.t.Errorf("%U is shown: %q", r, line)
				break
			}
		}
	}
}

// linesBegin fails for lines that a name has made.
func (w *world) linesBegin(text string, with ...string) {
	w.t.Helper()
	for line := range strings.Lines(text) {
		if !slices.ContainsFunc(with, func(p string) bool { return strings.HasPrefix(line, p) }) {
			w.t.Errorf("this line is none of ours: %q", line)
		}
	}
}

// harmless fails if a name was executed.
func (w *world) harmless() {
	w.t.Helper()
	for _, dir := range []string{w.dir, filepath.Join(w.dir, "d"), "."} {
		for _, name := range []string{"injected", "P3"} {
			if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
				w.t.Errorf("a name was executed: %s/%s is there", dir, name)
			}
		}
	}
}

// words has every shell take a text apart: what comes back are the arguments of
// pledge in it.
func (w *world) words(text string) (args []string) {
	w.t.Helper()
	for i, shell := range []string{"sh", "dash", "bash"} {
		testbed.Need(w.t, shell)
		r := testbed.Run(w.t, w.uid, w.dir, nil, "pledge() { printf '%s\\0' \"$@\"; }\n"+text, shell, "-s")
		if r.Status != 0 || r.Stderr != "" {
			w.t.Fatalf("%s: %+v\n%s", shell, r, text)
		}
		got := strings.Split(strings.TrimSuffix(r.Stdout, "\x00"), "\x00")
		if i > 0 && !slices.Equal(got, args) {
			w.t.Errorf("%s reads %q, another shell %q", shell, got, args)
		}
		args = got
	}
	w.harmless()
	return args
}

// same compares paths to unveil with the files that there are, as r:FILE.
func (w *world) same(format string, got []string) {
	w.t.Helper()
	var want []string
	for _, f := range w.files {
		want = append(want, "r:"+f)
	}
	slices.Sort(want)
	got = slices.DeleteFunc(slices.Clone(got), func(s string) bool { return !strings.HasPrefix(s, "r:"+w.dir+"/d/") })
	slices.Sort(got)
	if slices.Equal(got, want) {
		return
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			w.t.Fatalf("%s: %s", format, fmt.Sprintf("%d paths of %d; from %d on got %.300q\nwant %.300q", len(got), len(want), i, got[min(i, len(got)):], want[min(i, len(want)):]))
		}
	}
}
