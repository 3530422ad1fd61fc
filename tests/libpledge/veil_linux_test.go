//go:build amd64 || arm64

package libpledge

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
	"github.com/pledge-linux/pledge/unveil"
)

// Random paths with random permissions in a tree: each file that exists can be read and
// written exactly where the most specific path says so, as the Go packages say.
func TestVeils(t *testing.T) {
	testbed.Need(t, "gcc")
	bin := build(t, "veil", []string{"gcc"}, "testdata/veil.c")
	root, err := filepath.EvalSymlinks(testbed.Dir(t, os.Getuid()))
	if err != nil {
		t.Fatal(err)
	}
	var dirs, files []string
	for _, a := range []string{"", "a", "b"} {
		for _, b := range []string{"", "c", "cc"} {
			for _, c := range []string{"", "d"} {
				dir := filepath.Join(root, a, b, c)
				dirs, files = append(dirs, dir), append(files, dir+"/f", dir+"/g")
			}
		}
	}
	for _, f := range files {
		if err := os.MkdirAll(filepath.Dir(f), 0o755); err != nil {
			t.Fatal(err)
		}
		testbed.Write(t, os.Getuid(), f, "x", 0o644)
	}
	if err := os.Symlink(root+"/a", root+"/b/link"); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		plan := &unveil.Plan{}
		var args []string
		for range 1 + r.IntN(6) {
			path := dirs[r.IntN(len(dirs))]
			switch r.IntN(4) {
			case 0:
				path = files[r.IntN(len(files))]
			case 1:
				path = root + "/b/link"
			}
			perms := ""
			for _, c := range "rwx" { // with c the link would be refused
				if r.IntN(2) == 0 {
					perms += string(c)
				}
			}
			p, err := unveil.ParsePerms(perms)
			if err != nil {
				t.Fatal(err)
			}
			if err := plan.Add(path, p); err != nil {
				t.Fatal(err)
			}
			args = append(args, path, perms)
		}
		cmd := exec.Command(bin, args...)
		cmd.Stdin = strings.NewReader(strings.Join(files, "\n"))
		out, err := cmd.CombinedOutput()
		if err != nil || len(out) != len(files) {
			t.Fatalf("%q: %v %s", args, err, out)
		}
		for i, f := range files {
			p, _ := plan.Lookup(f)
			want := 0
			if p&(unveil.Read|unveil.Exec) != 0 { // what may be executed can be read
				want |= 1
			}
			if p&unveil.Write != 0 {
				want |= 2
			}
			if got := fmt.Sprint(want); got != string(out[i]) {
				t.Errorf("%q: %s can be opened: %c, want %d", args, f, out[i], want)
			}
		}
	}
}
