package landlock

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of doc/kernels.md")

const (
	document = "../../doc/kernels.md"
	begin    = "<!-- the versions -->\n"
	end      = "<!-- end of the versions -->\n"
)

// TestDocument: the table of versions in doc/kernels.md is the one that is used.
func TestDocument(t *testing.T) {
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the table", document)
	}
	var b strings.Builder
	b.WriteString("| ABI | Linux | what is new | what happens on older kernels |\n|---|---|---|---|\n")
	for n := 1; n <= Newest; n++ {
		v := At(n)
		fmt.Fprintf(&b, "| %d | %s | %s | %s |\n", v.ABI, v.Linux, v.What, v.Without)
	}
	want := head + begin + b.String() + end + tail
	if want == string(text) {
		return
	}
	if !*update {
		t.Fatalf("%s is not what the table says; run: make doc", document)
	}
	if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}
