package quote

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// streams are the places that get hold of standard output or standard error, and
// how often. All else writes to what it is given, which escapes what a terminal
// acts on: add no place without [quote.Writer], or [quote.Terminal], around it.
var streams = map[string]int{
	"cmd/pledge-tools/main.go":         1,
	"cmd/pledge-tools/report.go":       2, // --report
	"cmd/systrace/main.go":             2,
	"cmd/internal/options/launch.go":   1,
	"cmd/internal/systrace/log.go":     1, // -E and --json
	"compat/systrace/agent/agent.go":   3, // the front end's own; about the deadline; its end without an answer
	"fleet/cmd/pledge-hub/main.go":     2,
	"fleet/cmd/pledged/main.go":        2,
	"compat/systrace/cradle/client.go": 5, // what the server tells who has started it; about the deadline
	"pledge/violation_linux.go":        1, // the library's one line
	"unveil/process_linux.go":          1, // as that
}

var prints = map[string]bool{"os.Stdout": true, "os.Stderr": true, "event.FD": true, "fmt.Print": true, "fmt.Printf": true, "fmt.Println": true,
	"log.Print": true, "log.Printf": true, "log.Println": true, "log.Fatal": true, "log.Fatalf": true, "log.Fatalln": true, "log.Panic": true}

// Nothing is printed past the writers that quote.
func TestStreams(t *testing.T) {
	got := map[string]int{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, _ := filepath.Rel("../..", path)
		if d.IsDir() && (name == "tests" || name == "examples" || name == ".git" || name == "tools" || strings.HasPrefix(d.Name(), "built") || name == "internal/gen" || name == "internal/testbed") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || d.IsDir() {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := s.X.(*ast.Ident); ok && prints[x.Name+"."+s.Sel.Name] {
					got[name]++
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(streams, got); diff != "" {
		t.Errorf("places that print (-known +found):\n%s", diff)
	}
}
