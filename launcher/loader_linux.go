//go:build amd64 || arm64

package launcher

import (
	"errors"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/notify"
	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/internal/rules"
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
	return s.inLoader() || s.set&rules.Loads != 0
}

// inLoader reports whether the program has not come to its entry point, in a
// time that a loader may take.
func (s *supervisor) inLoader() bool { return s.loading.Load() && !s.window.over(s.child.pid) }

// isLibrary reports whether a file is one that the calling program's loader may
// read; asked is the name that the loader has for it.
func (s *supervisor) isLibrary(c *notify.Call, f *program.File, asked string) bool {
	if inSystem(f.Real) || isLoaderFile(f.Real) {
		return true
	}
	for _, own := range s.launch.image.chain {
		if own.Same(&f.Stat) {
			return true
		}
	}
	if exe, err := c.Open("exe"); err == nil {
		var st unix.Stat_t
		err := unix.Fstat(exe, &st)
		unix.Close(exe)
		if err == nil && f.Same(&st) {
			return true
		}
	}
	return s.launch.library().holds(f, asked)
}

// load answers what the dynamic loader needs before the entry point though the
// promises lack it.
func (s *supervisor) load(c *notify.Call) (bool, error) {
	if strings.HasPrefix(c.Name, "mmap") {
		if mapped, err := s.mapCode(c); mapped || err != nil {
			return mapped, err
		}
	}
	if may, err := s.loaderMay(c); !may || err != nil {
		return false, err
	}
	c.Continue(byLoneThread)
	return true, nil
}

// openLibrary opens a file for the dynamic loader, if it is one that it may
// read. What does not exist is answered so, as long as the place is right.
func (s *supervisor) openLibrary(c *notify.Call, o *pathCall) (bool, error) {
	p, err := absolutePath(c, o)
	if err != nil {
		return false, err
	}
	if err := mayTakeLong(c, p); err != nil {
		return false, err
	}
	var f *program.File
	if e := s.perform.as(c, func() { f, err = program.Open(p) }); e != nil {
		return failed(c, e)
	}
	if err != nil {
		if err != program.ErrNotRegular && s.launch.library().asked(p) {
			c.Fail(errno(err))
			return true, nil
		}
		return false, nil
	}
	defer f.Close()
	if !s.isLibrary(c, f, p) {
		return false, nil
	}
	var fd int
	if e := s.perform.as(c, func() { fd, err = f.Reopen(int(o.flags & openFlags)) }); e != nil {
		return failed(c, e)
	}
	if err != nil {
		c.Fail(errno(err))
		return true, nil
	}
	// Before the entry point nothing but libraries is read. Programs that are
	// executed later have their own files in these directories.
	if s.set&rules.Loads == 0 && inSystem(f.Real) && !program.IsELF(fd) {
		unix.Close(fd)
		return false, nil
	}
	c.Give(fd, o.flags)
	return true, nil
}

// mayTakeLong is [notify.ErrWait] where a path outside of the system's
// directories is to be looked up by who must not wait: what file system it is on
// is anybody's choice.
func mayTakeLong(c *notify.Call, p string) error {
	if p = path.Clean(p); inSystem(p) || strings.HasPrefix(p, "/etc/ld") {
		return nil
	}
	return c.MayWait()
}

// asked reports whether a loader looks for a path that may not exist.
func (b *libraries) asked(p string) bool {
	p = path.Clean(p)
	for _, dir := range whitelist.LibraryDirs {
		if beneath(dir, p) || beneath(p, dir) {
			return true
		}
	}
	return strings.HasPrefix(p, "/etc/ld.so.") && !strings.Contains(p[len("/etc/"):], "/") || b.places(p)
}

// asksOrigin reports whether a loader asks where its program lies, for $ORIGIN.
func (s *supervisor) asksOrigin(c *notify.Call, o *pathCall) bool {
	return strings.HasPrefix(c.Name, "readlink") && o.path == "/proc/self/exe" && s.loads()
}

// loaderStat answers stat, access and readlink for a loader, by where the path
// really leads.
func (s *supervisor) loaderStat(c *notify.Call, o *pathCall) (bool, error) {
	p, err := absolutePath(c, o)
	if err != nil {
		return false, err
	}
	if err := mayTakeLong(c, p); err != nil {
		return false, err
	}
	fd, err := s.lookUp(c, p, 0)
	switch {
	case errors.Is(err, notify.ErrWait):
		return false, err
	case err != nil && s.launch.library().asked(p):
		return failed(c, err)
	case err != nil:
		return false, nil
	}
	defer unix.Close(fd)
	real, err := realPath(fd)
	switch {
	case err != nil:
		return false, nil
	case s.launch.library().statable(real):
		return s.statHere(c, o, fd)
	case s.launch.library().places(p):
		c.Fail(unix.ENOENT) // the loader goes on to its next directory
		return true, nil
	}
	return false, nil
}

// statable reports whether a loader may know of a real path.
func (b *libraries) statable(real string) bool {
	if isLoaderFile(real) {
		return true
	}
	for _, dir := range whitelist.LibraryDirs {
		if beneath(dir, real) || beneath(real, dir) {
			return true
		}
	}
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
func (s *supervisor) mapCode(c *notify.Call) (bool, error) {
	prot, flags := c.Args[2], c.Args[3]
	if prot&unix.PROT_WRITE != 0 || flags&unix.MAP_ANONYMOUS != 0 || !s.inLoader() {
		return false, nil
	}
	if is, err := s.isLibraryFD(c, int32(c.Args[4])); !is || err != nil {
		return false, err
	}
	c.Continue(byLoneThread)
	return true, nil
}

// isLibraryFD reports whether a descriptor of the caller's is a library. The
// error is [notify.ErrWait] where the file has to be read by who may wait.
func (s *supervisor) isLibraryFD(c *notify.Call, fd int32) (bool, error) {
	own, err := c.Open("fd/" + itoa(fd))
	if err != nil {
		return false, nil
	}
	defer unix.Close(own)
	real, err := realPath(own)
	if err != nil || real == "" || real[0] != '/' {
		return false, nil
	}
	if inSystem(real) || isLoaderFile(real) {
		return true, nil
	}
	if err := c.MayWait(); err != nil {
		return false, err
	}
	f, err := program.Open("/proc/self/fd/" + itoa(int32(own)))
	if err != nil {
		return false, nil
	}
	defer f.Close()
	return s.isLibrary(c, f, "") || s.launch.readable(f.Real) && f.Library(s.launch.library().elf) != nil, nil
}

// loaderCalls are what the dynamic loaders of glibc and musl call before the
// entry point, beside opening files and asking for their status, with whether
// the call reads from a descriptor, and in which argument. Neither writes but to
// say why it gives up. What numbers a call may have is stdio's to say.
var loaderCalls = table[string, int]{
	{"brk", noFD}, {"mmap", 4}, {"mmap2", 4}, {"munmap", noFD}, {"mprotect", noFD}, {"madvise", noFD},
	{"read", 0}, {"pread64", 0}, {"lseek", 0}, {"_llseek", 0}, {"close", noFD}, {"fcntl", noFD}, {"fcntl64", noFD},
	{"fstat", noFD}, {"fstat64", noFD}, {"newfstatat", noFD}, {"fstatat64", noFD}, {"statx", noFD},
	{"arch_prctl", noFD}, {"set_thread_area", noFD}, {"set_tid_address", noFD}, {"set_robust_list", noFD}, {"rseq", noFD},
	{"prlimit64", noFD}, {"ugetrlimit", noFD}, {"getrandom", noFD}, {"futex", noFD}, {"uname", noFD},
}

const noFD = -1

// loaderMay reports whether a dynamic loader needs the call before the entry
// point though the promises do not admit it. What is judged cannot change: there
// is one thread (see mapCode).
func (s *supervisor) loaderMay(c *notify.Call) (bool, error) {
	if !s.inLoader() {
		return false, nil
	}
	switch c.Name {
	case "getcwd":
		return s.launch.library().relative, nil
	case "mprotect":
		if c.Args[2]&unix.PROT_EXEC != 0 {
			return marksCode(c)
		}
	case "fcntl", "fcntl64":
		if c.Args[1] != unix.F_SETFD && c.Args[1] != unix.F_GETFD {
			return false, nil
		}
	case "newfstatat", "fstatat64", "statx":
		if p, err := c.String(c.Args[1]); err != nil || p != "" {
			return false, err
		}
	}
	from, listed := loaderCalls.find(c.Name)
	set := (s.set | promises.Stdio.Set()) &^ rules.TraceOpens
	if !listed || rules.Judge(rules.Of(c.Name), set, c.Args, s.program) != rules.Allow {
		return false, nil
	}
	if from == noFD || strings.HasPrefix(c.Name, "mmap") && c.Args[3]&unix.MAP_ANONYMOUS != 0 {
		return true, nil
	}
	return s.isLibraryFD(c, int32(c.Args[from]))
}

const bti = 0x10 // PROT_BTI of arm64

// marksCode reports whether a call makes code of what is code already, as arm64's loader
// does to add PROT_BTI. The error is about looking at the caller, which is no violation.
func marksCode(c *notify.Call) (bool, error) {
	if c.Name != "mprotect" || c.Args[2]&^bti != unix.PROT_READ|unix.PROT_EXEC {
		return false, nil
	}
	maps, err := mapsOf(c)
	return err == nil && isCode(maps, c.Args[0], c.Args[1]), err
}

// mapsOf reads what memory the caller has.
func mapsOf(c *notify.Call) (string, error) {
	b, err := readOf(c, "maps")
	return string(b), err
}

// readOf reads a file that /proc has of the caller.
func readOf(c *notify.Call, name string) ([]byte, error) {
	fd, err := c.Open(name)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	return os.ReadFile("/proc/self/fd/" + itoa(int32(fd)))
}

// isCode reports whether all of a piece of memory is executable and not writable
// already: the loader of arm64 only adds PROT_BTI to the program's code. Nobody
// else changes the memory meanwhile (see mapCode).
func isCode(maps string, start, size uint64) bool {
	if size == 0 || start+size < start {
		return false
	}
	next := start
	for line := range strings.Lines(maps) {
		span, rest, _ := strings.Cut(line, " ")
		low, high, _ := strings.Cut(span, "-")
		from, e1 := strconv.ParseUint(low, 16, 64)
		to, e2 := strconv.ParseUint(high, 16, 64)
		if e1 != nil || e2 != nil || to <= next {
			continue
		}
		if from > next || len(rest) < 3 || rest[1] == 'w' || rest[2] != 'x' {
			return false
		}
		if next = to; next >= start+size {
			return true
		}
	}
	return false
}
