package explain

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/promises"
)

var update = flag.Bool("update", false, "write doc/promises.md")

const document = "../../doc/promises.md"

// doc/promises.md says what the tables say.
func TestDocument(t *testing.T) {
	want := markdown()
	if *update {
		if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(document)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what the tables say (%v); run: make doc", document, err)
	}
}

func markdown() string {
	var b strings.Builder
	b.WriteString("# Promises\n\nGenerated from the tables of internal/rules. A line that names several promises takes all of\nthem. Calls that no line here has are refused; `pledge explain CALL` says how.\n")
	b.WriteString("\n## Always allowed\n\n| call | what | when |\n|---|---|---|\n")
	for _, l := range Set(0) {
		row(&b, l, "")
	}
	for _, p := range promises.All() {
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n", p, upper(p.Summary()))
		if p == promises.Tmppath {
			b.WriteString("\nOpenBSD 7.9 removed this word; unveil /tmp with rpath, wpath and cpath instead.\n")
		}
		lines := with(p)
		if len(lines) == 0 {
			continue
		}
		b.WriteString("\n| call or file | also takes | what | when |\n|---|---|---|---|\n")
		for _, l := range lines {
			also := (l.Needs &^ p.Set()).String()
			if also == "" {
				also = " "
			}
			row(&b, l, also)
		}
	}
	return b.String()
}

// with returns the lines that p takes part in.
func with(p promises.Promise) []Line {
	var lines []Line
	for _, l := range Set(promises.Everything | promises.Error.Set()) {
		if l.Needs.Has(p) {
			lines = append(lines, l)
		}
	}
	return lines
}

func row(b *strings.Builder, l Line, also string) {
	what := l.Why
	if l.Answer != Allowed {
		what = l.Answer + ": " + what
	}
	if also != "" {
		also = " " + strings.TrimSpace(also) + " |"
	}
	fmt.Fprintf(b, "| `%s` |%s %s | %s |\n", l.Call, also, strings.ReplaceAll(what, "|", `\|`), l.Situation)
}

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
