package quote

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// line is how each line about a refusal begins: what stands for the process has
// neither a blank nor a bracket in it, or is in quotes.
var line = regexp.MustCompile(`^(pledge|pledge try): ([^ "\[\]]+|"(\\.|[^"\\])*")\[?[0-9]*\]?: [a-z0-9]+\(`)

func (w *world) refusals(text, letter string) (n int) {
	w.t.Helper()
	for _, l := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		switch {
		case line.MatchString(l):
			n++
		case !strings.HasPrefix(l, "pledge: refused ") && !strings.HasPrefix(l, "pledge try: "):
			w.t.Errorf("this line is none of ours: %q", l)
		}
	}
	if n < len(w.files) {
		w.t.Errorf("%d lines about %d files", n, len(w.files))
	}
	return n
}

// A line a refusal, whatever the process and the file are called; on standard
// error, in a file, and in JSON, where each is read as what it is.
func TestReports(t *testing.T) {
	testbed.Users(t, func(t *testing.T, uid int) {
		w := newWorld(t, uid)
		for letter, words := range map[string]string{"o": "stdio", "m": "stdio rpath", "c": "stdio rpath"} {
			r := w.run(w.script(letter), testbed.Pledge(t), "--report", "text"+letter, words, "--", w.probe)
			w.refusals(r.Stderr, letter)
			text, err := os.ReadFile(filepath.Join(w.dir, "text"+letter))
			if err != nil || string(text) != r.Stderr {
				t.Errorf("the file differs from standard error: %v", err)
			}
		}
		w.run(w.script("o"), testbed.Pledge(t), "-q", "--report", "json", "--report-format", "json", "stdio", "--", w.probe)
		w.events()
		w.harmless()
	})
}

// events reads the JSON report back.
func (w *world) events() {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "json"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.shown(string(text))
	var programs []string
	for _, l := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		var e struct {
			Program string
			Bytes   []byte `json:"program_bytes"`
		}
		if err := json.Unmarshal([]byte(l), &e); err != nil {
			w.t.Fatalf("%v: %s", err, l)
		}
		if e.Bytes != nil {
			e.Program = string(e.Bytes)
		}
		programs = append(programs, e.Program)
	}
	for i := range w.files {
		if want := w.comms[i%len(w.comms)]; !slices.Contains(programs, want) {
			w.t.Errorf("no event of the program %q", want)
		}
	}
}

// The line of a kill is one line.
func TestKill(t *testing.T) {
	w := newWorld(t, os.Getuid())
	for _, comm := range w.comms {
		r := w.run("n"+comm+"\x00m"+w.files[0]+"x\x00", testbed.Pledge(t), "--kill", "stdio rpath", "--", w.probe)
		if r.Status != 134 || !regexp.MustCompile(`^([^ "\[\]]+|"(\\.|[^"\\])*")\[[0-9]+\]: pledge "cpath", syscall [0-9]+ \(mkdir(at)?\)\npledge: refused 1 call; to allow, add "cpath"\n$`).MatchString(r.Stderr) {
			t.Errorf("%q: %+v", comm, r)
		}
	}
}

// try tells a line a refusal, and its last one can be given to a shell.
func TestTry(t *testing.T) {
	w := newWorld(t, os.Getuid())
	r := w.run(w.script("o"), testbed.Pledge(t), "try", "stdio rpath", "-u", "r:/proc", "-u", "r:/sys", "--", w.probe)
	w.refusals(r.Stderr, "o")
	w.same("try", w.suggested(r.Stderr))
}

// suggested has shells read what the last line asks to add.
func (w *world) suggested(text string) []string {
	w.t.Helper()
	i := strings.LastIndex(text, "; to allow, add ")
	if i < 0 {
		w.t.Fatalf("nothing is asked for in %s", text)
	}
	words, _, _ := strings.Cut(text[i+len("; to allow, add "):], "\n")
	return slices.DeleteFunc(w.words("pledge "+words+"\n"), func(s string) bool { return s == "--unveil" })
}

// What a report asks to unveil can be given to a shell as it is, up to the number
// that a summary has.
func TestUnveils(t *testing.T) {
	w := newWorld(t, os.Getuid())
	w.files = w.files[:40]
	r := w.run(w.script("o"), testbed.Pledge(t), "--report-unveil", "stdio rpath", "-u", "r:/proc", "-u", "r:/sys", "-u", "rx:"+w.probe, "--", w.probe)
	w.refusals(r.Stderr, "o")
	w.same("unveil", w.suggested(r.Stderr))
	for _, l := range strings.Split(r.Stderr, "\n") {
		if i := strings.LastIndex(l, ": needs --unveil "); i >= 0 {
			if got := w.words("pledge " + l[i+len(": needs "):] + "\n"); len(got) != 2 || !slices.Contains(w.files, strings.TrimPrefix(got[1], "r:")) {
				t.Errorf("%s\nis %q", l, got)
			}
		}
	}
}

// Names that the user gives, as a shell does for a star, come back on one line.
func TestErrors(t *testing.T) {
	w := newWorld(t, os.Getuid())
	p := testbed.Pledge(t)
	for _, f := range w.files {
		for _, argv := range [][]string{
			{p, "stdio", "--", f}, {p, "stdio", "--", f + "x/y"}, {p, "stdio rpath", "-u", "r:" + f + "x", "--", "true"}, {p, f, "--", "true"}, {p, "stdio", "-u", f, "--", "true"},
			{p, "--profile", f, "--", "true"}, {p, "profile", "check", f}, {p, "inspect", f}, {p, "import", f}, {p, "lint", f}, {p, "explain", f}, {p, "--limit", f + "x=1", "stdio", "--", "true"},
			{p, "-C", f, "stdio", "--", "true"}, {p, "--user", filepath.Base(f), "stdio", "--", "true"}, {p, "learn", "-o", f + "/x", "--", "true"}, {p, "--" + f}, {p, "learn", "--" + f},
			{testbed.Systrace(t), "-d", w.dir, "-a", f}, {testbed.Systrace(t), "-d", w.dir, "-f", f, "true"}, {testbed.Systrace(t), "-d", f, "true"},
		} {
			r := testbed.Run(t, w.uid, w.dir, nil, "", argv...)
			w.shown(r.Stdout + r.Stderr)
			if r.Status == 0 {
				t.Errorf("%q: status 0", argv)
			}
			w.linesBegin(r.Stderr, "pledge: ", "systrace: ", "usage: ", "       ", "                ")
		}
	}
	w.harmless()
}

// Names that stand in a program's file, its interpreter's, are a stranger's, too.
func TestInterpreters(t *testing.T) {
	w := newWorld(t, os.Getuid())
	const hostile = "/x\x1b]0;x\a\npledge: ok\n\xff"
	testbed.Write(t, w.uid, filepath.Join(w.dir, "script"), "#!"+hostile[:8]+" \x1b[2K\u202e\nx\n", 0o755)
	elf, err := os.ReadFile("/bin/cat")
	if err != nil {
		t.Fatal(err)
	}
	at := regexp.MustCompile("/lib[^\x00]*/ld-[^\x00]+").FindIndex(elf)
	if at == nil || at[1]-at[0] < len(hostile) {
		t.Skip("missing: a cat with an interpreter of a usual name")
	}
	copy(elf[at[0]:at[1]], hostile+strings.Repeat("x", at[1]-at[0]-len(hostile)))
	testbed.Write(t, w.uid, filepath.Join(w.dir, "elf"), string(elf), 0o755)
	for _, argv := range [][]string{
		{"stdio rpath exec", "--", "./script"}, {"stdio rpath", "--", "./elf"}, {"--exec", "stdio rpath", "--", "./elf"}, {"--dry-run", "stdio rpath", "--", "./elf"},
		{"--dry-run", "stdio rpath", "--", "./script"}, {"inspect", "elf"}, {"inspect", "--json", "elf"}, {"inspect", "script"}, {"learn", "--", "./elf"}, {"try", "stdio", "--", "./elf"},
	} {
		r := testbed.Run(t, w.uid, w.dir, nil, "", append([]string{testbed.Pledge(t)}, argv...)...)
		w.shown(r.Stdout + r.Stderr)
		if strings.Contains(r.Stdout+r.Stderr, "\npledge: ok") {
			t.Errorf("%q: %+v", argv, r)
		}
		w.linesBegin(r.Stderr, "pledge: ")
	}
}

// What would be enforced is told a line each.
func TestDryRun(t *testing.T) {
	w := newWorld(t, os.Getuid())
	argv := []string{testbed.Pledge(t), "--dry-run", "stdio rpath"}
	for _, f := range w.files {
		argv = append(argv, "-u", "r:"+f)
	}
	name := filepath.Join(w.dir, "d", "\nlandlock: ABI 99\x1b[2K\xff")
	if err := os.Rename(w.probe, name); err != nil {
		t.Fatal(err)
	}
	r := w.run("", append(argv, "--", name)...)
	if r.Status != 0 || strings.Count(r.Stdout, "\nlandlock:") != 1 {
		t.Errorf("%+v", r)
	}
	w.linesBegin(r.Stdout, "program: ", "promises: ", "mode: ", "violations: ", "seccomp: ", "landlock: ", "  ", "paths: ", "capabilities: ", "note: ")
}

// The kernel's log has names of processes, which strangers choose.
func TestAudit(t *testing.T) {
	w := newWorld(t, os.Getuid())
	for _, l := range []string{
		`audit: type=1326 audit(1.2:3): auid=1 uid=0 gid=0 ses=1 pid=12 comm="a` + "\x1b[2K" + `b" exe="/x" sig=31 arch=c000003e syscall=83 compat=0 ip=0x0 code=0x0`,
		`type=1326 audit(1.2:3): pid=12 comm=610A706C656467653A206F6B exe="/x pid=77 syscall=0" sig=31 arch=c000003e syscall=83 compat=0`,
		"type=1326 audit(1.2:3): pid=12\x1b[2K comm=\"x\" arch=c000003e syscall=83",
	} {
		r := w.run("", testbed.Pledge(t), "explain", "--audit", l)
		if r.Status == 0 && (strings.Count(r.Stdout, "\n") != 1 || !strings.Contains(r.Stdout, "[12]: syscall 83 (mkdir, amd64)")) {
			t.Errorf("%q: %+v", l, r)
		}
	}
}
