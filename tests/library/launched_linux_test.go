package library

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/testbed"
)

// launched runs testdata/sequence under the command and returns the words and
// probes of each of its lines.
func launched(t *testing.T, uid int, bin string, pledge []string, calls ...string) ([][]string, string) {
	t.Helper()
	dir := testbed.Dir(t, uid)
	for _, name := range []string{"a", "b", "a/sub"} {
		os.Mkdir(filepath.Join(dir, name), 0o755)
		os.Chown(filepath.Join(dir, name), uid, -1)
	}
	for _, name := range []string{"a/f", "b/f", "a/moves"} {
		testbed.Write(t, uid, filepath.Join(dir, name), "", 0o644)
	}
	argv := append(append(slices.Clone(pledge), "--", bin), calls...)
	r := testbed.Run(t, uid, dir, []string{"SEQUENCE_DIR=" + dir, "SEQUENCE_PID=1"}, "", argv...)
	if r.Status != 0 {
		t.Fatalf("%q: status %d\n%s%s", argv, r.Status, r.Stdout, r.Stderr)
	}
	var lines [][]string
	for line := range strings.Lines(r.Stdout) {
		lines = append(lines, strings.Fields(line))
	}
	return lines, r.Stderr
}

// A program that pledges itself and unveils does so under the launcher, too, and
// holds what both admit.
func TestPledgingUnderTheLauncher(t *testing.T) {
	if landlock.ABI() == 0 {
		testbed.Skip(t, "Landlock")
	}
	bin, pledge := buildSequence(t, "0"), testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, outer := range [][]string{
			{pledge, "-q", "stdio rpath wpath cpath"}, {pledge, "-q", "--exec", "stdio rpath wpath cpath"}, {pledge, "-q", "stdio rpath"},
			{pledge, "-q", "--exec", "stdio rpath"}, {pledge, "-q", "-u", "rx:/", "stdio rpath"},
		} {
			lines, said := launched(t, uid, bin, outer, "unveil:r:/a", "pledge:stdio rpath", "pledge:stdio")
			want := []string{"nil", "nil", "nil", "nil"}
			for i, line := range lines {
				if line[0] != want[i] {
					t.Fatalf("%q: call %d: %q\n%s", outer, i, line, said)
				}
			}
			if !slices.Contains(lines[0], "read-b") || slices.Contains(lines[2], "read-b") || !slices.Contains(lines[2], "read-a") || slices.Contains(lines[3], "read-a") {
				t.Errorf("%q: %q", outer, lines)
			}
		}
		// Where the supervisor opens files for the program it would pierce that.
		if lines, said := launched(t, uid, bin, []string{pledge, "-q", "stdio"}, "pledge:stdio"); lines[1][0] != "error" || !strings.Contains(said, "no sandbox around this process that hides it") {
			t.Errorf("under stdio: %q\n%s", lines, said)
		}
	})
}

// Without a supervisor Landlock limits what TCP the words leave, and leaves links
// and renames between directories alone.
func TestInPlace(t *testing.T) {
	if v := landlock.At(landlock.ABI()); v.Net == 0 {
		testbed.Skip(t, "Landlock's TCP ports (ABI 4)")
	}
	bin, pledge := buildSequence(t, "0"), testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, c := range []struct{ words, admitted, refused string }{
			{"stdio dns", "connect-53", "connect bind"},
			{"stdio inet", "connect connect-53 bind", ""},
			{"stdio dns unix", "connect-53", "connect bind"},
			{"stdio rpath wpath cpath", "move-a null create-a", "connect"},
			{"stdio rpath cpath", "move-a null", "write-a"}, {"stdio wpath cpath", "null create-a", "read-a"},
			{"stdio rpath", "null read-a", "write-a move-a"},
		} {
			lines, _ := launched(t, uid, bin, []string{pledge, "--exec", c.words})
			for _, p := range strings.Fields(c.admitted) {
				if !slices.Contains(lines[0], p) {
					t.Errorf("--exec %q: %s is refused", c.words, p)
				}
			}
			for _, p := range strings.Fields(c.refused) {
				if slices.Contains(lines[0], p) {
					t.Errorf("--exec %q: %s is admitted", c.words, p)
				}
			}
		}
	})
}
