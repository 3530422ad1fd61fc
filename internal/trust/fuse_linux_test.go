package trust

import (
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/testbed"
)

// A FUSE server says that its files are root's. Whoever mounted it may say so of
// anything: root takes them only from root.
func TestFUSE(t *testing.T) {
	if os.Geteuid() != 0 {
		testbed.Skip(t, "root, to mount a FUSE file system")
	}
	for by, want := range map[int]string{0: "", victim: "", stranger: "user 61002 has mounted this FUSE file system"} {
		for _, path := range []string{serve(t, by, unix.S_IFDIR) + "/f", serve(t, by, unix.S_IFREG)} {
			f, err := user{victim}.take(path, unix.O_RDONLY)
			if err == nil {
				f.Close()
			}
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%s, mounted by %d: %v, want %q", path, by, err, want)
			}
			f, err = user{0}.take(path, unix.O_RDONLY)
			if err == nil {
				f.Close()
			}
			if (err == nil) != (by == 0) {
				t.Errorf("%s, mounted by %d, for root: %v", path, by, err)
			}
		}
	}
}

// serve mounts a file system in which every name is a file of root's, over a
// directory or, as one that is such a file, over a file.
func serve(t *testing.T, by int, root uint32) string {
	dir := home(t)
	if root == unix.S_IFREG {
		dir += "/mounted"
		testbed.Write(t, 0, dir, "", 0o644)
	}
	fd, err := unix.Open("/dev/fuse", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		testbed.Skip(t, "/dev/fuse")
	}
	options := fmt.Sprintf("fd=%d,rootmode=%o,user_id=%d,group_id=0,allow_other", fd, root, by)
	if err := unix.Mount("test", dir, "fuse", unix.MS_NOSUID|unix.MS_NODEV, options); err != nil {
		unix.Close(fd)
		testbed.Skip(t, "mounting a FUSE file system: "+err.Error())
	}
	ended := make(chan struct{})
	t.Cleanup(func() {
		unix.Unmount(dir, unix.MNT_DETACH)
		<-ended // reading fails when it is gone
		unix.Close(fd)
	})
	go func() {
		defer close(ended)
		in := make([]byte, 1<<17)
		for {
			n, err := unix.Read(fd, in)
			if err == unix.EINTR || err == unix.ENOENT {
				continue
			}
			if err != nil || n < 40 {
				return
			}
			if out := reply(in[:n], root); out != nil {
				unix.Write(fd, out)
			}
		}
	}()
	return dir
}

// reply answers one request of the kernel (linux/fuse.h).
func reply(in []byte, root uint32) []byte {
	const lookup, forget, getattr, open, statfs, release, initialize = 1, 2, 3, 14, 17, 18, 26
	le := binary.LittleEndian
	var body []byte
	errno := int32(0)
	switch le.Uint32(in[4:]) {
	case initialize:
		body = make([]byte, 64)
		le.PutUint32(body, 7)
		le.PutUint32(body[4:], 31)
		le.PutUint32(body[20:], 4096)
	case lookup:
		body = append(make([]byte, 40), attributes(unix.S_IFREG|0o644)...)
		body[0] = 2
	case getattr:
		mode := uint32(unix.S_IFREG | 0o644)
		if le.Uint64(in[16:]) == 1 && root == unix.S_IFDIR {
			mode = unix.S_IFDIR | 0o755
		}
		body = append(make([]byte, 16), attributes(mode)...)
	case open:
		body = make([]byte, 16)
	case statfs:
		body = make([]byte, 80)
	case release:
	case forget:
		return nil
	default:
		errno = -int32(unix.ENOSYS)
	}
	out := make([]byte, 16)
	le.PutUint32(out, uint32(16+len(body)))
	le.PutUint32(out[4:], uint32(errno))
	copy(out[8:], in[8:16])
	return append(out, body...)
}

// attributes are those of a file of root's.
func attributes(mode uint32) []byte {
	b := make([]byte, 88)
	b[0] = 2
	binary.LittleEndian.PutUint32(b[60:], mode)
	b[64] = 1
	return b
}
