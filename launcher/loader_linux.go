package launcher

import (
	"bytes"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/elfdeps"
	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
)

// loaderFiles are the loader's own files.
var loaderFiles = []string{"/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/ld.so.conf"}

// load answers what the dynamic loader needs before the entry point though the
// promises lack it.
func (s *supervisor) load(c *notify.Call) (bool, error) {
	if c.Name == "mmap" || c.Name == "mmap2" {
		if answered, err := s.mapCode(c); answered || err != nil {
			return answered, err
		}
	}
	if !s.loaderMay(c) {
		return false, nil
	}
	c.Continue(byNumbers)
	return true, nil
}

// loaderMay reports whether a dynamic loader needs the call before the entry
// point though the promises lack stdio. Only numbers are looked at.
func (s *supervisor) loaderMay(c *notify.Call) bool {
	set := (s.set | promises.Stdio.Set()) &^ promises.TraceOpens
	return promises.Judge(promises.RulesOf(c.Name), set, c.Args, s.program) == promises.Allow
}

// openLibrary opens a file for the dynamic loader, if it is one that it may
// read. What does not exist is answered so, as long as the place is right.
func (s *supervisor) openLibrary(c *notify.Call, o *pathCall) (bool, error) {
	p, err := absolutePath(c, o)
	if err != nil {
		return false, err
	}
	fd, err := unix.Open(p, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		if isLoaderFile(p) || s.loaderDir(p) {
			c.Fail(errno(err))
			return true, nil
		}
		return false, nil
	}
	defer unix.Close(fd)
	real, err := realPath(fd)
	if err != nil || !s.isLibrary(c, real, "/proc/self/fd/"+strconv.Itoa(fd)) {
		return false, nil
	}
	lib, err := reopen(fd, o.flags)
	if err != nil {
		c.Fail(errno(err))
		return true, nil
	}
	c.Give(lib, o.flags)
	return true, nil
}

// loaderDir reports whether a loader asks whether one of its directories
// exists.
func (s *supervisor) loaderDir(p string) bool {
	p = path.Clean(p)
	for _, dir := range whitelist.LibraryDirs {
		if beneath(dir, p) || beneath(p, dir) {
			return true
		}
	}
	for _, dir := range s.launch.searchPaths() {
		if p == dir || beneath(p, dir) && (strings.Contains(path.Base(p), ".so") || strings.Contains(p, "/glibc-hwcaps")) {
			return true
		}
	}
	return false
}

// loads reports whether the loader's needs are served now: before the entry
// point, or for good where programs may be executed.
func (s *supervisor) loads() bool {
	return s.loading.Load() || s.set&promises.Loads != 0
}

// isLibrary reports whether a real path (no links in it) is one that the
// calling program's loader may read; opened is a name of the very file, which
// nobody can exchange.
func (s *supervisor) isLibrary(c *notify.Call, real, opened string) bool {
	for _, f := range loaderFiles {
		if real == f {
			return true
		}
	}
	if strings.HasPrefix(real, "/etc/ld-musl-") {
		return true
	}
	for _, dir := range whitelist.LibraryDirs {
		if beneath(real, dir) {
			return true
		}
	}
	for _, f := range s.launch.image.chain {
		if real == f {
			return true
		}
	}
	if exe, err := c.Open("exe"); err == nil {
		its, err := realPath(exe)
		unix.Close(exe)
		if err == nil && real == its {
			return true
		}
	}
	for _, f := range s.launch.searchPaths() {
		// The program, which is not trusted, names these itself.
		if r, err := filepath.EvalSymlinks(f); err == nil && (r == real || beneath(real, r)) {
			return isObject(opened)
		}
	}
	return false
}

// isObject reports whether a file is one that a loader maps.
func isObject(path string) bool {
	head, err := readHead(path)
	return err == nil && bytes.HasPrefix(head, []byte(elfMagic))
}

// searchPaths are the directories that the launched program names in its ELF
// file and the launcher's user in the environment. Programs that it executes
// later name none: they could be its own work.
func (l *launch) searchPaths() []string {
	l.searchOnce.Do(func() {
		paths := filepath.SplitList(envValue(l.spec.Env, "LD_LIBRARY_PATH", ""))
		paths = append(paths, strings.Fields(strings.ReplaceAll(envValue(l.spec.Env, "LD_PRELOAD", ""), ":", " "))...)
		paths = append(paths, elfdeps.RunPaths(l.image.chain[len(l.image.chain)-1])...)
		for _, p := range paths {
			if filepath.IsAbs(p) && path.Clean(p) != "/" {
				l.search = append(l.search, path.Clean(p))
			}
		}
	})
	return l.search
}

func beneath(name, dir string) bool {
	return strings.HasPrefix(name, dir) && (len(name) == len(dir) || name[len(dir)] == '/')
}

// mapCode lets the loader map a library executable: from a file that it may
// read, never writable. The judged arguments are numbers.
func (s *supervisor) mapCode(c *notify.Call) (bool, error) {
	const mapAnonymous = 0x20
	prot, flags := c.Args[2], c.Args[3]
	if prot&unix.PROT_WRITE != 0 || flags&mapAnonymous != 0 {
		return false, nil
	}
	fd, err := c.Dup(c.Args[4])
	if err != nil {
		return false, nil
	}
	defer unix.Close(fd)
	real, err := realPath(fd)
	if err != nil || !s.isLibrary(c, real, "/proc/self/fd/"+strconv.Itoa(fd)) {
		return false, nil
	}
	c.Continue(byLoneThread)
	return true, nil
}
