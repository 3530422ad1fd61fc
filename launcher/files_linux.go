//go:build amd64 || arm64

package launcher

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/rules"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
)

// pathCall reads the path of a call, and names its arguments.
func pathCallOf(c *notify.Call) (*pathCall, error) {
	row := rowOf(c.Name)
	a := row.paths()[0]
	p, err := c.String(c.Args[a.path])
	if err != nil {
		return nil, err
	}
	call := &pathCall{dir: unix.AT_FDCWD, path: p}
	if a.dir >= 0 {
		call.dir = int32(c.Args[a.dir])
	}
	for _, l := range []struct {
		letter byte
		to     *uint64
	}{{'o', &call.flags}, {'A', &call.flags}, {'m', &call.mode}, {'M', &call.mode}} {
		if i := row.index(l.letter); i >= 0 {
			*l.to = c.Args[i]
		}
	}
	if c.Name == "creat" {
		call.flags = unix.O_CREAT | unix.O_WRONLY | unix.O_TRUNC
	}
	return call, nil
}

// A fileServer knows the files that promises admit without rpath and unveil.
type fileServer struct{ words promises.Set }

// listed is the whitelisted file that a path names, nil if it names none.
func (f *fileServer) listed(p string) *rules.File {
	return rules.Find(rules.Files, f.words, p)
}

// polite says how a path is refused without a penalty, 0 if it is not.
func (f *fileServer) polite(p string) unix.Errno {
	switch {
	case rules.Find(rules.Refused, f.words, p) != nil:
		return unix.EPERM
	case rules.Find(rules.Quiet, f.words, p) != nil || optionalModule(p):
		return unix.ENOENT
	}
	return 0
}

// creates are the flags of an open that makes or empties a file.
const creates = unix.O_CREAT | unix.O_TRUNC | unix.O_TMPFILE&^unix.O_DIRECTORY

// open serves opens that the filter does not decide.
func (s *supervisor) open(c *notify.Call) (bool, error) {
	o, err := pathCallOf(c)
	if err != nil {
		return false, err
	}
	if s.set&rules.TraceOpens != 0 {
		if answered, err := s.traceOpen(c, o); answered || err != nil {
			return answered, err
		}
	}
	if s.set.Has(promises.Tmppath) {
		if answered, err := s.openTemporary(c, o); answered || err != nil {
			return answered, err
		}
	}
	if f := s.files.listed(o.path); f != nil && (f.Write || o.flags&(unix.O_ACCMODE|creates) == unix.O_RDONLY) {
		return s.giveListed(c, f, o)
	}
	if o.flags&(unix.O_ACCMODE|creates) != unix.O_RDONLY {
		return false, nil
	}
	if s.loads() {
		if answered, err := s.openLibrary(c, o); answered || err != nil {
			return answered, err
		}
	}
	return s.politely(c, o.path), nil
}

// politely answers what is refused without a penalty.
func (s *supervisor) politely(c *notify.Call, p string) bool {
	e := s.files.polite(p)
	if e != 0 {
		s.report.passOver(p)
		c.Fail(e)
	}
	return e != 0
}

// optionalModule reports whether libc looks for a library after start-up, or
// for a directory of libraries: it goes on without.
func optionalModule(p string) bool {
	p = path.Clean(p)
	for _, dir := range whitelist.LibraryDirs {
		if p == dir || beneath(p, dir) && (strings.Contains(path.Base(p), ".so") || !strings.Contains(path.Base(p), ".")) {
			return true
		}
	}
	return false
}

// giveListed opens a whitelisted file for the caller.
func (s *supervisor) giveListed(c *notify.Call, f *rules.File, o *pathCall) (bool, error) {
	if s.nested.Load() {
		c.Fail(unix.EACCES) // see restrictSelf
		return true, nil
	}
	p, open := ofCaller(c, o.path), openWhitelisted
	var fd int
	var err error
	if f.Path == "/dev/tty" {
		open = func(_ *rules.File, p string, flags uint64) (int, error) { return openTerminal(p, flags) }
		if p, err = terminalOf(c); err != nil {
			return failed(c, err)
		}
	}
	if e := s.perform.as(c, func() { fd, err = open(f, p, o.flags) }); e != nil {
		return failed(c, e)
	}
	if err == nil && f.Path == "/dev/tty" {
		// A number of a terminal is another's when it was hung up.
		if now, e := terminalOf(c); e != nil || now != p {
			unix.Close(fd)
			err = unix.EIO
		}
	}
	if err != nil {
		c.Fail(errno(err))
		return true, nil
	}
	c.Give(fd, o.flags)
	return true, nil
}

// ofCaller makes names that mean whoever uses them mean the caller: /proc/self,
// /proc/thread-self, /dev/fd and the standard streams, and /proc/net, which is a
// link to what lies there.
func ofCaller(c *notify.Call, p string) string {
	clean := plain(p)
	for _, own := range []struct{ prefix, means string }{
		{"/proc/self", ""}, {"/proc/thread-self", ""}, {"/dev/fd", "fd"}, {"/proc/net", "net"},
		{"/dev/stdin", "fd/0"}, {"/dev/stdout", "fd/1"}, {"/dev/stderr", "fd/2"},
	} {
		if rest, ok := strings.CutPrefix(clean, own.prefix); ok && (rest == "" || rest[0] == '/') {
			return strings.TrimSuffix(procfs.Path(c.Process(), own.means), "/") + rest
		}
	}
	return p
}

// plain leaves out what a path has beyond its names: "//" and "/./". A ".." stays,
// because what is before it may be a link.
func plain(p string) string {
	if !strings.Contains(p, "//") && !strings.Contains(p, "/./") {
		return p
	}
	var b strings.Builder
	for _, name := range strings.Split(p, "/") {
		if name != "" && name != "." {
			b.WriteString("/" + name)
		}
	}
	if strings.HasSuffix(p, "/") || b.Len() == 0 {
		b.WriteByte('/')
	}
	return b.String()
}

// openFlags are those of a caller's that its open may have.
const openFlags = unix.O_ACCMODE | unix.O_NONBLOCK | unix.O_APPEND | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_NOCTTY

// openWhitelisted follows links only to where the file's real place may be, and
// gives out regular files, or the device that is meant.
func openWhitelisted(f *rules.File, p string, flags uint64) (int, error) {
	const zone = "/usr/share/zoneinfo"
	given := p
	if p == "/etc/localtime" {
		if real, err := filepath.EvalSymlinks(p); err == nil && real != p {
			if !beneath(real, zone) {
				return -1, unix.EACCES
			}
			p = real
		}
	}
	fd, err := unix.Open(p, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, err
	}
	defer unix.Close(fd)
	real, err := realPath(fd)
	if err != nil {
		return -1, err
	}
	if beneath(p, zone) && !beneath(real, zone) {
		return -1, unix.ELOOP
	}
	if real != p && !whitelist.Target(f.Path, real) {
		return -1, unix.EACCES
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return -1, err
	}
	switch kind := st.Mode & unix.S_IFMT; {
	case kind == unix.S_IFDIR && (f.Path == "/proc" || strings.HasPrefix(f.Path, "/sys/")):
	case kind == unix.S_IFCHR && strings.HasPrefix(f.Path, "/dev/"):
	case kind != unix.S_IFREG:
		return -1, unix.EACCES
	}
	if flags&unix.O_NOFOLLOW != 0 {
		return openNoLink(given, fd, flags)
	}
	return reopen(fd, flags)
}

// openNoLink opens a path whose last name must not be a link, if that is still
// what was judged.
func openNoLink(p string, judged int, flags uint64) (int, error) {
	fd, err := unix.Open(p, int(flags&openFlags)|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return -1, err
	}
	var was, is unix.Stat_t
	if unix.Fstat(judged, &was) != nil || unix.Fstat(fd, &is) != nil || was.Dev != is.Dev || was.Ino != is.Ino {
		unix.Close(fd)
		return -1, unix.EACCES
	}
	return fd, nil
}

// realPath names what an O_PATH descriptor refers to.
func realPath(fd int) (string, error) {
	b := make([]byte, 256) // PATH_MAX on the stack would make that grow
	for {
		n, err := unix.Readlink("/proc/self/fd/"+itoa(int32(fd)), b)
		if err != nil {
			return "", err
		}
		if n < len(b) {
			return string(b[:n]), nil
		}
		b = make([]byte, 2*len(b))
	}
}

// reopen opens what an O_PATH descriptor refers to, and nothing that took its
// name meanwhile.
func reopen(fd int, flags uint64) (int, error) {
	return unix.Open("/proc/self/fd/"+itoa(int32(fd)), int(flags&openFlags&^unix.O_NOFOLLOW)|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
}

// A place is a path of the caller's and the directory that it starts from, held
// open: what the caller does meanwhile does not move it.
type place struct {
	at   int // -1 for a path from the root
	path string
	self string // what /proc has of the caller: the links there may be followed
}

// placeOf takes hold of where a path of the caller's starts.
func placeOf(c *notify.Call, dir int32, p string) (place, error) {
	if p == "" {
		return place{at: -1}, unix.ENOENT
	}
	if p[0] == '/' {
		return place{-1, ofCaller(c, p), procfs.Path(c.Process(), "")}, nil
	}
	at, err := c.Directory(dir)
	return place{at: at, path: p}, err
}

// lookUp opens what is there without access to it: as whom the calling thread
// is, and for as long as the file system takes. Links that mean whoever follows
// them are not followed, but for the caller's own at the front of the path: they
// would mean the launcher.
func (p place) lookUp(flags int) (int, error) {
	flags |= unix.O_PATH | unix.O_CLOEXEC
	at, path := p.at, p.path
	if at < 0 {
		at = unix.AT_FDCWD
	}
	if link, rest := p.own(); link != "" {
		if rest == "" {
			return unix.Open(link, flags, 0)
		}
		fd, err := unix.Open(link, unix.O_PATH|unix.O_CLOEXEC, 0)
		if err != nil {
			return -1, err
		}
		defer unix.Close(fd)
		at, path = fd, rest
	}
	how := unix.OpenHow{Flags: uint64(flags), Resolve: unix.RESOLVE_NO_MAGICLINKS}
	fd, err := unix.Openat2(at, path, &how)
	if err == unix.ENOSYS { // Linux 5.6
		fd, err = unix.Openat(at, path, flags, 0)
	}
	if err != nil {
		return -1, err
	}
	real, err := realPath(fd)
	if err == nil && beneath(real, strings.TrimSuffix(procfs.Path(os.Getpid(), ""), "/")) {
		err = unix.EACCES
	}
	if err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// own splits a path that begins with one of the caller's links in /proc: a
// descriptor, its directory, root or program.
func (p place) own() (link, rest string) {
	name, ok := strings.CutPrefix(p.path, p.self)
	if !ok || p.self == "" {
		return "", ""
	}
	for _, l := range []string{"cwd", "root", "exe"} {
		if after, ok := strings.CutPrefix(name, l); ok && (after == "" || after[0] == '/') {
			return p.self + l, strings.TrimLeft(after, "/")
		}
	}
	if after, ok := strings.CutPrefix(name, "fd/"); ok {
		n := len(after) - len(strings.TrimLeft(after, "0123456789"))
		if n > 0 && (n == len(after) || after[n] == '/') {
			return p.self + "fd/" + after[:n], strings.TrimLeft(after[n:], "/")
		}
	}
	return "", ""
}

// real is where the place really is, links followed unless the last one is not
// to be.
func (p place) real(flags int) (string, error) {
	fd, err := p.lookUp(flags)
	if err != nil {
		return "", err
	}
	defer unix.Close(fd)
	return realPath(fd)
}

// parent is the place of the directory that the name is in.
func (p place) parent() place { return place{p.at, dirOf(p.path), p.self} }

func (p place) close() {
	if p.at >= 0 {
		unix.Close(p.at)
	}
}
