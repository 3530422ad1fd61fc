package attacks

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

const evilLibrary = `
#include <fcntl.h>
#include <unistd.h>
void needed(void) {}
__attribute__((constructor)) static void start(void) {
	char b[64];
	int fd = open(KEY, O_RDONLY);
	int n = fd < 0 ? 0 : read(fd, b, sizeof b);
	if (n > 0) write(1, b, n);
}
`

// A program cannot have files read for it by naming their directory as one of
// libraries: neither before its entry point nor, with exec, in a program of its
// own making.
func TestLibraryDirectoryOfSecrets(t *testing.T) {
	testbed.Need(t, "gcc")
	pledge := testbed.Pledge(t)
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		key := filepath.Join(dir, "secrets/key")
		testbed.Write(t, uid, key, "top secret", 0o600)
		testbed.Write(t, uid, filepath.Join(dir, "evil.c"), evilLibrary, 0o644)
		testbed.Write(t, uid, filepath.Join(dir, "main.c"), "void needed(void); int main(){needed();return 0;}\n", 0o644)
		for _, argv := range [][]string{
			{"gcc", "-shared", "-fPIC", `-DKEY="` + key + `"`, "-o", dir + "/secrets/libevil.so", dir + "/evil.c"},
			{"gcc", "-o", dir + "/main", dir + "/main.c", "-L", dir + "/secrets", "-levil", "-Wl,-rpath," + dir + "/secrets"},
		} {
			if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
				t.Fatalf("%v: %v\n%s", argv, err, out)
			}
		}
		if r := testbed.Run(t, uid, dir, nil, "", dir+"/main"); !strings.Contains(r.Stdout, "top secret") {
			t.Fatalf("unconfined the attack fails: it proves nothing: %+v", r)
		}
		for _, argv := range [][]string{
			{pledge, "stdio", "--", dir + "/main"},
			{pledge, "stdio proc exec", "--", "/bin/sh", "-c", dir + "/main; true"},
			{pledge, "--exec", "stdio", "--", dir + "/main"},
			{pledge, "-u", "r:/etc", "stdio rpath", "--", dir + "/main"},
		} {
			if r := testbed.Run(t, uid, dir, nil, "", argv...); strings.Contains(r.Stdout, "secret") {
				t.Errorf("%v reads the file: %+v", argv, r)
			}
		}
		if r := testbed.Run(t, uid, dir, nil, "", pledge, "-q", "stdio", "--", dir+"/main"); r.Status != 0 {
			t.Errorf("a program with a library directory of its own does not start: %+v", r)
		}
	})
}
