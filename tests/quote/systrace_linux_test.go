package quote

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// programs are copies of the probe under names of strangers.
func (w *world) programs(n int) (list []string) {
	w.t.Helper()
	for i := range n {
		name := testbed.FileName().Example(1000 + i)
		name = name[:min(len(name), 150)] // a policy's file has a longer name
		if i == 0 {
			name = "x, Emulation: linux64\n\tlinux64-execve: permit\nPolicy: y"
		}
		path := filepath.Join(w.dir, "p") + "/" + name
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			w.t.Fatal(err)
		}
		if err := os.Link(w.probe, path); err != nil {
			continue // drawn twice
		}
		list = append(list, path)
	}
	return list
}

// A policy that is learned of a program is that program's, with rules about the
// files that it used, and allows the same run; whatever all of them are called.
func TestSystraceLearns(t *testing.T) {
	testbed.Users(t, func(t *testing.T, uid int) {
		w := newWorld(t, uid)
		policies := filepath.Join(w.dir, "policies")
		for _, program := range w.programs(12) {
			os.RemoveAll(policies)
			learn := w.run(w.script("o"), testbed.Systrace(t), "-A", "-d", policies, program)
			if learn.Status != 0 {
				t.Fatalf("%q: %+v", program, learn)
			}
			w.linesBegin(learn.Stderr, "systrace: ")
			w.policyOf(program, policies)
			again := w.run(w.script("o"), testbed.Systrace(t), "-a", "-e", "-d", policies, program)
			if again.Status != 0 {
				t.Fatalf("%q: %+v", program, again)
			}
		}
	})
}

func (w *world) policyOf(program, dir string) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, policy.FileName(program)))
	if err != nil {
		w.t.Fatal(err)
	}
	f, err := syntax.Parse("learned", text, syntax.Options{})
	if err != nil {
		w.t.Fatalf("%v\n%s", err, text)
	}
	if len(f.Sections) != 1 || f.Sections[0].Name != program {
		w.t.Fatalf("%d policies, the first of %q instead of %q", len(f.Sections), f.Sections[0].Name, program)
	}
	var got []string
	for _, r := range f.Sections[0].Rules {
		if c, ok := r.Expr.(*syntax.Cond); ok && r.Call == "fsread" {
			got = append(got, "r:"+c.Operand)
		}
	}
	w.same("a learned policy", got)
}

// What is refused is a line each, and an object each.
func TestSystraceLogs(t *testing.T) {
	w := newWorld(t, os.Getuid())
	policies := filepath.Join(w.dir, "policies")
	for _, program := range w.programs(6) {
		os.RemoveAll(policies)
		if r := w.run("", testbed.Systrace(t), "-A", "-d", policies, program); r.Status != 0 {
			t.Fatalf("%+v", r)
		}
		r := w.run(w.script("o"), testbed.Systrace(t), "-a", "-e", "--json", "log.json", "-d", policies, program)
		if n := strings.Count(r.Stderr, "\n"); n < len(w.files) {
			t.Errorf("%d lines about %d files", n, len(w.files))
		}
		w.linesBegin(r.Stderr, "systrace: ") // also how many more there were
		text, err := os.ReadFile(filepath.Join(w.dir, "log.json"))
		if err != nil {
			t.Fatal(err)
		}
		w.shown(string(text))
		for _, l := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
			if !json.Valid([]byte(l)) {
				t.Errorf("no object: %s", l)
			}
		}
	}
}

// A front end and a person are asked a line a question: a name makes no answer
// look like another question's.
func TestSystraceAsks(t *testing.T) {
	w := newWorld(t, os.Getuid())
	asked := filepath.Join(w.dir, "asked")
	front := filepath.Join(w.dir, "front")
	testbed.Write(t, w.uid, front, "#!/bin/sh\nwhile IFS= read -r l; do printf '%s\\n' \"$l\" >>'"+asked+"'; [ \"$l\" = OKAY ] || echo permit-now; done\n", 0o755)
	program := w.programs(1)[0]
	if r := w.run(w.script("o"), testbed.Systrace(t), "-d", filepath.Join(w.dir, "policies"), "-g", front, program); r.Status != 0 {
		t.Fatalf("%+v", r)
	}
	text, err := os.ReadFile(asked)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	for i, l := range lines {
		if i%2 == 0 && !strings.Contains(l, ", pid: ") || i%2 == 1 && l != "OKAY" {
			t.Fatalf("line %d: %q", i, l)
		}
	}
	if len(lines) < 2*len(w.files) {
		t.Errorf("%d lines", len(lines))
	}
}

// A policy has bytes that its language cannot escape: a file has them, a terminal
// does not get them.
func TestTerminal(t *testing.T) {
	w := newWorld(t, os.Getuid())
	testbed.Write(t, w.uid, filepath.Join(w.dir, "script"), w.script("o"), 0o644)
	x := testbed.OpenTerminal(t, w.uid, w.dir, []string{probing + "=1"}, "sh", "-c", `"$@" <script; echo "E""ND"`, "sh", testbed.Pledge(t), "learn", "--max-unveils", "1000", "--as", "systrace", "-o", "-", "--", w.probe)
	x.Expect("linux64-fsread", 0)
	x.Expect("END", 0) // all before it has been seen, too
	x.Wait()
	w.shown(strings.TrimSuffix(strings.ReplaceAll(x.Seen(), "\r\n", "\n"), "\r"))
}
