package trust

import (
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

const fuseMagic = 0x65735546

// mounted refuses a FUSE file system that somebody else has mounted: owners and
// modes in it are what its server says.
func (u user) mounted(path string, fd int) error {
	var fs unix.Statfs_t
	if err := unix.Fstatfs(fd, &fs); err != nil {
		return &walkError{path, err}
	}
	if fs.Type != fuseMagic {
		return nil
	}
	by, err := mounter(fd)
	if err != nil {
		return &Error{path, "it is on a FUSE file system, and /proc does not tell who mounted that", "use a file elsewhere"}
	}
	if by != 0 && by != u.uid {
		return &Error{path, "user " + strconv.Itoa(int(by)) + " has mounted this FUSE file system, whose server says who owns what", "use a file elsewhere"}
	}
	return nil
}

// mounter is who mounted the FUSE file system of a descriptor.
func mounter(fd int) (uint32, error) {
	info, err := os.ReadFile("/proc/self/fdinfo/" + strconv.Itoa(fd))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(info), "mnt_id:")
	id, _, _ := strings.Cut(strings.TrimSpace(rest), "\n")
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return 0, err
	}
	return mounterOf(id, string(mounts))
}

// mounterOf finds a mount's user_id. Only FUSE that a user's server answers has
// one; virtiofs is the machine's.
func mounterOf(id, mounts string) (uint32, error) {
	for line := range strings.Lines(mounts) {
		if !strings.HasPrefix(line, id+" ") {
			continue
		}
		_, tail, _ := strings.Cut(line, " - ")
		f := strings.Fields(tail) // type, source, options
		if len(f) == 3 && f[0] == "virtiofs" {
			return 0, nil
		}
		if len(f) != 3 {
			break
		}
		for _, o := range strings.Split(f[2], ",") {
			if v, ok := strings.CutPrefix(o, "user_id="); ok {
				n, err := strconv.ParseUint(v, 10, 32)
				return uint32(n), err
			}
		}
	}
	return 0, unix.ENOENT
}
