package syntax

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/pledge-linux/pledge/internal/testbed"
)

const sample = `# head

Policy: /bin/ls, Emulation: native # why
	# above
	native-read: permit # beside
	native-fsread: filename eq "/a # b" then permit
	native-linux: true then deny[enoent] log

# second
policy: /bin/off, emulation: linux
# gone
Detached
Policy: /bin/x, Emulation: linux
	linux-#224 (unimplemented gettid): permit
	linux-open: permit, if user = root
# tail
`

func TestParse(t *testing.T) {
	f, err := Parse("p", []byte(sample), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Sections) != 3 || !f.Sections[1].Detached || f.Sections[1].Emulation != "linux" {
		t.Fatalf("sections: %+v", f.Sections)
	}
	r := f.Sections[0].Rules
	if r[0].Comment != "# beside" || r[0].Lead[0] != "# above" || r[0].Pos.String() != "p:5:2" {
		t.Errorf("first rule: %+v", r[0])
	}
	if c := r[1].Expr.(*Cond); c.Operand != "/a # b" || c.Pos.String() != "p:6:17" {
		t.Errorf("second rule: %+v at %s", c, c.Pos)
	}
	last := f.Sections[2].Rules
	if last[0].Call != "#224 (unimplemented gettid)" || last[1].Simple || last[1].If == nil || last[1].Text() != "true then permit, if user = root" {
		t.Errorf("last rules: %+v %+v", last[0], last[1])
	}
	if f.Tail[0] != "# tail" || f.Sections[0].Comment != "# why" || f.Sections[1].Released[0] != "# gone" {
		t.Errorf("comments: %q %q %q", f.Tail, f.Sections[0].Comment, f.Sections[1].Released)
	}
}

// TestErrors: what is said of what cannot be read, and where.
func TestErrors(t *testing.T) {
	head := "Policy: /bin/ls, Emulation: native\n"
	for _, c := range []struct{ in, want string }{
		{"native-read: permit\n", `p:1:1: rule before any header, expected "Policy: PATH, Emulation: NAME"`},
		{head + "\tnative-read: maybe\n", "p:2:20: unexpected end of the rule, expected match, eq, neq, sub, nsub, inpath or re"},
		{head + "native-read: true then deny[enoway]\n", "p:2:29: unknown error code enoway, expected a name such as EPERM or ENOENT"},
		{head + "native-execve: true then permit[keep]\n", "p:2:33: unknown flag keep, expected inherit or detach"},
		{head + "native-link: filename[10] eq \"a\" then permit\n", "p:2:23: bad offset 10, expected 0 to 9"},
		{head + "native-open: filename eq /a then permit\n", "p:2:26: illegal character '/'"},
		{head + "native-open: filename eq \"a then permit\n", "p:2:26: quote without an end, expected \""},
		{head + "native-open:  permit\n", "p:2:15: unexpected 'permit', expected an argument's name, 'true', 'not' or '('"},
		{head + "native-open permit\n", `p:2:1: no rule, expected "EMULATION-CALL: RULE", with one space after the colon`},
		{head + "linux-open: permit\n", "p:2:1: rule of emulation linux, expected native, as the header says"},
		{head + "native-open: permit-now\n", "p:2:1: -now rules are answers in a dialogue, expected permit or deny"},
		{head + "native-open: permit, if user root\n", "p:2:30: unexpected 'root', expected =, !=, < or >"},
		{head + "native-open: (true) then permit\n", "p:2:21: unexpected 'then', expected match, eq, neq, sub, nsub, inpath or re"},
		{"Policy: /bin/ls\n", `p:1:1: header without an emulation, expected "Policy: PATH, Emulation: NAME" with one space after each colon and comma`},
		{"Template: x, Emulation: native\n", `p:1:1: template without a description, expected "Template: NAME, Emulation: NAME, Description: TEXT"`},
		{"\x7fELF\x02\x01\x01\x00\n", "p:1:8: NUL byte: this is no policy file"},
		{strings.Repeat("x", 1<<20) + "\n", "p:1:1: line longer than 2046 bytes"},
		{head + "native-open: " + strings.Repeat("( ", 900) + "\n", "p:2:1813: unexpected end of the rule, expected an argument's name, 'true', 'not' or '('"},
	} {
		f, err := Parse("p", []byte(c.in), Options{})
		if err == nil || err.Error() != c.want || f != nil {
			t.Errorf("%.60q: %v\nwant %s", c.in, err, c.want)
		}
	}
}

func TestAllErrors(t *testing.T) {
	_, err := Parse("p", []byte(strings.Repeat("nonsense\n", 30)), Options{})
	if got := len(Errors(err)); got != maxErrors {
		t.Errorf("%d errors", got)
	}
	if strings.Count(err.Error(), "\n") != maxErrors-1 {
		t.Errorf("not a line each: %v", err)
	}
}

func TestDepth(t *testing.T) {
	if _, err := ParseRule(strings.Repeat("not ", 100000) + "true then permit"); err == nil || !strings.Contains(err.Error(), "too deep") {
		t.Errorf("100000 nots: %.80v", err)
	}
}

// TestStrict: what the original did with files that today's reading takes.
func TestStrict(t *testing.T) {
	head := "Policy: /bin/ls, Emulation: native\n"
	for _, c := range []struct {
		name, in string
		rules    int // before the error
	}{
		{"no newline at the end", head + "native-read: permit\nnative-write: permit", 1},
		{"a carriage return alone", head + "native-read: permit\n\r\nnative-write: permit\n", 1},
		{"escaped quote before #", head + "native-read: permit\nnative-open: filename eq \"a\\\"b # c\" then permit\n", 1},
		{"an error", head + "native-read: permit\nnonsense\nnative-write: permit\n", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := Parse("p", []byte(c.in), Options{Strict: true})
			if err == nil || f == nil || len(f.Sections[0].Rules) != c.rules {
				t.Errorf("strict: %v, %v", f, err)
			}
			f, err = Parse("p", []byte(c.in), Options{})
			if c.name == "an error" {
				if f != nil || err == nil {
					t.Errorf("half a policy: %v, %v", f, err)
				}
				return
			}
			if err != nil {
				t.Errorf("not strict: %v", err)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	head := "Policy: /bin/ls, Emulation: native\n"
	for _, c := range []struct{ in, want string }{
		{head + "detachedfoo\n", "p:2:1: read as detached"},
		{"Policy: /bin/ls, Emulation: native x\n", "p:1:1: the emulation is the rest of the line"},
		{head + "native-read: true then ask[foo]\n", "p:2:1: what stands in brackets after ask"},
		{head + "native-read: true then deny as root\n", `p:2:1: "as" has no meaning after deny`},
		{head + "native-read: deny[eauth]\n", "p:2:1: EAUTH is no error on Linux"},
		{head + "native-open: filename eq \"a\\\"b # c\" then permit\n", `p:2:1: systrace would have cut this line`},
	} {
		f, err := Parse("p", []byte(c.in), Options{})
		if err != nil || len(f.Warnings) != 1 || !strings.HasPrefix(f.Warnings[0].String(), c.want) {
			t.Errorf("%q: %v, %v", c.in, f, err)
		}
	}
	if f, err := Parse("p", []byte(sample), Options{}); err != nil || len(f.Warnings) != 0 {
		t.Errorf("the sample: %v, %v", f.Warnings, err)
	}
}

// same compares files but for positions, sources and warnings.
var same = cmp.Options{
	cmpopts.IgnoreTypes(Pos{}), cmpopts.IgnoreFields(File{}, "Name", "Warnings"), cmpopts.IgnoreFields(Rule{}, "Source"), cmpopts.EquateEmpty(),
}

// checkPrint: printing keeps the meaning, and printing again the text.
func checkPrint(t interface{ Fatalf(string, ...any) }, f *File, o Options) {
	text := Print(f)
	again, err := Parse("printed", []byte(text), o)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if diff := cmp.Diff(f, again, same); diff != "" {
		t.Fatalf("printed (-read +read again):\n%s\n%s", diff, text)
	}
	if twice := Print(again); twice != text {
		t.Fatalf("not stable:\n%s", cmp.Diff(text, twice))
	}
}

func TestPrint(t *testing.T) {
	f, err := Parse("p", []byte(sample), Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkPrint(t, f, Options{})
}

func TestPrintCorpus(t *testing.T) {
	for _, file := range testbed.SystraceCorpus(t) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Fragment: "fragment"}
		f, err := Parse(file, src, o)
		if err != nil {
			t.Error(err)
			continue
		}
		checkPrint(t, f, o)
	}
}

// TestPrintAny prints files of any rules.
func TestPrintAny(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := &Section{Kind: Policy, Name: rapid.OneOf(rapid.Just("/bin/x"), rapid.Map(testbed.Bytes(900), func(s string) string { return "/bin/" + s }), testbed.Bytes(900)).Draw(r, "name"), Emulation: "native"}
		for i := range rapid.IntRange(1, 6).Draw(r, "rules") {
			s.Rules = append(s.Rules, anyRule(r, fmt.Sprint("rule", i)))
		}
		f := &File{Sections: []*Section{s}}
		for _, rule := range s.Rules {
			if len(rule.Text()) > MaxLine/2 {
				r.Skip("too long")
			}
		}
		checkPrint(r, f, Options{})
	})
}

func anyRule(r *rapid.T, label string) *Rule {
	rule := &Rule{Emulation: "native", Call: rapid.SampledFrom([]string{"open", "fsread", "#12 (obsolete x)"}).Draw(r, label)}
	rule.Action = rapid.SampledFrom([]Action{Permit, Deny, Ask}).Draw(r, label)
	if rule.Action == Deny {
		rule.Error = rapid.SampledFrom([]string{"", "ENOENT", "EWOULDBLOCK"}).Draw(r, label)
	}
	if rule.Action != Ask && rapid.Bool().Draw(r, label) {
		rule.Simple = true
		return rule
	}
	rule.Expr = anyExpr(r, label, 4)
	rule.Log = rapid.Bool().Draw(r, label)
	if rule.Action == Permit {
		rule.Flags = rapid.SampledFrom([]Flag{0, Inherit, Detach}).Draw(r, label)
		rule.As = rapid.SampledFrom([]*Elevation{nil, {User: "root"}, {Group: "wheel"}, {User: "0", Group: "0"}}).Draw(r, label)
	}
	rule.If = rapid.SampledFrom([]*Predicate{nil, {Op: "=", ID: "root"}, {Group: true, Op: "!=", ID: "12"}, {Op: "<", ID: "_x"}}).Draw(r, label)
	return rule
}

func anyExpr(r *rapid.T, label string, depth int) Expr {
	kind := rapid.IntRange(0, 4).Draw(r, label)
	if depth == 0 {
		kind = kind % 2
	}
	switch kind {
	case 0:
		return True{}
	case 2:
		return Not{anyExpr(r, label, depth-1)}
	case 3:
		return And{anyExpr(r, label, depth-1), anyExpr(r, label, depth-1)}
	case 4:
		return Or{anyExpr(r, label, depth-1), anyExpr(r, label, depth-1)}
	}
	return &Cond{Name: "filename", Index: rapid.IntRange(-1, 9).Draw(r, label), Op: Op(rapid.IntRange(0, 6).Draw(r, label)),
		Operand: rapid.OneOf(rapid.StringMatching(`[ -~\n\r\x80-\xff]{0,12}`), testbed.Bytes(60)).Draw(r, label)}
}

// FuzzParse: nothing panics, and what is accepted is printed well.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sample), false)
	f.Add([]byte("Template: x, Emulation: native, Description: y\n\tnative-read: permit\n"), true)
	f.Add([]byte("native-open: ( filename eq \"\\\"#\" ) and not true then deny[eperm] log as :wheel, if group > 3 # x"), false)
	f.Fuzz(func(t *testing.T, src []byte, strict bool) {
		o := Options{Strict: strict, Fragment: "f"}
		file, err := Parse("fuzz", src, o)
		if err != nil {
			for _, e := range Errors(err) {
				if e.Pos.Line == 0 || strings.ContainsAny(e.Error(), "\n") && !strings.Contains(string(src), "\n") {
					t.Fatalf("%v", e)
				}
			}
			return
		}
		text := Print(file)
		for _, line := range strings.Split(text, "\n") {
			if len(line) > MaxLine { // a printed line may be longer than what was read
				return
			}
		}
		again, err := Parse("printed", []byte(text), Options{Fragment: "f"})
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if twice := Print(again); twice != text {
			t.Fatalf("not stable:\n%s", cmp.Diff(text, twice))
		}
	})
}
