package convert

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// TestGoFile builds what is written for Go and runs it: the path that the policy
// has can be read, and so can what a promise is for; another cannot. A path that
// was not there is no error.
func TestGoFile(t *testing.T) {
	data := t.TempDir()
	t.Setenv("HOME", data)
	for _, name := range []string{"open", "shut", "home"} {
		if err := os.WriteFile(filepath.Join(data, name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const port = "\tnative-connect: sockaddr match \"inet-*:53\" then permit\n\tnative-fsread: filename eq \"/etc/resolv.conf\" then permit\n"
	text := fmt.Sprintf("Policy: /bin/x, Emulation: native\n\tnative-fsread: filename match %q then permit\n\tnative-fsread: filename eq \"$HOME/nosuch\" then permit\n\tnative-fsread: filename eq \"$HOME/home\" then permit\n", data+"/open") + port
	f, err := syntax.Parse("x", []byte(text), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	code, err := GoFile([]*Result{Section(f.Sections[0], Options{})}, true)
	if err != nil {
		t.Fatal(err)
	}
	out := runConfined(t, code, data, data+"/open", data+"/home", "/etc/resolv.conf", data+"/shut")
	want := fmt.Sprintf("<nil>\n<nil>\n<nil>\n<nil>\nopen %s/shut: permission denied\n", data)
	if out != want {
		t.Errorf("%s\nwant\n%s\n%s", out, want, code)
	}
}

// TestGoFileClosed: where all paths were lost the function leaves nothing to be
// seen.
func TestGoFileClosed(t *testing.T) {
	code, err := GoFile([]*Result{Section(parseText(t, "\tnative-chdir: permit\n\tnative-fsread: filename sub \"x\" then permit\n"), Options{})}, true)
	if err != nil {
		t.Fatal(err)
	}
	if got := runConfined(t, code, t.TempDir(), "/etc/hostname"); got != "<nil>\nopen /etc/hostname: permission denied\n" {
		t.Errorf("%s\nby\n%s", got, code)
	}
}

// runConfined builds a function with a program that calls it and reads files, and
// returns what it prints.
func runConfined(t *testing.T, code []byte, data string, files ...string) string {
	t.Helper()
	dir, err := os.MkdirTemp(".", "built") // inside the module, which it imports
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	const main = "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() {\n\tfmt.Println(confine())\n\tfor _, p := range os.Args[1:] {\n\t\t_, err := os.ReadFile(p)\n\t\tfmt.Println(err)\n\t}\n}\n"
	for name, text := range map[string]string{"confine.go": string(code), "main.go": main} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	bin := filepath.Join(data, "program")
	if out, err := exec.Command("go", "build", "-o", bin, "./"+dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, code)
	}
	out, err := exec.Command(bin, files...).CombinedOutput()
	if err != nil {
		t.Errorf("%v", err)
	}
	return string(out)
}
