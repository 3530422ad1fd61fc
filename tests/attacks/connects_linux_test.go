package attacks

import (
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// Connects to a server that takes nobody end with their callers: those of the
// dead keep nobody from connecting elsewhere.
func TestDeadConnects(t *testing.T) {
	bin, connects := testbed.Pledge(t), buildC(t, "connects.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		for _, argv := range [][]string{nil, {bin, "-q", "stdio unix dns proc rpath wpath cpath", "--"}} {
			dir := testbed.Dir(t, uid)
			r := testbed.Run(t, uid, dir, nil, "", append(argv, connects)...)
			if r.Status != 0 || r.Stdout != "connected, 1 interrupted\n" {
				t.Errorf("%q: status %d, %q", argv, r.Status, r.Stdout+r.Stderr)
			}
		}
	})
}
