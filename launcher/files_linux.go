package launcher

import (
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
)

// A pathArg is where a call has its directory, path and flags.
type pathArg struct{ dir, path, flags, mode int }

var pathArgs = table[string, pathArg]{
	{"open", pathArg{-1, 0, 1, 2}}, {"openat", pathArg{0, 1, 2, 3}}, {"creat", pathArg{-1, 0, -1, 1}},
	{"unlink", pathArg{-1, 0, -1, -1}}, {"unlinkat", pathArg{0, 1, 2, -1}},
	{"stat", pathArg{-1, 0, -1, -1}}, {"lstat", pathArg{-1, 0, -1, -1}}, {"newfstatat", pathArg{0, 1, 3, -1}},
	{"stat64", pathArg{-1, 0, -1, -1}}, {"lstat64", pathArg{-1, 0, -1, -1}}, {"fstatat64", pathArg{0, 1, 3, -1}},
	{"statx", pathArg{0, 1, 2, -1}}, {"access", pathArg{-1, 0, -1, 1}}, {"faccessat", pathArg{0, 1, -1, 2}},
	{"readlink", pathArg{-1, 0, -1, -1}}, {"readlinkat", pathArg{0, 1, -1, -1}},
}

func (c *call) pathArg() pathArg {
	a, _ := pathArgs.find(c.name)
	return a
}

// path copies the call's path once; whatever the caller's other threads write
// there later is not looked at.
func (s *supervisor) path(c *call) (string, error) {
	p, err := sys.ReadString(int(c.PID), c.Args[c.pathArg().path], unix.PathMax)
	if err == nil && !sys.NotifValid(s.child.listener, c.ID) {
		err = unix.ENOENT
	}
	return p, err
}

func (c *call) arg(i int) uint64 {
	if i < 0 {
		return 0
	}
	return c.Args[i]
}

// absolutePath returns the text of the path made absolute by the caller's
// directory, for loaders that search relative directories.
func (s *supervisor) absolutePath(c *call, p string) string {
	if strings.HasPrefix(p, "/") {
		return p
	}
	proc := "/proc/" + strconv.Itoa(int(c.PID))
	dir := proc + "/cwd"
	if a := c.pathArg(); a.dir >= 0 && int32(c.Args[a.dir]) != unix.AT_FDCWD {
		dir = proc + "/fd/" + strconv.Itoa(int(int32(c.Args[a.dir])))
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return p
	}
	return path.Join(real, p)
}

// open serves opens that the filter does not decide.
func (s *supervisor) open(c *call) bool {
	p, err := s.path(c)
	if err != nil {
		return s.answer(c, errno(err))
	}
	if s.launch.set&promises.TraceOpens != 0 && s.traceOpen(c, p) {
		return true
	}
	flags := c.arg(c.pathArg().flags)
	if c.name == "creat" {
		flags = unix.O_CREAT | unix.O_WRONLY | unix.O_TRUNC
	}
	if s.launch.set.Has(promises.Tmppath) && s.openTemporary(c, p, flags) {
		return true
	}
	const beyond = unix.O_CREAT | unix.O_TRUNC | unix.O_TMPFILE&^unix.O_DIRECTORY
	if f := promises.Find(promises.Files, s.launch.spec.Promises, p); f != nil && (f.Write || flags&beyond == 0) {
		return s.openListed(c, f, p, flags) // devices exist: O_CREAT and O_TRUNC do nothing
	}
	if flags&(unix.O_ACCMODE|beyond) != unix.O_RDONLY {
		return false
	}
	if s.loads() && s.openLibrary(c, s.absolutePath(c, p), flags) {
		return true
	}
	return s.politely(c, p)
}

// politely answers what is refused without a penalty.
func (s *supervisor) politely(c *call, p string) bool {
	if promises.Find(promises.Refused, s.launch.spec.Promises, p) != nil {
		return s.answer(c, unix.EPERM)
	}
	if promises.Find(promises.Quiet, s.launch.spec.Promises, p) != nil || optionalModule(p) {
		return s.answer(c, unix.ENOENT)
	}
	return false
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

// openListed opens a whitelisted file for the caller.
func (s *supervisor) openListed(c *call, f *promises.File, p string, flags uint64) bool {
	if flags&unix.O_ACCMODE != unix.O_RDONLY && !f.Write {
		return false
	}
	fd, err := openWhitelisted(f, s.procSelf(c, p), flags)
	if err != nil {
		return s.answer(c, errno(err))
	}
	return s.give(c, fd, flags)
}

// procSelf makes /proc/self mean the caller.
func (s *supervisor) procSelf(c *call, p string) string {
	if rest, ok := strings.CutPrefix(p, "/proc/self/"); ok {
		return "/proc/" + strconv.Itoa(processOf(int(c.PID))) + "/" + rest
	}
	return p
}

// openFlags are those of a caller's that its open may have.
const openFlags = unix.O_ACCMODE | unix.O_NONBLOCK | unix.O_APPEND | unix.O_DIRECTORY | unix.O_NOFOLLOW | unix.O_NOCTTY

// openWhitelisted follows links only to where the file's real place may be, and
// gives out regular files, or the device that is meant.
func openWhitelisted(f *promises.File, p string, flags uint64) (int, error) {
	const zone = "/usr/share/zoneinfo"
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
	if beneath(p, zone) && real != p {
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
	return reopen(fd, flags)
}

// realPath names what an O_PATH descriptor refers to.
func realPath(fd int) (string, error) {
	b := make([]byte, 256) // PATH_MAX on the stack would make that grow
	for {
		n, err := unix.Readlink("/proc/self/fd/"+strconv.Itoa(fd), b)
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
	return unix.Open("/proc/self/fd/"+strconv.Itoa(fd), int(flags&openFlags&^unix.O_NOFOLLOW)|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
}

// openTemporary is what tmppath meant up to OpenBSD 7.8: files directly in
// /tmp, created, past unveil.
func (s *supervisor) openTemporary(c *call, p string, flags uint64) bool {
	name, ok := strings.CutPrefix(path.Clean(p), "/tmp/")
	if !ok || strings.Contains(name, "/") || flags&unix.O_CREAT == 0 {
		return false
	}
	dir, err := unix.Open("/tmp", unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return s.answer(c, errno(err))
	}
	defer unix.Close(dir)
	mode := c.arg(c.pathArg().mode) & 0o777 &^ umaskOf(int(c.PID))
	how := unix.OpenHow{Flags: flags&(openFlags|unix.O_CREAT|unix.O_EXCL|unix.O_TRUNC) | unix.O_CLOEXEC | unix.O_NOFOLLOW, Mode: mode,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS}
	old := unix.Umask(0)
	fd, err := unix.Openat2(dir, name, &how)
	unix.Umask(old)
	if err != nil {
		return s.answer(c, errno(err))
	}
	return s.give(c, fd, flags)
}

// unlink removes a file of tmppath.
func (s *supervisor) unlink(c *call) bool {
	p, err := s.path(c)
	if err != nil {
		return s.answer(c, errno(err))
	}
	name, ok := strings.CutPrefix(path.Clean(p), "/tmp/")
	if !ok || strings.Contains(name, "/") || !strings.HasPrefix(p, "/") || !s.launch.set.Has(promises.Tmppath) {
		return false
	}
	err = unix.Unlink("/tmp/" + name)
	return s.answer(c, errno(err))
}

// errno returns the number of a system call's error.
func errno(err error) unix.Errno {
	if err == nil {
		return 0
	}
	if e, ok := err.(unix.Errno); ok {
		return e
	}
	return unix.EIO
}
