package launcher

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/elfdeps"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/promises"
)

// libraryDirs is where dynamic loaders look for libraries by themselves.
var libraryDirs = []string{
	"/lib", "/lib32", "/lib64", "/libx32", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libx32",
	"/usr/local/lib", "/usr/local/lib64", "/nix/store", "/gnu/store",
}

// loaderFiles are the loader's own files.
var loaderFiles = []string{"/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/ld.so.conf"}

// loads reports whether the loader's needs are served now: before the entry
// point, or for good where programs may be executed.
func (s *supervisor) loads() bool {
	return s.loading.Load() || s.launch.set&promises.Loads != 0
}

// isLibrary reports whether a real path (no links in it) is one that the
// calling program's loader may read.
func (s *supervisor) isLibrary(c *call, real string) bool {
	for _, f := range loaderFiles {
		if real == f {
			return true
		}
	}
	if strings.HasPrefix(real, "/etc/ld-musl-") {
		return true
	}
	for _, dir := range libraryDirs {
		if beneath(real, dir) {
			return true
		}
	}
	for _, f := range s.launch.image.chain {
		if real == f {
			return true
		}
	}
	for _, f := range s.loaderPaths(c) {
		if r, err := filepath.EvalSymlinks(f); err == nil && (r == real || beneath(real, r)) {
			return true
		}
	}
	return false
}

// loaderPaths are the directories that the program names in its ELF file and
// the launcher's user in the environment.
func (s *supervisor) loaderPaths(c *call) []string {
	paths := filepath.SplitList(envValue(s.launch.spec.Env, "LD_LIBRARY_PATH", ""))
	paths = append(paths, strings.Fields(strings.ReplaceAll(envValue(s.launch.spec.Env, "LD_PRELOAD", ""), ":", " "))...)
	if exe, err := os.Readlink("/proc/" + strconv.Itoa(int(c.PID)) + "/exe"); err == nil {
		paths = append(paths, exe)
		paths = append(paths, elfdeps.RunPaths(exe)...)
	}
	for i := 0; i < len(paths); i++ {
		if !filepath.IsAbs(paths[i]) {
			paths = append(paths[:i], paths[i+1:]...)
			i--
		}
	}
	return paths
}

func beneath(path, dir string) bool {
	return strings.HasPrefix(path, dir) && (len(path) == len(dir) || path[len(dir)] == '/')
}

// mapCode lets the loader map a library executable: from a file that it may
// read, never writable. The judged arguments are numbers.
func (s *supervisor) mapCode(c *call) bool {
	const mapAnonymous = 0x20
	prot, flags, fd := c.Args[2], c.Args[3], int32(c.Args[4])
	if !s.loading.Load() || prot&unix.PROT_WRITE != 0 || flags&mapAnonymous != 0 {
		return false
	}
	real, err := os.Readlink("/proc/" + strconv.Itoa(int(c.PID)) + "/fd/" + strconv.Itoa(int(fd)))
	if err != nil || !s.isLibrary(c, real) {
		return false
	}
	sys.NotifContinue(s.child.listener, c.ID)
	return true
}
