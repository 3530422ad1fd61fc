package resolve

import (
	"strings"
	"sync"

	"golang.org/x/sys/unix"
)

// maxLinks is how many links the kernel follows in one path.
const maxLinks = 40

// walker resolves a path name by name.
type walker struct {
	v       *View
	dir     int // where it has come to
	owned   bool
	pending string // what is left of the path
	links   int
}

func (w *walker) close() {
	if w.owned {
		unix.Close(w.dir)
	}
	w.owned = false
}

// enter goes to a directory.
func (w *walker) enter(fd int, owned bool) {
	w.close()
	w.dir, w.owned = fd, owned
}

func (v *View) walk(start int, name string, follow bool) (*Place, error) {
	const again = 16 // when names change meanwhile
	for range again {
		w := &walker{v: v, dir: start, pending: name}
		p, err := w.run(follow)
		if err == nil {
			return p, nil
		}
		w.close()
		if err != unix.EAGAIN {
			return nil, err
		}
	}
	return nil, unix.EAGAIN
}

func (w *walker) run(follow bool) (*Place, error) {
	for {
		if strings.HasPrefix(w.pending, "/") {
			w.enter(w.v.Root, false)
			if w.pending = strings.TrimLeft(w.pending, "/"); w.pending == "" {
				return w.place("/", false), nil
			}
		}
		name, rest := w.pending, ""
		if i := strings.IndexByte(name, '/'); i >= 0 {
			name, rest = name[:i], name[i:]
		}
		w.pending = strings.TrimLeft(rest, "/")
		last, slash := w.pending == "", rest != ""
		p, err := w.step(name, last, slash, follow)
		if p != nil || err != nil {
			return p, err
		}
	}
}

// place is where the walk ends.
func (w *walker) place(base string, slash bool) *Place {
	p := &Place{Dir: w.dir, Base: base, Slash: slash, FD: -1, owned: w.owned}
	w.owned = false
	return p
}

// step takes one name. It returns a place if that was the last one.
func (w *walker) step(name string, last, slash, follow bool) (*Place, error) {
	switch {
	case name == "." && last:
		return w.place(".", slash), nil
	case name == "." || name == "..":
		if name == ".." && last && !follow {
			return w.place("..", slash), nil
		}
		if err := w.up(name); err != nil {
			return nil, err
		}
		if last {
			return w.itself(slash)
		}
		return nil, nil
	}
	if isProc(w.dir) {
		return w.inProc(name, last, slash, follow)
	}
	if last {
		return w.last(name, slash, follow)
	}
	fd, err := unix.Openat(w.dir, name, openPath|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	return nil, w.into(fd)
}

// itself is the directory that the walk has come to: nothing in it is looked up.
func (w *walker) itself(slash bool) (*Place, error) {
	fd, err := unix.FcntlInt(uintptr(w.dir), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	w.close()
	return &Place{Dir: -1, FD: fd, Slash: slash}, nil
}

// up goes to the directory above, which of a root is itself, or stays.
func (w *walker) up(name string) error {
	if name == ".." && SameFile(w.dir, w.v.Root) {
		name = "."
	}
	fd, err := unix.Openat(w.dir, name, openPath|unix.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	w.enter(fd, true)
	return nil
}

// last ends the walk with a name, or follows it if it is a link.
func (w *walker) last(name string, slash, follow bool) (*Place, error) {
	if follow && isLink(w.dir, name) {
		fd, err := unix.Openat(w.dir, name, openPath|unix.O_NOFOLLOW, 0)
		if err != nil {
			return nil, err
		}
		if slash {
			w.pending = "/"
		}
		var st unix.Stat_t
		if err := unix.Fstat(fd, &st); err != nil || st.Mode&unix.S_IFMT != unix.S_IFLNK {
			unix.Close(fd)
			return nil, unix.EAGAIN // it was one
		}
		return nil, w.follow(fd, &st)
	}
	return w.place(name, slash), nil
}

// into goes into a directory that is no last name, or follows a link.
func (w *walker) into(fd int) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		unix.Close(fd)
		return err
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		if err := w.crossed(fd); err != nil {
			unix.Close(fd)
			return err
		}
		w.enter(fd, true)
		return nil
	case unix.S_IFLNK:
		return w.follow(fd, &st)
	}
	unix.Close(fd)
	return unix.ENOTDIR
}

// follow puts what a link says before the rest of the path. fd is closed.
func (w *walker) follow(fd int, st *unix.Stat_t) error {
	defer unix.Close(fd)
	if w.v.NoLinks {
		return unix.ELOOP
	}
	if w.links++; w.links > maxLinks {
		return unix.ELOOP
	}
	if err := w.mayFollow(st); err != nil {
		return err
	}
	var buf [unix.PathMax]byte
	n, err := unix.Readlinkat(fd, "", buf[:])
	if err != nil {
		return err
	}
	if n == 0 {
		return unix.ENOENT
	}
	w.prepend(string(buf[:n]))
	return nil
}

// prepend puts a link's text before what is left of the path.
func (w *walker) prepend(text string) {
	switch {
	case w.pending == "":
		w.pending = text
	case w.pending == "/":
		w.pending = text + "/"
	default:
		w.pending = text + "/" + w.pending
	}
}

// protected is fs.protected_symlinks.
var protected = sync.OnceValue(func() bool {
	fd, err := unix.Open("/proc/sys/fs/protected_symlinks", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	var b [1]byte
	n, _ := unix.Read(fd, b[:])
	return n == 1 && b[0] != '0'
})

// mayFollow refuses what the kernel refuses: another one's link in a directory
// where everybody can make links, and that keeps them from removing each
// other's.
func (w *walker) mayFollow(link *unix.Stat_t) error {
	if !protected() || link.Uid == w.v.FSUID {
		return nil
	}
	var dir unix.Stat_t
	if err := unix.Fstat(w.dir, &dir); err != nil {
		return err
	}
	const shared = unix.S_ISVTX | unix.S_IWOTH
	if dir.Mode&shared == shared && dir.Uid != link.Uid {
		return unix.EACCES
	}
	return nil
}
