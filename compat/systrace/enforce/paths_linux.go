//go:build amd64 || arm64

package enforce

import (
	"errors"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/internal/resolve"
	"github.com/pledge-linux/pledge/compat/systrace/translate"
)

// place is a path of a call: what the caller gave, and what was judged of it.
type place struct {
	name  string
	text  string // what was judged, as the caller sees it
	start int    // where the path begins
	owned bool   // start is closed with the call
	empty bool   // the path is empty, and means start itself
	real  bool   // it was judged by where it leads
	// found is where judging has come to; nil if nothing was resolved.
	found    *resolve.Place
	followed bool
	err      error // why judging found nothing
}

func (p *place) close() {
	if p.owned {
		unix.Close(p.start)
	}
	if p.found != nil {
		p.found.Close()
	}
}

const openPath = unix.O_PATH | unix.O_CLOEXEC

// start opens the directory that a path of the caller begins at.
func (c *call) start(dirfd int32, name string) (fd int, owned bool, err error) {
	if strings.HasPrefix(name, "/") {
		v, err := c.view()
		if err != nil {
			return -1, false, err
		}
		return v.Root, false, nil
	}
	fd, err = c.opened(dirfd)
	return fd, true, err
}

// opened opens a descriptor of the caller's anew (O_PATH), or its working
// directory.
func (c *call) opened(dirfd int32) (int, error) {
	if dirfd == unix.AT_FDCWD {
		return unix.Open(c.proc("cwd"), openPath, 0)
	}
	if dirfd < 0 {
		return -1, unix.EBADF
	}
	fd, err := unix.Open(c.proc("fd/")+strconv.Itoa(int(dirfd)), openPath, 0)
	if err == unix.ENOENT {
		err = unix.EBADF
	}
	return fd, err
}

// proc is a file of the caller's in /proc.
func (c *call) proc(name string) string { return "/proc/" + strconv.Itoa(c.tid()) + "/" + name }

// view is how the caller sees files.
func (c *call) view() (*resolve.View, error) {
	if c.sees != nil {
		return c.sees, nil
	}
	e := c.engine
	v := &c.room.sees
	*v = resolve.View{TID: c.tid(), PID: c.process.pid, Root: e.root, Own: true, FSUID: c.creds.fsuid}
	if e.moved.Load() {
		root, err := unix.Open(c.proc("root"), openPath, 0)
		if err != nil {
			return nil, err
		}
		v.Root = root
		v.Own = resolve.SameFile(root, e.root)
	}
	c.sees = v
	return v, nil
}

// Path is part of translate.Caller: it finds the text of a path and keeps what
// it leads to.
func (c *call) Path(dirfd int32, name string, links translate.Links) (string, error) {
	c.looked = true
	p := &c.room.place
	if len(c.places) > 0 {
		p = &place{}
	}
	*p = place{name: name, start: -1}
	c.places = append(c.places, p)
	if name == "" && !c.mayBeEmpty() {
		return "", unix.ENOENT
	}
	var err error
	if p.start, p.owned, err = c.start(dirfd, name); err != nil {
		p.owned = false
		return "", err
	}
	switch {
	case name == "":
		p.empty = true
		p.text, err = c.textOf(p.start)
		if err != nil {
			p.text = ""
		}
	case links == translate.Lexical:
		c.lexical(p)
	default:
		c.real(p, links)
	}
	return p.text, nil
}

// mayBeEmpty tells whether an empty path stands for the descriptor.
func (c *call) mayBeEmpty() bool {
	at := -1
	switch c.name {
	case "readlinkat":
		return true
	case "newfstatat", "fstatat64", "faccessat2", "fchmodat2":
		at = 3
	case "statx":
		at = 2
	case "fchownat", "execveat":
		at = 4
	case "linkat":
		if len(c.places) == 1 {
			at = 4
		}
	}
	return at >= 0 && c.Args[at]&unix.AT_EMPTY_PATH != 0
}

// lexical makes a path absolute as text. Where the path goes up from where a
// link has led, its text would be another place's: then it is the real one's.
func (c *call) lexical(p *place) {
	text := path.Clean(p.name)
	if !strings.HasPrefix(p.name, "/") {
		dir, err := c.textOf(p.start)
		if err != nil {
			p.text = translate.NonExistent(p.name)
			return
		}
		text = path.Join("/", dir, p.name)
	}
	p.text = text
	if !goesUp(p.name) {
		return
	}
	v, err := c.view()
	if err != nil {
		return
	}
	if p.found, p.err = v.Find(p.start, p.name, false); p.err != nil || p.found.FD >= 0 {
		return
	}
	dir := path.Dir(text)
	if p.found.Whole() {
		dir = text
	}
	if said, err := v.Find(v.Root, dir+"/.", true); err == nil {
		same := resolve.SameFile(said.Dir, p.found.Dir)
		said.Close()
		if same {
			return
		}
	}
	if p.text, err = c.textOfPlace(p.found); err != nil {
		p.text = translate.NonExistent(p.name)
	}
}

// goesUp tells whether ".." stands in a path.
func goesUp(name string) bool {
	return name == ".." || strings.HasPrefix(name, "../") || strings.HasSuffix(name, "/..") || strings.Contains(name, "/../")
}

// textOfPlace is where a place lies, as the caller sees it.
func (c *call) textOfPlace(p *resolve.Place) (string, error) {
	if p.FD >= 0 {
		return c.textOf(p.FD)
	}
	text, err := c.textOf(p.Dir)
	switch {
	case err != nil || p.Base == "." || p.Base == "/":
		return text, err
	case p.Base == "..":
		return path.Dir(text), nil
	}
	return path.Join(text, p.Base), nil
}

// real resolves the links of a path, all of them or all but one that is the
// last name. As on BSD the last name may be missing.
func (c *call) real(p *place, links translate.Links) {
	v, err := c.view()
	if err != nil {
		p.err, p.text = err, translate.NonExistent(p.name)
		return
	}
	if c.name == "link" && len(c.places) == 1 {
		links = translate.KeepLast // Linux makes a name for the link itself
	}
	if c.name == "openat2" && c.howFlags()&unix.O_NOFOLLOW != 0 {
		links = translate.KeepLast
	}
	if (c.name == "faccessat2" || c.name == "fchmodat2") && c.Args[3]&unix.AT_SYMLINK_NOFOLLOW != 0 {
		links = translate.KeepLast
	}
	p.real, p.followed = true, c.follows(p, links == translate.AllLinks)
	p.found, p.err = v.Find(p.start, p.name, p.followed)
	if p.err == nil {
		p.text, p.err = c.textOfPlace(p.found)
	}
	if p.err == nil && p.followed && !c.creates() && c.isDangling(v, p) {
		p.err = unix.ENOENT
	}
	if p.err != nil {
		p.text = translate.NonExistent(p.name)
	}
}

// isDangling tells whether a path ends in a link that leads nowhere.
func (c *call) isDangling(v *resolve.View, p *place) bool {
	var st unix.Stat_t
	if p.found.FD >= 0 || p.found.Whole() || unix.Fstatat(p.found.Dir, p.found.Base, &st, unix.AT_SYMLINK_NOFOLLOW) == nil {
		return false
	}
	link, err := v.Find(p.start, p.name, false)
	if err != nil {
		return false
	}
	defer link.Close()
	return !link.Same(p.found)
}

// creates tells whether the call makes the file that it opens.
func (c *call) creates() bool {
	switch c.name {
	case "open":
		return c.Args[1]&unix.O_CREAT != 0
	case "openat":
		return c.Args[2]&unix.O_CREAT != 0
	case "openat2":
		return c.howFlags()&unix.O_CREAT != 0
	}
	return c.name == "creat"
}

// howFlags are the flags of openat2.
func (c *call) howFlags() uint64 {
	size, ok := translate.HowSize(&translate.Call{Args: c.Args})
	if !ok {
		return 0
	}
	b, err := c.Bytes(c.Args[2], size)
	if err != nil {
		return 0
	}
	return nativeWord(b)
}

// follows tells whether a path's last name is followed: a slash behind it has it
// followed, except by calls that make and remove names.
func (c *call) follows(p *place, follow bool) bool {
	if follow || !strings.HasSuffix(p.name, "/") {
		return follow
	}
	switch c.name {
	case "mkdir", "mkdirat", "mknod", "mknodat", "unlink", "unlinkat", "rmdir", "rename", "renameat", "renameat2", "symlink", "symlinkat":
		return false
	case "link", "linkat":
		return p == c.places[0]
	}
	return !c.creates() // a file that is made is no directory
}

func errno(err error) unix.Errno {
	var e unix.Errno
	if err == nil {
		return 0
	}
	if errors.As(err, &e) {
		return e
	}
	return unix.EIO
}

func isMissing(err error) bool { return errors.Is(err, os.ErrNotExist) }

// procFD is a path by which a descriptor can be opened again.
func procFD(fd int) string { return "/proc/self/fd/" + strconv.Itoa(fd) }
