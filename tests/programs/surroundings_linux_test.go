package programs

import (
	"os"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// TestSurroundings: programs start in what containers, rescue systems and hardened machines have
// in the place of a usual system, and what is lost is said.
func TestSurroundings(t *testing.T) {
	testbed.NeedRoot(t, "which makes file systems of its own")
	testbed.Need(t, "unshare", "mount", "umount")
	pledge := testbed.Pledge(t)
	for _, c := range []struct{ name, change, said string }{
		{"nothing changed", ":", ""},
		{"no /proc", "umount -l /proc", "/proc is not mounted"},
		{"no cache of the loader", "mount -t tmpfs none /mnt && : >/mnt/c && mount --bind /mnt/c /etc/ld.so.cache", ""},
		{"no /dev", "mount -t tmpfs none /dev", ""},
		{"no /etc", "mount -t tmpfs none /etc", ""},
		{"no /sys", "mount -t tmpfs none /sys", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := testbed.Dir(t, os.Getuid())
			script := c.change + `; p=$1; shift; exec "$p" "$@"`
			for _, args := range [][]string{
				{"stdio rpath", "--", "cat", "/usr/share/common-licenses/BSD"},
				{"-u", "r:/usr/share/common-licenses", "stdio rpath", "--", "cat", "/usr/share/common-licenses/BSD"},
				{"--exec", "-u", "r:/usr/share/common-licenses", "stdio rpath", "--", "cat", "/usr/share/common-licenses/BSD"},
				{"stdio", "--", "date", "-u", "-d", "@0"},
			} {
				r := testbed.Run(t, os.Getuid(), dir, nil, "", append([]string{"unshare", "-m", "sh", "-c", script, "sh", pledge}, args...)...)
				if r.Status != 0 || r.Stdout == "" {
					t.Errorf("%q: status %d\n%s%s", args, r.Status, r.Stdout, r.Stderr)
				}
				if args[0] != "--exec" && !strings.Contains(r.Stderr, c.said) || c.said == "" && r.Stderr != "" {
					t.Errorf("%q says %s", args, r.Stderr)
				}
			}
		})
	}
}
