package resolve

import (
	"strings"

	"golang.org/x/sys/unix"
)

// A View is how a thread sees files.
type View struct {
	TID, PID int // the thread, and its process
	// Root is a descriptor of its root directory (O_PATH).
	Root int
	// Own says that its root is also the calling thread's, in the same mount
	// namespace.
	Own bool
	// NoLinks refuses links everywhere: whoever can plant one must not choose
	// what other credentials open.
	NoLinks bool
	// FSUID is whom links in directories like /tmp are judged for
	// (fs.protected_symlinks).
	FSUID uint32
}

// A Place is where a path ends.
type Place struct {
	// Dir is the directory, Base the name in it; "." is the directory itself,
	// "/" the root.
	Dir  int
	Base string
	// Slash says that the path ended in a slash: what it names has to be a
	// directory.
	Slash bool
	// FD is the object where it has no name, else -1.
	FD int
	// Link is what readlink says of the place where that depends on who asks
	// (/proc/self); "" if it does not.
	Link string

	owned bool
}

// Close closes the descriptors.
func (p *Place) Close() {
	if p.owned && p.Dir >= 0 {
		unix.Close(p.Dir)
	}
	if p.FD >= 0 {
		unix.Close(p.FD)
	}
	p.Dir, p.FD, p.owned = -1, -1, false
}

// Whole tells whether the place is a directory itself, not a name in one.
func (p *Place) Whole() bool { return p.Base == "." || p.Base == ".." || p.Base == "/" }

// Name is the name with the slash that it was given with.
func (p *Place) Name() string {
	if p.Slash && !p.Whole() {
		return p.Base + "/"
	}
	return p.Base
}

const openPath = unix.O_PATH | unix.O_CLOEXEC

// Find resolves a path from a directory. The last name need not exist. follow
// says that it is followed if it is a link; a name that ends in a slash is
// then followed as well.
func (v *View) Find(start int, name string, follow bool) (*Place, error) {
	if name == "" {
		return nil, unix.ENOENT
	}
	dir, base, slash := split(name)
	if !v.Own || base == "" || base == "." || base == ".." {
		return v.walk(start, name, follow)
	}
	p := &Place{Dir: start, Base: base, Slash: slash, FD: -1}
	if dir != "" {
		how := unix.OpenHow{Flags: openPath | unix.O_DIRECTORY, Resolve: unix.RESOLVE_NO_MAGICLINKS}
		if v.NoLinks {
			how.Resolve |= unix.RESOLVE_NO_SYMLINKS
		}
		fd, err := open2(start, dir, &how)
		if err != nil {
			return v.walk(start, name, follow) // it may lead through /proc: the walk knows
		}
		p.Dir, p.owned = fd, true
	}
	if isProc(p.Dir) || follow && isLink(p.Dir, p.Base) {
		p.Close()
		return v.walk(start, name, follow)
	}
	return p, nil
}

// Open opens a path in one step where no link is in it and it does not lead into
// /proc; ok is false where that cannot be known, and nothing was opened. st says
// what was opened.
func (v *View) Open(start int, name string, how *unix.OpenHow, st *unix.Stat_t) (fd int, err error, ok bool) {
	if !v.Own || name == "" {
		return -1, nil, false
	}
	one := unix.OpenHow{Flags: how.Flags | unix.O_CLOEXEC, Mode: how.Mode, Resolve: unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS}
	fd, err = open2(start, name, &one)
	if err == unix.ELOOP && !v.NoLinks {
		return -1, nil, false
	}
	if err != nil {
		return -1, err, true
	}
	// What lies on a device is no procfs.
	if err = unix.Fstat(fd, st); err != nil || unix.Major(uint64(st.Dev)) == 0 && isProc(fd) {
		unix.Close(fd)
		return -1, err, err != nil
	}
	return fd, nil, true
}

// split cuts a path before its last name; dir keeps its slash.
func split(name string) (dir, base string, slash bool) {
	clean := strings.TrimRight(name, "/")
	i := strings.LastIndexByte(clean, '/')
	return clean[:i+1], clean[i+1:], len(clean) < len(name)
}

// open2 is openat2, which is tried again when a directory was moved meanwhile.
func open2(dir int, name string, how *unix.OpenHow) (fd int, err error) {
	for range 64 {
		if fd, err = unix.Openat2(dir, name, how); err != unix.EAGAIN {
			return fd, err
		}
	}
	return -1, err
}

func isLink(dir int, base string) bool {
	var st unix.Stat_t
	return unix.Fstatat(dir, base, &st, unix.AT_SYMLINK_NOFOLLOW) == nil && st.Mode&unix.S_IFMT == unix.S_IFLNK
}

// Object opens what a place leads to (O_PATH), without following a link.
func (p *Place) Object() (int, error) {
	if p.FD >= 0 {
		return unix.FcntlInt(uintptr(p.FD), unix.F_DUPFD_CLOEXEC, 0)
	}
	if p.Base == "/" {
		return unix.Openat(p.Dir, ".", openPath|unix.O_DIRECTORY, 0)
	}
	flags := openPath | unix.O_NOFOLLOW
	if p.Slash {
		flags |= unix.O_DIRECTORY
	}
	return unix.Openat(p.Dir, p.Base, flags, 0)
}

// Same tells whether two places are the same name in the same directory, or the
// same object.
func (p *Place) Same(o *Place) bool {
	if (p.FD >= 0) != (o.FD >= 0) || p.Base != o.Base || p.Slash != o.Slash {
		return false
	}
	if p.FD >= 0 {
		return SameFile(p.FD, o.FD)
	}
	return SameFile(p.Dir, o.Dir)
}

// SameFile tells whether two descriptors are of the same file on the same mount.
func SameFile(a, b int) bool {
	var x, y unix.Statx_t
	const what = unix.STATX_INO | unix.STATX_MNT_ID
	return unix.Statx(a, "", unix.AT_EMPTY_PATH, what, &x) == nil && unix.Statx(b, "", unix.AT_EMPTY_PATH, what, &y) == nil &&
		x.Ino == y.Ino && x.Dev_major == y.Dev_major && x.Dev_minor == y.Dev_minor && x.Mnt_id == y.Mnt_id
}
