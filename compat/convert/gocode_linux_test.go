package convert

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// TestGoCode builds what is written for Go and runs it: the one path that the
// policy has can be read, another cannot.
func TestGoCode(t *testing.T) {
	dir, err := os.MkdirTemp(".", "built") // inside the module, which it imports
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	data := t.TempDir()
	for _, name := range []string{"open", "shut"} {
		if err := os.WriteFile(filepath.Join(data, name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text := fmt.Sprintf("Policy: /bin/x, Emulation: native\n\tnative-read: permit\n\tnative-write: permit\n\tnative-fsread: filename match %q then permit\n\tnative-fsread: filename eq \"$HOME/nosuch\" then permit\n", data+"/open")
	f, err := syntax.Parse("x", []byte(text), syntax.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r := Section(f.Sections[0], Options{})
	code, err := r.GoCode("confine")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n\t\"fmt\"\n")
	for _, p := range GoImports([]*Result{r}) {
		if p != "os" {
			fmt.Fprintf(&b, "\t%q\n", p)
		}
	}
	fmt.Fprintf(&b, "\t\"os\"\n)\n\n%s\nfunc main() {\n\tfmt.Println(confine())\n\tfor _, p := range os.Args[1:] {\n\t\t_, err := os.ReadFile(p)\n\t\tfmt.Println(err)\n\t}\n}\n", code)
	if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(data, "program")
	if out, err := exec.Command("go", "build", "-o", bin, "./"+dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, b.String())
	}
	out, err := exec.Command(bin, data+"/open", data+"/shut").CombinedOutput()
	want := fmt.Sprintf("<nil>\n<nil>\nopen %s/shut: permission denied\n", data)
	if err != nil || string(out) != want {
		t.Errorf("%v\n%s\nwant\n%s", err, out, want)
	}
}
