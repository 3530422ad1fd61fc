package house

import (
	"go/ast"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

// unproved is how many paragraphs and points of doc/security.md name no test. It
// only goes down.
const unproved = 58

var testName = regexp.MustCompile(`\b(?:Test|Fuzz|Example)[A-Z]\w+|\btests/[a-z/_]+|\b\w+\.txtar`)

// TestClaims holds doc/security.md to the tests that it names: each is there.
func TestClaims(t *testing.T) {
	b, err := os.ReadFile("../../doc/security.md")
	if err != nil {
		t.Fatal(err)
	}
	there := tests(t)
	without := 0
	for _, claim := range claims(string(b)) {
		names := testName.FindAllString(claim, -1)
		for _, name := range names {
			if !there[name] {
				t.Errorf("doc/security.md names %s, which is not there", name)
			}
		}
		if len(names) == 0 {
			without++
			if testing.Verbose() {
				t.Logf("no test is named: %.90s", strings.ReplaceAll(claim, "\n", " "))
			}
		}
	}
	if without > unproved {
		t.Errorf("%d claims of doc/security.md name no test; there were %d", without, unproved)
	}
	if without < unproved {
		t.Errorf("%d claims of doc/security.md name no test: lower the floor of %d", without, unproved)
	}
}

// TestClaimsFails holds the check above to account.
func TestClaimsFails(t *testing.T) {
	there := tests(t)
	if !there["TestClaims"] || !there["tests/house"] || there["TestNobodyWroteThis"] {
		t.Error("what is there is not found, or what is not is")
	}
	got := claims("# A\n\none\ntwo\n\n* three\n  goes on\n* four\n\n| table | row |\n")
	if strings.Join(got, "|") != "one\ntwo|* three\n  goes on|* four" {
		t.Errorf("%q", got)
	}
}

// claims are the paragraphs and points of a document, without headings and tables.
func claims(text string) (list []string) {
	point := regexp.MustCompile(`\n([*-] )`)
	for _, p := range strings.Split(point.ReplaceAllString(text, "\n\n$1"), "\n\n") {
		p = strings.TrimSpace(p)
		if p != "" && p[0] != '#' && p[0] != '|' {
			list = append(list, p)
		}
	}
	return list
}

// tests are the tests of the tree by name, and its directories and scripts of tests.
func tests(t *testing.T) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	for _, f := range tree(t) {
		if !strings.HasSuffix(f.name, "_test.go") {
			continue
		}
		for dir := path.Dir(f.name); dir != "."; dir = path.Dir(dir) {
			there[dir] = true
		}
		for _, d := range f.ast.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				there[fn.Name.Name] = true
			}
		}
	}
	for _, name := range names(t, ".txtar") {
		there[path.Base(name)] = true
	}
	return there
}
