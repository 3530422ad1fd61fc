package house

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ground are the packages that import nothing of this tree but others of the
// ground. All may import them.
var ground = []string{
	"promises",                         // the vocabulary
	"internal/rules",                   // what each word admits
	"internal/abi",                     // numbers of system calls
	"internal/procfs",                  // what /proc says
	"internal/program",                 // what a program's file says
	"internal/quote",                   // text of others in text of ours
	"internal/sys",                     // unsafe code and raw system calls
	"internal/trust",                   // files that others can change
	"compat/systrace/internal/resolve", // a path as another process sees it
}

// floors says what each other package may import of the tree besides the ground,
// and why no more. A package stands below those that import it.
var floors = []struct{ room, may, why string }{
	{"promises/explain", "", "is public: what promises admit, for people to read"},
	{"internal/libseccomp", "", "is what a library of C is asked for, with its tag only"},
	{"internal/filter", "internal/libseccomp", "compiles rules; it knows no paths and no processes"},
	{"internal/landlock", "", "makes rulesets of rights; what they are for is decided above"},
	{"internal/identity", "", "is a thread that acts as somebody else"},
	{"internal/notify", "", "is a call that waits; what is answered is decided above"},
	{"internal/gocode", "", "writes Go; it runs nothing"},
	{"internal/layers", "internal/landlock", "decides what is enforced, for the library and the launcher: it knows neither"},
	{"internal/unveiled", "internal/landlock", "has unveiled paths as rules"},
	{"internal/whitelist", "internal/landlock", "has files as rules, for both of these as well"},
	{"internal/process", "internal/landlock internal/layers internal/whitelist", "is what this process has given up; unveil and pledge share it"},
	{"unveil", "internal/landlock internal/process internal/unveiled", "is public: permissions and plans, with no launcher and no filter"},
	{"launcher/event", "", "is public: what sinks get; they need no launcher"},
	{"launcher", "internal/filter internal/identity internal/landlock internal/layers internal/notify internal/unveiled internal/whitelist launcher/event unveil", "is public, and starts quickly: nothing that reads or writes formats"},
	{"pledge", "internal/filter internal/landlock internal/layers internal/process internal/trust internal/unveiled internal/whitelist launcher unveil", "is public: the running program; of the launcher it takes Command's"},
	{"pledgetest", "pledge", "is public: tests under promises, by the library alone"},
	{"internal/probe", "internal/landlock internal/libseccomp", "asks the kernel, for people"},
	{"internal/sinks", "launcher/event", "has the sinks that need heavy packages, so that the launcher has none"},
	{"internal/profile", "unveil", "reads and writes TOML; it launches nothing"},
	{"internal/inspect", "", "guesses from files alone"},
	{"internal/learn", "internal/gocode internal/profile launcher unveil", "observes launches and writes down what they took"},
	{"internal/ask", "internal/learn unveil", "owns questions; it knows no kernel and no front end"},
	{"compat/systrace/syntax", "", "is the language, without a meaning"},
	{"compat/systrace/calls", "", "is a table"},
	{"compat/systrace/policy", "compat/systrace/calls compat/systrace/syntax", "decides; it is pure, and knows no kernel"},
	{"compat/systrace/translate", "compat/systrace/calls compat/systrace/policy", "puts Linux's calls into the policy's words"},
	{"compat/systrace/lint", "compat/systrace/calls compat/systrace/policy compat/systrace/syntax compat/systrace/translate", "reads policies; it enforces none"},
	{"compat/systrace/agent", "", "asks people and front ends; what it asks about is text"},
	{"compat/systrace/cradle", "compat/systrace/agent", "is one front end for several; it has no policy"},
	{"compat/systrace/internal/fates", "compat/systrace/policy compat/systrace/syntax compat/systrace/translate internal/filter", "compiles policies; it knows no processes"},
	{"compat/systrace/internal/perform", "", "does what was judged; what is judged is decided above"},
	{"compat/systrace/enforce", "compat/systrace/internal/fates compat/systrace/internal/perform compat/systrace/policy compat/systrace/syntax compat/systrace/translate internal/filter", "confines by policies; it knows no promises, and no terminal"},
	{"internal/asking", "compat/systrace/enforce compat/systrace/policy internal/ask unveil", "runs a program whose refusals become questions; it has no front end"},
	{"internal/askpage", "internal/ask unveil", "serves questions; it runs nothing"},
	{"compat/convert", "compat/systrace/calls compat/systrace/policy compat/systrace/syntax compat/systrace/translate internal/gocode internal/profile unveil", "knows both worlds; it launches nothing"},
	{"internal/tell", "", "tells a broker, which is another process"},
	{"cmd/internal/options", "internal/tell launcher launcher/event unveil", "is what the quick command links: no profiles, no logs"},
	{"cmd/internal/systrace", "compat/systrace/agent compat/systrace/cradle compat/systrace/enforce compat/systrace/policy compat/systrace/syntax internal/tell launcher/event", "is systrace(1); promises are none of its business"},
	{"cmd/pledge", "cmd/internal/options", "starts quickly"},
	{"cmd/systrace", "cmd/internal/systrace launcher/event", "is its main function"},
	{"cmd/pledge-tools", "cmd/internal/options cmd/internal/systrace compat/convert compat/systrace/lint compat/systrace/policy compat/systrace/syntax internal/ask internal/asking internal/askpage internal/gocode internal/inspect internal/learn internal/probe internal/profile internal/sinks launcher launcher/event promises/explain unveil", "is all the rest"},
	{"internal/gen/calls", "", "writes tables"},
	{"internal/gen/libpledge", "internal/landlock internal/whitelist", "writes the tables of the C library"},
	{"internal/gen/numbers", "", "writes tables"},
	{"internal/gen/requests", "", "writes tables"},
	{"fleet/envelope", "", "is the form of events; whose they are is decided above"},
	{"fleet/spool", "fleet/envelope", "keeps events on a disk; it knows no network"},
	{"fleet/enrol", "fleet/envelope", "makes hosts known; it has no events"},
	{"fleet/link", "fleet/envelope", "is a connection; what is sent is decided above"},
	{"fleet/host", "fleet/envelope fleet/spool internal/landlock", "is a host's side; it knows no engine"},
	{"fleet/detect", "fleet/envelope", "finds; it stores nothing, and is pure"},
	{"fleet/output", "fleet/detect", "writes others' forms; it sends nothing"},
	{"fleet/hub", "fleet/detect fleet/enrol fleet/envelope fleet/link", "is the hub's side; it confines nothing"},
	{"fleet/cmd/pledged", "fleet/enrol fleet/host fleet/link fleet/spool", "puts a host's side together, with no server in it"},
	{"fleet/cmd/pledge-hub", "fleet/detect fleet/enrol fleet/envelope fleet/hub fleet/output", "is its main function"},
	{"internal/testbed", "", "is for tests: nothing that is shipped imports it"},
}

// modules says who may import which module, so that the library stays light.
var modules = []struct{ path, may, why string }{
	{"golang.org/x/sys", "...", "is what system calls are made with"},
	{"github.com/spf13", "cmd/pledge-tools", "is too slow to start for the launcher"},
	{"github.com/pelletier/go-toml", "internal/profile", "uses reflection"},
	{"github.com/coreos/go-systemd", "internal/sinks cmd/internal/systrace", "is for logs"},
	{"golang.org/x/arch", "internal/inspect", "has large tables"},
	{"github.com/nats-io/nats-server", "fleet/hub", "is the engine of a fleet; no other module's graph has it"},
	{"github.com/nats-io/nats.go", "fleet/hub fleet/link", "is the engine's client"},
	{"modernc.org/sqlite", "fleet/hub", "is the fleet's index"},
	{"golang.org/x/term", "cmd/pledge-tools", "is for terminals"},
	{"pgregory.net/rapid", "internal/testbed", "is for tests"},
}

// TestFloors holds imports to the table, on all systems and with all tags.
func TestFloors(t *testing.T) {
	inside, beyond := imports(t)
	known := map[string]bool{}
	for _, name := range ground {
		known[name] = true
		for _, got := range inside[name] {
			if !slices.Contains(ground, got) {
				t.Errorf("%s is of the ground floor and imports %s", name, got)
			}
		}
	}
	for _, f := range floors {
		known[f.room] = true
		may, got := strings.Fields(f.may), inside[f.room]
		for _, name := range got {
			if !slices.Contains(ground, name) && !slices.Contains(may, name) {
				t.Errorf("%s may not import %s: it %s", f.room, name, f.why)
			}
		}
		for _, name := range may {
			if !slices.Contains(got, name) {
				t.Errorf("%s does not import %s: take that out of the table", f.room, name)
			}
		}
	}
	for room := range inside {
		if top, _, _ := strings.Cut(room, "/"); top != "tests" && top != "examples" && !known[room] {
			t.Errorf("%s stands on no floor: give it a line in the table", room)
		}
	}
	for room, paths := range beyond {
		for _, p := range paths {
			if !admitted(room, p) {
				t.Errorf("%s may not import %s", room, p)
			}
		}
	}
	for _, m := range modules {
		for _, room := range strings.Fields(m.may) {
			if room != "..." && !slices.ContainsFunc(beyond[room], func(p string) bool { return strings.HasPrefix(p, m.path) }) {
				t.Errorf("%s may import %s, which %s, and does not", room, m.path, m.why)
			}
		}
	}
}

func admitted(room, p string) bool {
	for _, m := range modules {
		if p == m.path || strings.HasPrefix(p, m.path+"/") {
			return m.may == "..." || slices.Contains(strings.Fields(m.may), room)
		}
	}
	return false
}

// imports are those of what is shipped, sorted, by package: of this tree, and of
// other modules.
func imports(t *testing.T) (inside, beyond map[string][]string) {
	inside, beyond = map[string][]string{}, map[string][]string{}
	for _, f := range tree(t) {
		room := path.Dir(f.name)
		if strings.HasSuffix(f.name, "_test.go") || strings.Contains(f.name, "/testdata/") {
			continue
		}
		inside[room] = append(inside[room], []string{}...)
		for _, s := range f.ast.Imports {
			p, err := strconv.Unquote(s.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(p, "/")
			switch name, ours := strings.CutPrefix(p, module+"/"); {
			case ours:
				inside[room] = append(inside[room], name)
			case strings.Contains(first, ".") && !strings.HasPrefix(room, "tests/"):
				beyond[room] = append(beyond[room], p)
			}
		}
	}
	for room, names := range inside {
		slices.Sort(names)
		inside[room] = slices.Compact(names)
	}
	return inside, beyond
}
