package enforce

import (
	"errors"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/translate"
)

// place is where a path leads: an object that was opened (O_PATH) once, and
// the directory and the name in it. What is judged is its text; what is used
// are its descriptors.
type place struct {
	text string // as the caller sees it
	fd   int    // the object; -1 if there is none, or the name itself is meant
	dir  int    // its directory; -1 for an object that was found by descriptor
	base string
	err  unix.Errno // why fd is -1
}

func (p *place) close() {
	if p.fd >= 0 {
		unix.Close(p.fd)
	}
	if p.dir >= 0 {
		unix.Close(p.dir)
	}
}

const openPath = unix.O_PATH | unix.O_CLOEXEC

// start opens the directory that a path of the caller begins at.
func (c *call) start(dirfd int32, name string) (fd int, err error) {
	if strings.HasPrefix(name, "/") {
		if c.engine.rooted(c) {
			return c.engine.root, nil
		}
		return unix.Open("/proc/"+strconv.Itoa(c.tid())+"/root", openPath, 0)
	}
	if dirfd == unix.AT_FDCWD {
		return unix.Open("/proc/"+strconv.Itoa(c.tid())+"/cwd", openPath, 0)
	}
	return unix.Open("/proc/"+strconv.Itoa(c.tid())+"/fd/"+strconv.Itoa(int(dirfd)), openPath, 0)
}

// done closes what start has opened.
func (c *call) done(fd int) {
	if fd != c.engine.root {
		unix.Close(fd)
	}
}

// root opens the caller's root directory.
func (c *call) root() (int, error) { return c.start(0, "/") }

// open opens a path below a directory without leaving the caller's root, and
// without links of /proc that lead anywhere.
func (c *call) open(start int, name string, flags uint64) (int, error) {
	how := unix.OpenHow{Flags: flags | openPath, Resolve: unix.RESOLVE_NO_MAGICLINKS}
	if c.as != nil {
		// Whoever may plant a link must not choose what root opens.
		how.Resolve |= unix.RESOLVE_NO_SYMLINKS
	}
	if strings.HasPrefix(name, "/") {
		// start is the root: links that are absolute stay below it.
		how.Resolve |= unix.RESOLVE_IN_ROOT
		return openat2(start, name, &how)
	}
	if c.engine.rooted(c) {
		return openat2(start, name, &how)
	}
	// In another root a relative path is made absolute, so that ".." and
	// absolute links end where the caller's do.
	text, err := c.textOf(start)
	if err != nil {
		return -1, err
	}
	root, err := c.root()
	if err != nil {
		return -1, err
	}
	defer c.done(root)
	how.Resolve |= unix.RESOLVE_IN_ROOT
	return openat2(root, text+"/"+name, &how)
}

// openat2 tries again when a directory was moved meanwhile.
func openat2(dir int, name string, how *unix.OpenHow) (fd int, err error) {
	for range 64 {
		if fd, err = unix.Openat2(dir, name, how); err != unix.EAGAIN && err != unix.EINTR {
			return fd, err
		}
	}
	return -1, err
}

// resolve follows a path to its object.
func (c *call) resolve(dirfd int32, name string, nofollow bool) (int, error) {
	if fd, ok, err := c.descriptor(name, nofollow); ok {
		return fd, err
	}
	start, err := c.start(dirfd, name)
	if err != nil {
		return -1, err
	}
	defer c.done(start)
	var flags uint64
	if nofollow {
		flags = unix.O_NOFOLLOW
	}
	fd, err := c.open(start, c.ownProc(name), flags)
	if err == unix.ELOOP && !nofollow && c.as == nil {
		return c.throughLink(start, name)
	}
	if err != nil {
		return -1, err
	}
	return c.notOurs(fd, name)
}

// ownProc makes /proc/self mean the caller.
func (c *call) ownProc(name string) string {
	for _, p := range []struct{ from, to string }{
		{"/proc/self", "/proc/" + strconv.Itoa(c.process.pid)},
		{"/proc/thread-self", "/proc/" + strconv.Itoa(c.process.pid) + "/task/" + strconv.Itoa(c.tid())},
	} {
		if rest, ok := strings.CutPrefix(name, p.from); ok && (rest == "" || rest[0] == '/') {
			return p.to + rest
		}
	}
	return name
}

// descriptor finds the caller's own descriptor that a path of /proc or /dev
// names.
func (c *call) descriptor(name string, nofollow bool) (fd int, ok bool, err error) {
	if nofollow || !strings.HasPrefix(name, "/proc/") && !strings.HasPrefix(name, "/dev/") {
		return -1, false, nil
	}
	number, ok := map[string]string{"/dev/stdin": "0", "/dev/stdout": "1", "/dev/stderr": "2"}[name]
	for _, prefix := range []string{"/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", "/proc/" + strconv.Itoa(c.process.pid) + "/fd/"} {
		if rest, found := strings.CutPrefix(name, prefix); found && !ok {
			number, ok = rest, true
		}
	}
	n, e := strconv.ParseUint(number, 10, 31)
	if !ok || e != nil {
		return -1, false, nil
	}
	fd, err = unix.Open("/proc/"+strconv.Itoa(c.tid())+"/fd/"+strconv.FormatUint(n, 10), openPath, 0)
	return fd, true, err
}

// throughLink follows a link that leads to one of the caller's descriptors.
func (c *call) throughLink(start int, name string) (int, error) {
	var buf [unix.PathMax]byte
	n, err := unix.Readlinkat(start, strings.TrimPrefix(name, "/"), buf[:])
	if err != nil {
		return -1, unix.ELOOP
	}
	if fd, ok, err := c.descriptor(string(buf[:n]), false); ok {
		return fd, err
	}
	return -1, unix.ELOOP
}

// notOurs: /proc/self in the middle of a path led to this process, which is not
// what the caller is called; who asks for this process by its number is refused.
func (c *call) notOurs(fd int, name string) (int, error) {
	var st unix.Stat_t
	if unix.Fstat(fd, &st) == nil && st.Dev != c.engine.procDev {
		return fd, nil
	}
	text, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
	ours := "/proc/" + strconv.Itoa(c.engine.pid)
	if err != nil || text != ours && !strings.HasPrefix(text, ours+"/") {
		return fd, nil
	}
	unix.Close(fd)
	if strings.Contains(name+"/", ours+"/") {
		return -1, unix.EACCES
	}
	rest := strings.TrimPrefix(text, ours)
	if i := strings.IndexByte(strings.TrimPrefix(rest, "/task/"), '/'); strings.HasPrefix(rest, "/task/") && i > 0 {
		rest = "/task/" + strconv.Itoa(c.tid()) + strings.TrimPrefix(rest, "/task/")[i:]
	}
	how := unix.OpenHow{Flags: openPath, Resolve: unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_SYMLINKS}
	return unix.Openat2(unix.AT_FDCWD, "/proc/"+strconv.Itoa(c.process.pid)+rest, &how)
}

// textOf is where a descriptor lies, as the caller sees it.
func (c *call) textOf(fd int) (string, error) {
	text, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
	if err != nil || c.engine.rooted(c) {
		return text, err
	}
	root, err := os.Readlink("/proc/" + strconv.Itoa(c.tid()) + "/root")
	if err != nil {
		return "", err
	}
	if text == root {
		return "/", nil
	}
	rest, ok := strings.CutPrefix(text, strings.TrimSuffix(root, "/")+"/")
	if !ok {
		return "", unix.ENOENT // outside: the caller could not name it
	}
	return "/" + rest, nil
}

// Path is part of translate.Caller: it finds the text of a path and keeps what
// it leads to.
func (c *call) Path(dirfd int32, name string, links translate.Links) (string, error) {
	c.looked = true
	if len(name) >= unix.PathMax {
		return "", unix.ENAMETOOLONG
	}
	var p *place
	switch links {
	case translate.Lexical:
		text, err := c.lexical(dirfd, name)
		if err != nil {
			return "", err
		}
		p = &place{text: text, fd: -1, dir: -1}
	case translate.AllLinks:
		p = c.follow(dirfd, name)
	default:
		p = c.lastKept(dirfd, name)
	}
	c.places = append(c.places, p)
	return p.text, nil
}

// lexical makes a path absolute as text.
func (c *call) lexical(dirfd int32, name string) (string, error) {
	if strings.HasPrefix(name, "/") {
		return path.Clean(name), nil
	}
	start, err := c.start(dirfd, name)
	if err != nil {
		return "", err
	}
	defer c.done(start)
	dir, err := c.textOf(start)
	return path.Join("/", dir, name), err
}

// follow resolves all links. As on BSD the last component may be missing.
func (c *call) follow(dirfd int32, name string) *place {
	fd, err := c.resolve(dirfd, name, false)
	if err != nil {
		p := c.lastKept(dirfd, name)
		p.err = errno(err)
		if p.dir >= 0 && c.isLink(p) {
			p.text = translate.NonExistent(name) // a link that leads nowhere
		}
		return p
	}
	text, err := c.textOf(fd)
	if err != nil {
		unix.Close(fd)
		return &place{text: translate.NonExistent(name), fd: -1, dir: -1, err: unix.ENOENT}
	}
	return &place{text: strings.TrimSuffix(text, " (deleted)"), fd: fd, dir: -1, base: path.Base(text)}
}

func (c *call) isLink(p *place) bool {
	var st unix.Stat_t
	return unix.Fstatat(p.dir, p.base, &st, unix.AT_SYMLINK_NOFOLLOW) == nil && st.Mode&unix.S_IFMT == unix.S_IFLNK
}

// lastKept resolves the directory of a path.
func (c *call) lastKept(dirfd int32, name string) *place {
	clean := strings.TrimRight(name, "/")
	dir, base := path.Split(clean)
	switch {
	case clean == "" || base == "." || base == "..":
		return c.whole(dirfd, name)
	case dir == "":
		dir = "."
	}
	fd, err := c.resolve(dirfd, dir, false)
	if err != nil {
		return &place{text: translate.NonExistent(name), fd: -1, dir: -1, err: errno(err)}
	}
	text, err := c.textOf(fd)
	if err != nil {
		unix.Close(fd)
		return &place{text: translate.NonExistent(name), fd: -1, dir: -1, err: unix.ENOENT}
	}
	return &place{text: path.Join(text, base), fd: -1, dir: fd, base: base, err: unix.ENOENT}
}

// whole is a path without a last name: "/", "." and "..".
func (c *call) whole(dirfd int32, name string) *place {
	fd, err := c.resolve(dirfd, name, false)
	if err == nil {
		var text string
		if text, err = c.textOf(fd); err == nil {
			return &place{text: text, fd: fd, dir: -1, base: path.Base(text)}
		}
		unix.Close(fd)
	}
	return &place{text: translate.NonExistent(name), fd: -1, dir: -1, err: errno(err)}
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
