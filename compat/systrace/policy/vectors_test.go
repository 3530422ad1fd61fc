package policy

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pledge-linux/pledge/compat/systrace/syntax"
)

// envs are the situations that the vectors were recorded in.
var envs = map[string]*Env{
	"user": {UID: 1000, GID: 100, Home: "/home/alice", User: "alice", Cwd: "/work/dir", UserID: testUser, GroupID: testUser},
	"root": {Root: true, UID: 1000, GID: 100, Home: "/home/bob", User: "bob", Cwd: "/work/dir", UserID: testUser, GroupID: testUser},
}

func testUser(name string) (uint32, bool) { return 0, name == "root" }

// vectors calls f with every line of a file.
func vectors[T any](t *testing.T, file string, f func(v T)) {
	t.Helper()
	r, err := os.Open("testdata/vectors/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	lines := bufio.NewScanner(r)
	n := 0
	for ; lines.Scan(); n++ {
		var v T
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("%s:%d: %v", file, n+1, err)
		}
		f(v)
	}
	if n < 100 {
		t.Fatalf("%s: %d vectors", file, n)
	}
}

type parseVector struct {
	Rule    string
	Simple  bool
	Action  int
	Future  int
	Error   bool
	Stderr  []string
	AST     any
	Errno   int
	Flags   int
	Pred    [3]int
	Elevate [3]int
}

func TestParseVectors(t *testing.T) {
	for situation, env := range envs {
		t.Run(situation, func(t *testing.T) {
			vectors(t, "parse-"+situation+".jsonl", func(v parseVector) {
				if situation == "user" {
					// Predicates were decided with the ids of the one who recorded.
					e := *env
					e.UID, e.GID = 0, 0
					checkParse(t, v, &e)
					return
				}
				checkParse(t, v, env)
			})
		})
	}
}

func checkParse(t *testing.T, v parseVector, env *Env) {
	t.Helper()
	rule, err := syntax.ParseRule(v.Rule)
	var f *filter
	if err == nil {
		f, _, err = compileRule(rule, env)
	}
	if v.Error {
		if err == nil {
			t.Errorf("%q is accepted; systrace said %q", v.Rule, v.Stderr)
			return
		}
		if got, want := faultOf(err), faultNamed(v.Stderr); got != want {
			t.Errorf("%q: %v; systrace said %q", v.Rule, err, v.Stderr)
		}
		return
	}
	if err != nil {
		t.Errorf("%q: %v; systrace accepted it", v.Rule, err)
		return
	}
	got := describe(rule, f, env)
	if diff := cmp.Diff(normal(v), got); diff != "" {
		t.Errorf("%q (-systrace +ours):\n%s", v.Rule, diff)
	}
	again, err := syntax.ParseRule(rule.Text())
	if err != nil {
		t.Errorf("%q prints as %q: %v", v.Rule, rule.Text(), err)
	} else if again.Text() != rule.Text() {
		t.Errorf("%q prints as %q, then as %q", v.Rule, rule.Text(), again.Text())
	}
}

// normal brings a vector into the form of describe.
func normal(v parseVector) map[string]any {
	if v.Simple {
		return map[string]any{"simple": v.Action, "now": v.Future == -99}
	}
	if v.Action <= 0 {
		v.Errno = 1
	}
	return map[string]any{"ast": v.AST, "action": v.Action, "errno": v.Errno, "flags": v.Flags,
		"pred": v.Pred[0], "elevate": v.Elevate[0]}
}

// describe puts a rule into the vectors' form.
func describe(r *syntax.Rule, f *filter, env *Env) map[string]any {
	action := map[syntax.Action]int{syntax.Permit: -1, syntax.Deny: 1, syntax.Ask: 0}[r.Action]
	if r.Simple {
		if r.Action == syntax.Deny {
			action = f.errno.Number
		}
		return map[string]any{"simple": action, "now": r.Now}
	}
	flags, pred, elevate := int(r.Flags), 0, 0
	if r.Log {
		flags |= 4
	}
	if r.Action == syntax.Ask {
		flags |= 8
	}
	if r.If != nil {
		pred = map[bool]int{false: 1, true: 2}[r.If.Group] | map[string]int{"=": 0, "!=": 0x10, "<": 0x20, ">": 0x30}[r.If.Op]
	}
	if f.as != nil && f.as.UID != nil {
		elevate |= 1
	}
	if f.as != nil && f.as.GID != nil {
		elevate |= 2
	}
	return map[string]any{"ast": tree(r.Expr, env), "action": action, "errno": max(f.errno.Number, 1), "flags": flags, "pred": pred, "elevate": elevate}
}

func tree(e syntax.Expr, env *Env) any {
	switch x := e.(type) {
	case syntax.Not:
		return []any{"not", tree(x.X, env)}
	case syntax.And:
		return []any{"and", tree(x.X, env), tree(x.Y, env)}
	case syntax.Or:
		return []any{"or", tree(x.X, env), tree(x.Y, env)}
	case *syntax.Cond:
		operand := x.Operand
		if !env.Root { // replaced while parsing
			operand = env.expand(operand)
		}
		return []any{x.Op.String(), x.Name, float64(x.Index), operand}
	}
	return []any{"true"}
}

func faultOf(err error) syntax.Fault {
	var e *syntax.Error
	errors.As(err, &e)
	return e.Fault
}

func faultNamed(stderr []string) syntax.Fault {
	for _, f := range []struct {
		text  string
		fault syntax.Fault
	}{
		{"illegal token", syntax.IllegalToken}, {"Unknown error code", syntax.UnknownError}, {"Unknown flag", syntax.UnknownFlag},
		{"Bad offset", syntax.BadOffset}, {"Invalid regular", syntax.BadRegexp}, {"Unknown user", syntax.UnknownUser},
		{"Unknown group", syntax.UnknownGroup}, {"Privilege elevation", syntax.NoElevation},
	} {
		if len(stderr) > 0 && strings.HasPrefix(stderr[0], f.text) {
			if len(stderr) > 1 && stderr[len(stderr)-1] == "syntax error" && f.fault != syntax.IllegalToken {
				return syntax.Syntax // it went on to read the rest; we look names up afterwards
			}
			return f.fault
		}
	}
	return syntax.Syntax
}

type evalVector struct {
	Rule   string
	Args   [][2]string
	Result string
}

func TestEvalVectors(t *testing.T) {
	for situation, env := range envs {
		t.Run(situation, func(t *testing.T) {
			vectors(t, "eval-"+situation+".jsonl", func(v evalVector) {
				if got := evaluate(t, v, env); got != v.Result {
					t.Errorf("%s with %q: %s, systrace said %s", v.Rule, v.Args, got, v.Result)
				}
			})
		})
	}
}

func evaluate(t *testing.T, v evalVector, env *Env) string {
	t.Helper()
	s := &syntax.Section{Emulation: "native"}
	rule, err := syntax.ParseRule(v.Rule)
	if err != nil {
		t.Fatalf("%s: %v", v.Rule, err)
	}
	rule.Call = "open"
	s.Rules = []*syntax.Rule{rule}
	p, err := Compile(s, env)
	if err != nil {
		t.Fatalf("%s: %v", v.Rule, err)
	}
	q := &Question{Names: []string{"openat", "open"}}
	for _, a := range v.Args {
		q.Args = append(q.Args, Arg{a[0], a[1]})
	}
	verdict := p.Decide(q)
	switch {
	case !verdict.Covered:
		return "nomatch"
	case verdict.Action == syntax.Deny:
		return fmt.Sprintf("deny:%d", verdict.Errno.Number)
	}
	return "permit"
}
