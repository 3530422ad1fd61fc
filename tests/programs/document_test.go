package programs

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write doc/programs.md")

const document = "../../doc/programs.md"

// doc/programs.md is the table.
func TestDocument(t *testing.T) {
	want := markdown()
	if *update {
		if err := os.WriteFile(document, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(document)
	if err != nil || string(got) != want {
		t.Errorf("%s is not the table (%v); run: make doc", document, err)
	}
}

func markdown() string {
	var b strings.Builder
	b.WriteString("# Programs and their promises\n\nEach row is a test: the program does its job under these promises with nothing refused, as root and\nas an ordinary user, and what goes beyond is refused and named.\n\nWhat loads compiled modules after its start needs `prot_exec` as well: scripts of perl, python, ruby and\nphp that import some, and every program that looks up users or hosts where /etc/nsswitch.conf names a\nmodule beyond files and dns (`passwd: files systemd`). Without it the look-up goes on without the\nmodule, and the refusal is reported; with `--kill` it ends the program.\n\n| program | promises | beyond |\n|---|---|---|\n")
	row := func(name, promises, beyond string) {
		fmt.Fprintf(&b, "| %s | `%s` | `%s` |\n", name, promises, strings.ReplaceAll(beyond, "|", `\|`))
	}
	for _, p := range Table {
		row(p.Name, p.Promises, strings.ReplaceAll(p.Beyond, "$P ", ""))
	}
	for _, c := range Clients {
		row(c.Name, c.Promises, c.Beyond)
	}
	for _, s := range Servers {
		row(s.Name, s.Promises, "the same with fewer: "+s.Fewer)
	}
	for _, r := range terminalRows {
		row(r[0], r[1], "")
	}
	return strings.ReplaceAll(b.String(), "| `` |", "| |")
}

// terminalRows are tested on a terminal in tests/terminal.
var terminalRows = [][2]string{
	{"less", "stdio rpath tty"},
	{"vi (vim)", "stdio rpath wpath cpath fattr tty getpw"},
	{"tmux", "stdio rpath wpath cpath fattr flock unix proc exec tty getpw sendfd recvfd id"},
}
