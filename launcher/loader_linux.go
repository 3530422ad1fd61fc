package launcher

import (
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
)

// What a dynamic loader is served. Until the entry point all code of the program
// runs with these rights, constructors and an interpreter of its own among it:
// they are what ld.so needs, and end early where more than one thread could use
// them (see window).

// loaderFiles are the loader's own files.
var loaderFiles = []string{"/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/ld.so.conf"}

func isLoaderFile(real string) bool {
	for _, f := range loaderFiles {
		if real == f {
			return true
		}
	}
	arch, ok := strings.CutPrefix(real, "/etc/ld-musl-")
	return ok && strings.HasSuffix(arch, ".path") && !strings.Contains(arch, "/")
}

// loads reports whether the loader's needs are served now: before the entry
// point, or for good where programs may be executed.
func (s *supervisor) loads() bool {
	return s.inLoader() || s.launch.set&promises.Loads != 0
}

// inLoader reports whether the program has not come to its entry point, in a
// time that a loader may take.
func (s *supervisor) inLoader() bool { return s.loading && !s.window.over(s.child.pid) }

// isLibrary reports whether a file is one that the calling program's loader may
// read; asked is the name that the loader has for it.
func (s *supervisor) isLibrary(c *call, f *program.File, asked string) bool {
	if inSystem(f.Real) || isLoaderFile(f.Real) {
		return true
	}
	for _, own := range s.launch.image.chain {
		if own.Same(&f.Stat) {
			return true
		}
	}
	var exe unix.Stat_t
	if unix.Stat("/proc/"+itoa(int(c.PID))+"/exe", &exe) == nil && f.Same(&exe) {
		return true
	}
	return s.launch.library().holds(f, asked)
}

// openLibrary opens a file for the dynamic loader, if it is one that it may
// read. What does not exist is answered so, as long as the place is right.
func (s *supervisor) openLibrary(c *call, p string, flags uint64) bool {
	f, err := program.Open(p)
	if err != nil {
		if err != program.ErrNotRegular && s.loaderAsks(p) {
			return s.answer(c, errno(err))
		}
		return false
	}
	defer f.Close()
	if !s.isLibrary(c, f, p) {
		return false
	}
	fd, err := f.Reopen(int(flags & openFlags))
	if err != nil {
		return s.answer(c, errno(err))
	}
	// Before the entry point nothing but libraries is read. Programs that are
	// executed later have their own files in these directories.
	if s.launch.set&promises.Loads == 0 && inSystem(f.Real) && !program.IsELF(fd) {
		unix.Close(fd)
		return false
	}
	return s.give(c, fd, flags)
}

// loaderAsks reports whether a loader looks for a path that may not exist.
func (s *supervisor) loaderAsks(p string) bool {
	p = path.Clean(p)
	for _, dir := range whitelist.LibraryDirs {
		if beneath(dir, p) || beneath(p, dir) {
			return true
		}
	}
	return strings.HasPrefix(p, "/etc/ld.so.") && !strings.Contains(p[len("/etc/"):], "/") || s.launch.library().places(p)
}

// loaderStatus answers stat, access and readlink for a loader, by where the path
// really leads.
func (s *supervisor) loaderStatus(c *call, p string) bool {
	if strings.HasPrefix(c.name, "readlink") && p == "/proc/self/exe" {
		return s.answerStatus(c, s.procSelf(c, p), unix.O_NOFOLLOW) // for $ORIGIN
	}
	p = s.absolutePath(c, p)
	fd, err := unix.Open(p, unix.O_PATH|unix.O_CLOEXEC, 0)
	if err != nil {
		return s.loaderAsks(p) && s.answer(c, errno(err))
	}
	defer unix.Close(fd)
	real, err := realPath(fd)
	switch {
	case err != nil:
		return false
	case s.statable(real):
		return s.statusOf(c, fd)
	case s.launch.library().places(p):
		return s.answer(c, unix.ENOENT) // the loader goes on to its next directory
	}
	return false
}

// statable reports whether a loader may know of a real path.
func (s *supervisor) statable(real string) bool {
	if isLoaderFile(real) {
		return true
	}
	for _, dir := range whitelist.LibraryDirs {
		if beneath(dir, real) || beneath(real, dir) {
			return true
		}
	}
	b := s.launch.library()
	return beneathAny(real, b.users) || beneathAny(real, b.own) && (strings.Contains(path.Base(real), ".so") || b.places(real))
}

// beneath reports whether a clean path is dir or lies below it.
func beneath(name, dir string) bool {
	if dir == "/" {
		return strings.HasPrefix(name, "/")
	}
	return strings.HasPrefix(name, dir) && (len(name) == len(dir) || name[len(dir)] == '/')
}

// mapCode lets the loader map a library executable: from a file that it may
// read, never writable. What was judged is a descriptor's number, and the kernel
// goes on with it: that is sound while there is one thread, which waits here, and
// no other process with the same descriptors. The window ends before there is
// one.
func (s *supervisor) mapCode(c *call) bool {
	prot, flags := c.Args[2], c.Args[3]
	if prot&unix.PROT_WRITE != 0 || flags&unix.MAP_ANONYMOUS != 0 || !s.inLoader() || !s.isLibraryFD(c, int32(c.Args[4])) {
		return false
	}
	sys.NotifContinue(s.child.listener, c.ID)
	return true
}

// isLibraryFD reports whether a descriptor of the caller's is a library.
func (s *supervisor) isLibraryFD(c *call, fd int32) bool {
	name := "/proc/" + itoa(int(c.PID)) + "/fd/" + itoa(int(fd))
	real, err := os.Readlink(name)
	if err != nil || real == "" || real[0] != '/' {
		return false
	}
	if inSystem(real) || isLoaderFile(real) {
		return true
	}
	f, err := program.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	return s.isLibrary(c, f, "") || s.launch.readable(f.Real) && f.Library(s.launch.library().elf) != nil
}

// loaderCalls are what the dynamic loaders of glibc and musl call before the
// entry point, beside opening files and asking for their status, with whether
// the call reads from a descriptor, and in which argument. Neither writes but to
// say why it gives up. What numbers a call may have is stdio's to say.
var loaderCalls = table[string, int]{
	{"brk", noFD}, {"mmap", 4}, {"mmap2", 4}, {"munmap", noFD}, {"mprotect", noFD}, {"madvise", noFD},
	{"read", 0}, {"pread64", 0}, {"lseek", noFD}, {"_llseek", noFD}, {"close", noFD}, {"fcntl", noFD}, {"fcntl64", noFD},
	{"fstat", noFD}, {"fstat64", noFD}, {"newfstatat", noFD}, {"fstatat64", noFD}, {"statx", noFD},
	{"arch_prctl", noFD}, {"set_thread_area", noFD}, {"set_tid_address", noFD}, {"set_robust_list", noFD}, {"rseq", noFD},
	{"prlimit64", noFD}, {"ugetrlimit", noFD}, {"getrandom", noFD}, {"futex", noFD}, {"uname", noFD},
}

const noFD = -1

// loaderMay reports whether a dynamic loader needs the call before the entry
// point though the promises lack stdio.
func (s *supervisor) loaderMay(c *call) bool {
	from, listed := loaderCalls.find(c.name)
	if !listed || !s.inLoader() {
		return false
	}
	set := (s.launch.set | promises.Stdio.Set()) &^ promises.TraceOpens
	if promises.Judge(promises.RulesOf(c.name), set, c.Args, s.self(c)) != promises.Allow {
		return false
	}
	if from == noFD || strings.HasPrefix(c.name, "mmap") && c.Args[3]&unix.MAP_ANONYMOUS != 0 {
		return true
	}
	return s.isLibraryFD(c, int32(c.Args[from]))
}

func itoa(n int) string { return strconv.Itoa(n) }
