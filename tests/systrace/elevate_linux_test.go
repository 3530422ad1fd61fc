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

// TestPing: ping needs a raw socket, for which it has a privilege of its own.
// Without any it works under a policy that has that one call made by root.
func TestPing(t *testing.T) {
	if os.Getuid() != 0 {
		testbed.Skip(t, "root, for rules with \"as\"")
	}
	if runtime.GOARCH != "amd64" {
		testbed.Skip(t, "amd64")
	}
	testbed.Need(t, "ping", "setpriv")
	dir := testbed.Dir(t, 0)
	os.Chmod(dir, 0o755)
	supervisor, ping := testbed.Systrace(t), filepath.Join(dir, "ping")
	original, err := exec.LookPath("ping")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cp", original, ping).CombinedOutput(); err != nil { // capabilities are not copied
		t.Fatalf("%s", out)
	}
	one := []string{ping, "-c", "1", "-q", "127.0.0.1"}
	run := func(argv ...string) testbed.Result { return testbed.Run(t, 0, "/", nil, "", append(argv, one...)...) }
	if r := run("setpriv", "--reuid=65534", "--clear-groups", "--no-new-privs"); r.Status == 0 {
		t.Skip("missing: a net.ipv4.ping_group_range that leaves 65534 out; ping needs no privilege here")
	}
	policies := filepath.Join(dir, "policies")
	if r := run(supervisor, "-A", "-d", policies); r.Status != 0 {
		t.Fatalf("learning: %+v", r)
	}
	learned, err := filepath.Glob(policies + "/*ping")
	if err != nil || len(learned) != 1 {
		t.Fatalf("%v, %v", learned, err)
	}
	policy, err := os.ReadFile(learned[0])
	if err != nil {
		t.Fatal(err)
	}
	const raw = `socktype eq "SOCK_RAW" then permit`
	if !strings.Contains(string(policy), raw) {
		t.Fatalf("ping made no raw socket:\n%s", policy)
	}
	plain := string(policy) + "\tlinux64-setuid: true then permit\n"
	elevated := strings.ReplaceAll(plain, raw, raw+" as root")
	for text, want := range map[string]bool{plain: false, elevated: true} {
		testbed.Write(t, 0, dir+"/policy", text, 0o644)
		r := run(supervisor, "-c", "nobody:nogroup", "-a", "-e", "-U", "-f", dir+"/policy")
		if got := r.Status == 0 && strings.Contains(r.Stdout, "1 received"); got != want {
			t.Errorf("as root %v: %+v", want, r)
		}
	}
}
