// Package systrace runs real programs under policies that were learned from
// them.
package systrace

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// commands are what is learned and then enforced, in a shell.
var commands = []string{
	"cat data", "ls -la .", "echo a | tr a b | wc -c", "find . -name '*.c'", "grep -r int .", "tar cf o.tar data prog.c && tar tf o.tar",
	"cd sub && pwd && cat ../data && cd .. && ls sub", "mkdir -p d/e && mv data d/e/f && ln -s f d/e/g && readlink d/e/g && mv d/e/f data && rm -r d",
	"cp data copy && chmod 600 copy && stat -c %a copy && rm copy", "python3 -c 'import json,os; print(json.dumps(os.listdir(\".\")))'", "perl -e 'print 6*7'",
	"git hash-object data && git diff --no-index --stat data prog.c",
	"sqlite3 x.db 'create table t(a); insert into t values(5); select a from t;' && rm x.db", "gzip -c data | gunzip", "awk '{print $1}' data", "sed s/o/0/ data",
	"bash -c 'for i in 1 2 3; do (echo $i) & done; wait' | sort", "node -e 'console.log(7)'", "openssl dgst -sha256 data", "make -s -f makefile all && ./prog; rm -f prog prog.o",
	"sh -c 'exit 7'", "kill -TERM $$", "./gofile",
}

// TestReplay: what was learned is enforced without a violation, with the same
// output and status.
func TestReplay(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	bin := filepath.Join(testbed.Dir(t, 0), "bin")
	for _, b := range []struct{ out, pkg, cgo string }{{"systrace", "../../cmd/systrace", "0"}, {"gofile", "./testdata/gofile", "0"}} {
		cmd := exec.Command("go", "build", "-o", filepath.Join(bin, b.out), b.pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED="+b.cgo)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	os.Chmod(filepath.Dir(bin), 0o755)
	testbed.Need(t, "gcc", "python3", "perl", "git", "sqlite3", "node", "openssl", "make", "bash")
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, command := range commands {
			t.Run(strings.Fields(command)[0], func(t *testing.T) {
				dir := testbed.Dir(t, uid)
				testbed.Write(t, uid, filepath.Join(dir, "data"), "hello world\n", 0o644)
				testbed.Write(t, uid, filepath.Join(dir, "sub/x"), "", 0o644)
				testbed.Write(t, uid, filepath.Join(dir, "prog.c"), "int main(){return 0;}\n", 0o644)
				testbed.Write(t, uid, filepath.Join(dir, "makefile"), "all: prog\nprog: prog.c\n\tTMPDIR=. cc -pipe -c -o prog.o prog.c && cp prog.o prog && echo built\n", 0o644)
				program, err := os.ReadFile(filepath.Join(bin, "gofile"))
				if err != nil {
					t.Fatal(err)
				}
				testbed.Write(t, uid, filepath.Join(dir, "gofile"), string(program), 0o755)
				pol := testbed.Dir(t, uid)
				run := func(options ...string) testbed.Result {
					argv := append(append([]string{filepath.Join(bin, "systrace")}, options...), "-d", pol, "sh", "-c", command)
					return testbed.Run(t, uid, dir, nil, "", argv...)
				}
				bare := testbed.Run(t, uid, dir, nil, "", "sh", "-c", command)
				learned := run("-A", "-e")
				for range 2 { // threads do not do the same every time
					learned = run("-A", "-e")
				}
				enforced := run("-a", "-e")
				for name, r := range map[string]testbed.Result{"learned": learned, "enforced": enforced} {
					if r.Status != bare.Status || r.Stdout != bare.Stdout && !strings.HasPrefix(command, "ls") {
						t.Errorf("%s: status %d, want %d\n%s\nwant\n%s\n%.3000s", name, r.Status, bare.Status, r.Stdout, bare.Stdout, r.Stderr)
					}
				}
				if strings.Contains(enforced.Stderr, "systrace: deny") {
					t.Errorf("refused after learning:\n%.3000s", enforced.Stderr)
				}
			})
		}
	})
}
