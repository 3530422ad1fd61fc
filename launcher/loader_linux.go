package launcher

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/elfdeps"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
)

// loaderFiles are the loader's own files.
var loaderFiles = []string{"/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/ld.so.conf"}

// loads reports whether the loader's needs are served now: before the entry
// point, or for good where programs may be executed.
func (s *supervisor) loads() bool {
	return s.loading || s.launch.set&promises.Loads != 0
}

// isLibrary reports whether a real path (no links in it) is one that the
// calling program's loader may read; opened is a name of the very file, which
// nobody can exchange.
func (s *supervisor) isLibrary(c *call, real, opened string) bool {
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
	if exe, err := os.Readlink("/proc/" + strconv.Itoa(int(c.PID)) + "/exe"); err == nil && real == exe {
		return true
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
func (s *supervisor) mapCode(c *call) bool {
	const mapAnonymous = 0x20
	prot, flags, fd := c.Args[2], c.Args[3], int32(c.Args[4])
	if !s.loading || prot&unix.PROT_WRITE != 0 || flags&mapAnonymous != 0 {
		return false
	}
	opened := "/proc/" + strconv.Itoa(int(c.PID)) + "/fd/" + strconv.Itoa(int(fd))
	real, err := os.Readlink(opened)
	if err != nil || !s.isLibrary(c, real, opened) {
		return false
	}
	sys.NotifContinue(s.child.listener, c.ID)
	return true
}
