package attacks

import (
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// Where an outer sandbox refuses clone3 the launcher's helpers are there all the
// same: memory is read, and the penalty comes.
func TestWithoutClone3(t *testing.T) {
	bin, outer := testbed.Pledge(t), buildC(t, "noclone3.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		r := testbed.Run(t, uid, dir, nil, "", outer, bin, "stdio rpath", "--", "mkdir", "d")
		if r.Status != 1 || !strings.Contains(r.Stderr, `mkdir("d", 0777): needs promise "cpath"`) {
			t.Errorf("%+v", r)
		}
		if r := testbed.Run(t, uid, dir, nil, "", outer, bin, "-q", "--kill", "stdio rpath", "--", "mkdir", "d"); r.Status != 134 {
			t.Errorf("--kill: %+v", r)
		}
	})
}
