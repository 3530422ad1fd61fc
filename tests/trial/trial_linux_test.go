// Package trial tries many commands as a new user would: learns each, runs it under
// what was learned, and follows the hints of a launch until it runs.
//
//	make trial            all of them
//	go test ./tests/trial those that make check runs
package trial

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/profile"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// all is whether the whole table is tried, and the document written.
var all = os.Getenv("TRIAL") == "all"

// A row is what a trial of a command has shown.
type row struct {
	Command
	learned string // the promises
	rounds  int    // of hints, from stdio on, until it ran
	byHand  string // the promises that the hints led to
}

// TestTrial: each command runs under what was learned of it and does the same, and
// the hints lead to where it runs.
func TestTrial(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, `{"a":1}`) }))
	defer srv.Close()
	var rows []row
	for _, c := range Table {
		if !c.Core && !all {
			continue
		}
		t.Run(c.Run, func(t *testing.T) {
			need(t, c)
			b := newBench(t, os.Getuid(), srv.URL)
			r := row{Command: c}
			if c.Not != "" {
				r.told(t, b)
			} else {
				r.try(t, b)
			}
			rows = append(rows, r)
		})
	}
	if all && !t.Failed() {
		document(t, rows)
	}
}

// need leaves out what is not installed, by name.
func need(t *testing.T, c Command) {
	words := strings.Fields(confined(c.Run, ""))
	name := words[0]
	if _, after, ok := strings.Cut(c.Run, "$P "); ok {
		name = strings.Fields(after)[0]
	}
	if _, err := exec.LookPath(name); err != nil {
		if c.Core {
			testbed.Need(t, name)
		}
		t.Skipf("not installed: %s", name)
	}
}

// confined puts the launcher before the program.
func confined(run, launcher string) string {
	if strings.Contains(run, "$P ") {
		return strings.Replace(run, "$P ", launcher+" ", 1)
	}
	return strings.TrimSpace(launcher + " " + run)
}

// try learns a command, runs it under the result, and follows hints.
func (r *row) try(t *testing.T, b *bench) {
	plain := b.run(t, r.Run, "")
	file := filepath.Join(b.kept, "learned.toml")
	learning := b.run(t, r.Run, "learn -o "+file+" --")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("nothing was learned: %+v", learning)
	}
	p, err := profile.Parse(text, file)
	if err != nil {
		t.Fatal(err)
	}
	r.learned = p.Promises
	if r.Only != nil && r.seen(plain.Stdout) == "" {
		t.Fatalf("nothing of %.400q is compared", plain.Stdout)
	}
	r.same(t, plain, b.run(t, r.Run, "--kill --profile "+file+" --"), fmt.Sprintf("under %q %q", p.Promises, p.Unveil))
	r.hints(t, b, plain)
	r.narrow(t)
}

// narrow: the hints lead to no word for which learning knows a narrower one.
func (r *row) narrow(t *testing.T) {
	learned, byHand := strings.Fields(r.learned), strings.Fields(r.byHand)
	for _, word := range byHand {
		if less := narrower[word]; less != "" && slices.Contains(learned, less) && !slices.Contains(learned, word) {
			t.Errorf("the hints lead to %q where %q does: %q, learned %q", word, less, r.byHand, r.learned)
		}
	}
}

// narrower has the words that admit a part of what others admit.
var narrower = map[string]string{
	"unix": "getpw", // look-ups of users ask a local socket first
}

// maxRounds is how often somebody follows a hint.
const maxRounds = 6

var advice = regexp.MustCompile(`to allow, add "([^"]*)"`)

// hints begins with stdio and adds what the launcher says until nothing is refused.
func (r *row) hints(t *testing.T, b *bench, plain testbed.Result) {
	for words := "stdio"; ; r.rounds++ {
		got := b.run(t, r.Run, "'"+words+"' --")
		m := advice.FindStringSubmatch(got.Stderr)
		if m == nil || r.rounds == maxRounds {
			r.byHand = words
			r.same(t, plain, got, fmt.Sprintf("by hand under %q, after %d rounds of hints", words, r.rounds))
			return
		}
		words += " " + m[1]
	}
}

// same compares a confined run with a plain one.
func (r *row) same(t *testing.T, plain, got testbed.Result, how string) {
	t.Helper()
	switch {
	case got.Status != plain.Status:
		t.Errorf("%s: status %d, without %d\n%s", how, got.Status, plain.Status, got.Stderr)
	case strings.Contains(hidden.ReplaceAllString(got.Stderr, ""), "pledge: "):
		t.Errorf("%s: %s", how, got.Stderr)
	case r.seen(got.Stdout) != r.seen(plain.Stdout):
		t.Errorf("%s: %.400q, without %.400q\n%s", how, got.Stdout, plain.Stdout, got.Stderr)
	}
}

// seen is what is compared of a command's output.
func (r *row) seen(out string) string {
	out = numbers.ReplaceAllString(out, "N")
	switch {
	case r.Only != nil:
		found := r.Only.FindAllString(out, -1)
		for i := range found {
			found[i] = strings.Join(strings.Fields(found[i]), " ")
		}
		slices.Sort(found)
		out = strings.Join(slices.Compact(found), "\n")
	case r.Random:
		return fmt.Sprint(out != "")
	case r.Differs != "":
		out, _, _ = strings.Cut(out, "\n")
	}
	return out
}

// hidden is said of each program that fails with paths unveiled.
var hidden = regexp.MustCompile(`(?m)^pledge: status .* with paths hidden.*$`)

// numbers are process ids, times, sizes.
var numbers = regexp.MustCompile(`[0-9]+`)

// told runs what cannot be confined: it fails, and the launcher says so.
func (r *row) told(t *testing.T, b *bench) {
	got := b.run(t, r.Run, "'"+everything+"' --")
	if !strings.Contains(got.Stderr, "pledge: ") {
		t.Errorf("not a word about %s: %+v", r.Not, got)
	}
}

// everything is what somebody tries in the end.
const everything = "stdio rpath wpath cpath dpath tmppath inet mcast fattr chown flock unix dns getpw sendfd recvfd tape tty proc exec prot_exec settime ps vminfo id pf route wroute audio video bpf unveil error disklabel drm vmm"

// A bench is where commands are tried.
type bench struct {
	dir, kept, pledge, url string
	uid                    int
}

func newBench(t *testing.T, uid int, url string) *bench {
	return &bench{testbed.Dir(t, uid), testbed.Dir(t, uid), testbed.Pledge(t), url, uid}
}

const files = `rm -rf w; mkdir w; for i in m1 r1 c1; do echo x >w/$i; done
[ -e t.c ] && exit
echo 'int main(){return 0;}' >t.c; echo '{"a":1}' >x.json; echo y >y
tar cf a.tar y; zip -q a.zip y; printf '.Dd\n.Dt X 1\n.Os\n.Sh NAME\n' >pledge.1
ssh-keygen -q -t ed25519 -N '' -f key
git init -q -b main repo && cd repo && git config user.email a@b && git config user.name a &&
printf 'all:\n\techo x\n' >Makefile && printf 'module m\n' >go.mod && printf 'package m\n' >m.go && git add . && git commit -qm first`

// run has a shell run a command behind the launcher with options; without them
// behind nothing.
func (b *bench) run(t *testing.T, run, options string) testbed.Result {
	t.Helper()
	launcher := ""
	if options != "" {
		launcher = b.pledge + " " + options
	}
	env := []string{"URL=" + b.url, "GOCACHE=" + b.kept + "/go", "GOTOOLCHAIN=local", "TZ=UTC"}
	testbed.Run(t, b.uid, b.dir, env, "", "sh", "-c", files)
	return testbed.Run(t, b.uid, b.dir, env, "host.example\n", "sh", "-c", confined(run, launcher))
}

func document(t *testing.T, rows []row) {
	for _, r := range rows {
		fmt.Printf("%d\t%s\t%s\t%s\n", r.rounds, r.Run, r.learned, r.byHand)
	}
}
