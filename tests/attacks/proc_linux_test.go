package attacks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// procfs is never unveiled for writing, wherever and how it is mounted.
func TestProcElsewhere(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("mounting needs root")
	}
	testbed.Need(t, "unshare", "setpriv", "mount")
	bin := testbed.Pledge(t)
	dir := testbed.Dir(t, testbed.Ordinary)
	for _, name := range []string{"p", "with space", "part"} {
		os.Mkdir(filepath.Join(dir, name), 0o755)
	}
	os.WriteFile(filepath.Join(dir, "file"), nil, 0o666)
	os.Chmod(filepath.Join(dir, "file"), 0o666)
	const script = `
mount -t proc proc p && mount -t proc proc 'with space' && mount --bind /proc/self part || exit 9
user() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
# a process of the user's, whose memory its sandbox might write
setpriv --reuid 65534 --regid 65534 --clear-groups sleep 1000 & victim=$!
while ! grep -q sleep /proc/$victim/comm; do :; done
mkdir q && mount --bind /proc/$victim q || exit 9
for f in p/$victim/mem "with space/$victim/mem" q/mem; do
	user sh -c ": >>'$f'" && echo "control: $f"
	user "$1" -q "stdio rpath wpath cpath" -u rwc:. -- sh -c ": >>'$f'" && echo "open: $f"
	user "$1" -q --exec "stdio rpath wpath cpath" -u rw:. -- sh -c ": >>'$f'" && echo "open in place: $f"
	user "$1" -q "stdio rpath wpath cpath" -u rw:"${f%/mem}" -- true; echo "by name: $?"
done
user "$1" -q "stdio rpath wpath cpath" -u rw:. -- sh -c ': >>file && read pid rest <p/self/stat' && echo still useful
kill $victim
umount q && rmdir q
`
	r := testbed.Run(t, 0, dir, nil, "", "unshare", "-m", "sh", "-c", script, "sh", bin)
	if n := strings.Count(r.Stdout, "control: "); n != 3 {
		t.Errorf("unconfined, %d of 3 files open: it proves nothing\n%s%s", n, r.Stdout, r.Stderr)
	}
	if strings.Contains(r.Stdout, "open") {
		t.Errorf("procfs is written:\n%s", r.Stdout)
	}
	if n := strings.Count(r.Stdout, "by name: 125"); n != 3 || !strings.Contains(r.Stdout, "still useful") {
		t.Errorf("unveiled by name: %d of 3 are errors\n%s%s", n, r.Stdout, r.Stderr)
	}
}
