package quote

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// policyText is a policy with a rule for each file, and one of each kind of
// comment that import makes.
func (w *world) policyText(program string) string {
	w.t.Helper()
	s := &syntax.Section{Kind: syntax.Policy, Name: program, Emulation: "native"}
	rule := func(call, text string) {
		r, err := syntax.ParseRule(text)
		if err != nil {
			w.t.Fatal(err)
		}
		r.Emulation, r.Call = "native", call
		s.Rules = append(s.Rules, r)
	}
	for _, f := range w.files {
		rule("fsread", "filename eq "+syntax.Quote(f)+" then permit")
		rule("fsread", "filename sub "+syntax.Quote(filepath.Base(f))+" then permit")
		rule("connect", "sockaddr eq "+syntax.Quote(f)+" then permit")
	}
	text, err := syntax.Text(s)
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

// What a policy of systrace has in it stays what it is, in each form that it is
// imported to.
func TestImport(t *testing.T) {
	w := newWorld(t, os.Getuid())
	w.files = slices.DeleteFunc(w.files, func(f string) bool { // which mean something in policies
		return strings.Contains(f, "${") || strings.Contains(f, "$USER") || strings.Contains(f, "@@") || strings.Contains(f, ".so")
	})
	program := filepath.Join(w.dir, "p") + "/x\ntouch injected;#\x1b[2K\"$(touch injected)"
	testbed.Write(t, w.uid, filepath.Join(w.dir, "policy"), w.policyText(program), 0o644)
	read := func(argv ...string) string {
		r := w.run("", append([]string{testbed.Pledge(t), "import", "-v"}, append(argv, "policy")...)...)
		if r.Status != 0 || r.Stderr != "" {
			t.Fatalf("%+v", r)
		}
		return r.Stdout
	}
	command := read()
	args := w.words(command)
	if !slices.Contains(args, program) {
		t.Errorf("the program is not %q in %q", program, args[len(args)-3:])
	}
	w.same("a command", args)
	w.same("Go", fromGo(t, read("--as", "go")))

	testbed.Write(t, w.uid, filepath.Join(w.dir, "p.toml"), read("--as", "toml"), 0o644)
	p, err := w.profile("p.toml")
	if err != nil {
		t.Fatal(err)
	}
	w.same("TOML", slices.Concat(p.Unveil, p.Optional))

	var j struct{ Command string }
	if err := json.Unmarshal([]byte(read("--json")), &j); err != nil {
		t.Fatal(err)
	}
	w.same("JSON", w.words(j.Command+"\n"))
}

// What is exported is one policy, of the program, about the paths that were given.
func TestExport(t *testing.T) {
	w := newWorld(t, os.Getuid())
	program := filepath.Join(w.dir, "p") + "/x\nPolicy: /bin/ls, Emulation: linux64\x1b[2K\"#,"
	argv := []string{testbed.Pledge(t), "export", "--systrace", "stdio rpath"}
	for _, f := range w.files {
		argv = append(argv, "-u", "r:"+f)
	}
	r := testbed.Run(t, w.uid, w.dir, nil, "", append(argv, program)...)
	if r.Status != 0 {
		t.Fatalf("%+v", r)
	}
	w.same("a policy", fromPolicy(t, r.Stdout))
	f, err := syntax.Parse("", []byte(r.Stdout), syntax.Options{})
	if err != nil || f.Sections[0].Name != program {
		t.Errorf("%v, a policy of %q", err, f.Sections[0].Name)
	}
}
