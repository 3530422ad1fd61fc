package learn

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

const sockets = `#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

// usage: sockets [bcsl]... : bind, connect, send to a local socket here, listen;
// B and U: bind TCP, or UDP, to a high port
int main(int c, char **v)
{
	struct sockaddr_un u = {AF_UNIX, "sock"};
	struct sockaddr_in in = {AF_INET, 0};
	for (int i = 1; i < c; i++) {
		int n = -1, kind = strchr("lB", v[i][0]) ? SOCK_STREAM : SOCK_DGRAM;
		int s = socket(strchr("BU", v[i][0]) ? AF_INET : AF_UNIX, kind, 0);
		switch (v[i][0]) {
		case 'b': n = bind(s, (void *)&u, sizeof u); break;
		case 'c': n = connect(s, (void *)&u, sizeof u); break;
		case 's': n = sendto(s, "", 1, 0, (void *)&u, sizeof u); break;
		case 'l': n = bind(s, (void *)&u, 2) || listen(s, 1); break;
		case 'B': case 'U': n = bind(s, (void *)&in, sizeof in); break;
		}
		printf("%s %d\n", v[i], n);
		if (n < 0)
			return 1;
	}
	return 0;
}
`

// TestLocalSockets: local sockets need unix and their paths, and nothing of the
// Internet; what was learned is enough.
func TestLocalSockets(t *testing.T) {
	testbed.Need(t, "gcc")
	build := testbed.Dir(t, os.Getuid())
	os.Chmod(build, 0o755)
	bin := filepath.Join(build, "sockets")
	testbed.Write(t, os.Getuid(), bin+".c", sockets, 0o644)
	if out, err := exec.Command("gcc", "-static", "-o", bin, bin+".c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	testbed.Users(t, func(t *testing.T, uid int) {
		for does, want := range map[string]string{
			"b": `"stdio unix" c:DIR`, "b c": `"stdio unix" wc:DIR`, "b s": `"stdio unix" wc:DIR`, "l": `"stdio unix"`,
			"U": `"stdio dns"`, "B": `"stdio dns"`, "U b": `"stdio unix dns" c:DIR`,
		} {
			dir := testbed.Dir(t, uid)
			argv := append([]string{testbed.Pledge(t), "learn", "-o", "-", "--", bin}, strings.Fields(does)...)
			r := testbed.Run(t, uid, dir, nil, "", argv...)
			got, words := "", []string{}
			for line := range strings.Lines(r.Stdout) {
				line = strings.TrimSuffix(strings.TrimSpace(line), ` \`)
				if rest, ok := strings.CutPrefix(line, "pledge "); ok {
					got, _, _ = strings.Cut(rest, " --")
					words = append(words, strings.Trim(got, `"`))
				} else if rest, ok := strings.CutPrefix(line, "-u "); ok {
					words = append(words, "-u", strings.Trim(rest, `"`))
					got += " " + strings.Trim(rest, `"`)
				}
			}
			if want := strings.ReplaceAll(want, "DIR", dir); got != want || r.Status != 0 {
				t.Errorf("%s: %s, want %s: %+v", does, got, want, r)
				continue
			}
			os.Remove(filepath.Join(dir, "sock"))
			argv = append(append(append([]string{testbed.Pledge(t), "--kill"}, words[1:]...), words[0], "--", bin), strings.Fields(does)...)
			if again := testbed.Run(t, uid, dir, nil, "", argv...); again.Status != 0 || strings.Contains(again.Stderr, "needs") {
				t.Errorf("%s under %s: %+v", does, got, again)
			}
		}
	})
}
