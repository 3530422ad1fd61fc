package attacks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// No program starts with a ring of io_uring that somebody else has made: the calls
// would be made by a thread of the kernel without any filter.
func TestInheritedRing(t *testing.T) {
	pledge, ring := testbed.Pledge(t), buildC(t, "ring.c")
	testbed.Users(t, func(t *testing.T, uid int) {
		dir := testbed.Dir(t, uid)
		r := testbed.Run(t, uid, dir, nil, "", ring, "work", filepath.Join(dir, "made"))
		if strings.HasPrefix(r.Stdout, "no ring") {
			testbed.Skip(t, "io_uring: "+r.Stdout)
		}
		if _, err := os.Stat(filepath.Join(dir, "made")); err != nil || !strings.Contains(r.Stdout, "ok") {
			t.Fatalf("the ring does nothing: it proves nothing: %+v", r)
		}
		for _, argv := range [][]string{
			{"0", pledge, "stdio", "--", "true"}, {"2", pledge, "--exec", "stdio", "--", "true"}, {"5", pledge, "--keep-fd", "5", "stdio", "--", "true"},
		} {
			r := testbed.Run(t, uid, dir, nil, "", append([]string{ring, "run"}, argv...)...)
			if r.Status != 125 {
				t.Errorf("%q: %+v", argv, r)
			}
		}
		if r := testbed.Run(t, uid, dir, nil, "", ring, "run", "5", pledge, "stdio", "--", "true"); r.Status != 0 {
			t.Errorf("a ring that is closed: %+v", r)
		}
	})
}
