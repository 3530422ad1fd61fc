package differential

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/promises"
)

// Whitelisted files are what they are unconfined, in every way in which a word
// admits them: opened by the supervisor, and asked for their status.
func TestWhitelistedFiles(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	dir := testbed.Dir(t, os.Getuid())
	os.Chmod(dir, 0o755)
	bin := filepath.Join(dir, "files")
	if out, err := exec.Command("gcc", "-O1", "-static", "-o", bin, "testdata/files.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		for _, word := range []promises.Set{0, promises.Getpw.Set(), promises.DNS.Set(), promises.PS.Set(), promises.Vminfo.Set(), promises.Inet.Set()} {
			set := promises.Stdio.Set() | word
			argv := append([]string{bin}, listed(set)...)
			want := testbed.Run(t, uid, dir, nil, "", argv...)
			got := testbed.Run(t, uid, dir, nil, "", append([]string{pledge, "-q", "--keep-caps", set.String(), "--"}, argv...)...)
			w, g := strings.Split(want.Stdout, "\n"), strings.Split(got.Stdout, "\n")
			if len(w) < 10 || len(w) != len(g) {
				t.Fatalf("%q: %d lines, %d unconfined: %s", set, len(g), len(w), got.Stderr)
			}
			path := ""
			for i := range w {
				if !strings.HasPrefix(w[i], " ") {
					path = w[i]
				}
				if w[i] != g[i] {
					t.Errorf("%q: %s:\n got %s\nwant %s", set, path, g[i], w[i])
				}
			}
		}
	})
}

// listed are the files that the words admit, as the program takes them.
func listed(set promises.Set) (list []string) {
	for _, f := range rules.Files {
		if f.Needs&^set != 0 {
			continue
		}
		kind := "r"
		switch {
		case f.Write:
			kind = "w"
		case f.Stat:
			kind = "s"
		}
		path := f.Path
		switch {
		case path == "/usr/share/zoneinfo/**":
			list = append(list, kind+"/usr/share/zoneinfo/UTC", kind+"/usr/share/zoneinfo/Europe/Berlin", kind+"/usr/share/zoneinfo/US/Pacific", kind+"/usr/share/zoneinfo/none")
			continue
		case strings.HasSuffix(path, "/**"):
			continue
		}
		path = strings.ReplaceAll(path, "*", "self")
		if path == "/" || path == "/dev/tty" || path == "/dev/ptmx" || strings.HasPrefix(path, "/proc/self/") && uint64(f.Needs) == uint64(promises.PS.Set()) {
			continue // each has its own
		}
		list = append(list, kind+path)
	}
	return list
}
