//go:build amd64 || arm64

package launcher

import (
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/landlock"
	"github.com/pledge-linux/pledge/internal/procfs"
	"github.com/pledge-linux/pledge/internal/program"
	"github.com/pledge-linux/pledge/internal/sys"
	"github.com/pledge-linux/pledge/internal/whitelist"
	"github.com/pledge-linux/pledge/promises"
	"github.com/pledge-linux/pledge/unveil"
)

// Libraries are where the dynamic loader of the launched program may find
// shared objects beside the system's directories. What the user names (in the
// environment, or by naming the program) is believed, what the header of a file
// says is not: the file may be anybody's work, and naming a directory must not
// make it readable.
type libraries struct {
	elf   *program.ELF // the program's; nil if unknown
	owner uint32       // of the program's file
	users []string     // real directories and files that the user or root named
	own   []string     // the program's own directory, and lib beside it
	named []string     // what the header names: absolute, not resolved
	texts []string     // users, as they were written
	// relative is set where the user named a directory by a relative path: the
	// loader asks where it is.
	relative bool

	mu sync.Mutex
	// given are libraries that were opened by a name that is believed: mapping
	// them shows only where they really lie.
	given []fileID
}

type fileID struct{ dev, ino uint64 }

func idOf(f *program.File) fileID { return fileID{f.Stat.Dev, f.Stat.Ino} }

// maxGiven bounds what is remembered.
const maxGiven = 4096

// library looks at the launched program once. Programs that it executes later
// name no directories: they could be its own work.
func (l *launch) library() *libraries {
	l.libraryOnce.Do(func() {
		b := &libraries{}
		l.libraries = b
		dir := absolute(".", l.spec.Dir)
		b.userPlaces(l.spec.Env, dir)
		f := l.image.last()
		b.owner, b.own = f.Stat.Uid, ownTree(f.Real)
		if l.image.elf == nil {
			return
		}
		b.elf = &l.image.elf.ELF
		if r, err := f.Reader(); err == nil {
			b.named = program.Directories(f, l.image.elf, r, dir)
			r.Close()
		}
	})
	return l.libraries
}

// userPlaces are those of LD_LIBRARY_PATH, LD_PRELOAD, LD_AUDIT and
// /etc/ld.so.preload.
func (b *libraries) userPlaces(env []string, dir string) {
	var names []string
	split := func(s, separators string) {
		names = append(names, strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(separators, r) })...)
	}
	split(envValue(env, "LD_LIBRARY_PATH", ""), ":;")
	for _, n := range append([]string{envValue(env, "LD_PRELOAD", ""), envValue(env, "LD_AUDIT", "")}, program.SystemPreload()...) {
		if strings.Contains(n, "/") {
			split(n, ": ")
		}
	}
	for _, n := range names {
		b.relative = b.relative || !filepath.IsAbs(n)
		text := filepath.Clean(program.InDir(n, dir))
		if real, err := filepath.EvalSymlinks(text); err == nil && real != "/" && text != "/" {
			b.users, b.texts = append(b.users, real), append(b.texts, text)
		}
	}
}

// ownTree is where a program has its own libraries: its directory, and lib
// beside that.
func ownTree(exe string) []string {
	dir := filepath.Dir(exe)
	if dir == "/" {
		return nil
	}
	own := []string{dir}
	for _, lib := range []string{"lib", "lib32", "lib64", "libx32", "libexec"} {
		own = append(own, filepath.Join(filepath.Dir(dir), lib))
	}
	return own
}

// inSystem reports whether a real path lies where the system has its libraries.
func inSystem(real string) bool { return beneathAny(real, whitelist.LibraryDirs) }

func beneathAny(name string, dirs []string) bool {
	for _, dir := range dirs {
		if beneath(name, dir) {
			return true
		}
	}
	return false
}

// holds reports whether a file outside of the system's directories is a library
// that the program's loader may read whatever is promised. asked is its name as
// the loader has it, "" if that is not known.
func (b *libraries) holds(f *program.File, asked string) bool {
	b.mu.Lock()
	known := slices.Contains(b.given, idOf(f))
	b.mu.Unlock()
	if known {
		return true
	}
	believed := beneathAny(f.Real, b.users) || !strings.Contains(asked, "..") && beneathAny(filepath.Clean(asked), b.texts)
	if !believed && !b.isOwn(f) && !program.InCache(asked) {
		return false
	}
	d := f.Library(b.elf)
	if d == nil || d.PIE && !believed {
		return false
	}
	b.give(f)
	return true
}

// give notes that a library is one that may be mapped.
func (b *libraries) give(f *program.File) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.given) < maxGiven {
		b.given = append(b.given, idOf(f))
	}
}

// isOwn reports whether a file lies in the program's own directories, and is not
// somebody else's: a program of mine in /tmp does not read what is yours.
func (b *libraries) isOwn(f *program.File) bool {
	others := f.Stat.Uid == 0 && f.Stat.Mode&0o004 != 0
	return (f.Stat.Uid == b.owner || others) && beneathAny(f.Real, b.own)
}

// places reports whether a path lies where this program's loader looks by the
// word of the user or of the program's header.
func (b *libraries) places(p string) bool {
	p = filepath.Clean(p)
	return beneathAny(p, b.users) || beneathAny(p, b.texts) || beneathAny(p, b.named)
}

// admits reports whether the launcher lets a loader read a path that lies where
// the user or the header says, or tells it that it does not exist.
func (b *libraries) admits(p string) bool {
	f, err := program.Open(p)
	if err != nil {
		return true
	}
	defer f.Close()
	return inSystem(f.Real) || b.holds(f, p)
}

// readable reports whether promises and unveil let the program read a real path
// anyway.
func (l *launch) readable(real string) bool {
	if !l.spec.Promises.Has(promises.Rpath) {
		return false
	}
	if l.spec.Unveil == nil {
		return true
	}
	perms, _ := l.spec.Unveil.Lookup(real)
	return perms&(unveil.Read|unveil.Exec) != 0
}

// programRules admit the files that start the program: executing it and its
// interpreters, reading its libraries. The rules are of the files that were
// judged, whatever has their names later.
func (l *launch) programRules() []landlock.PathRule {
	var rules []landlock.PathRule
	add := func(f *program.File, access uint64) {
		rules = append(rules, landlock.PathRule{Path: f.Real, FD: f.FD, Access: access})
	}
	for _, f := range l.image.chain {
		add(f, landlock.Execute|landlock.ReadFile)
	}
	l.closeLibraries()
	l.deps = l.findLibraries()
	if f := l.deps.Interpreter; f != nil && l.mayInterpret(f) {
		add(f, landlock.Execute|landlock.ReadFile)
	}
	for _, lib := range l.deps.Libraries {
		if lib.From != program.ByHeader || inSystem(lib.Real) || l.library().holds(lib.File, lib.Path) {
			add(lib.File, landlock.ReadFile)
			l.library().give(lib.File)
		} else if !l.readable(lib.Real) {
			l.spec.Report.Note("a library is named by the program's own header only, and is neither in its directory nor unveiled: add -u %q, or name its directory in LD_LIBRARY_PATH", "r:"+lib.Real)
		}
	}
	for _, f := range l.deps.Config {
		rules = append(rules, landlock.PathRule{Path: f, Access: landlock.ReadFile, MayVanish: true})
	}
	return rules
}

// mayInterpret reports whether the ELF interpreter that a header names may be
// executed, and so be read, without being unveiled.
func (l *launch) mayInterpret(f *program.File) bool {
	if inSystem(f.Real) {
		return true
	}
	if b := l.library(); b.isOwn(f) {
		if r, err := f.Reader(); err == nil {
			defer r.Close()
			im, err := program.ReadImage(r)
			return err == nil && im.SameKind(b.elf) && f.Stat.Mode&0o111 != 0
		}
	}
	if l.spec.Unveil == nil {
		l.spec.Report.Note("the ELF interpreter %q is not the system's: in place the program does not start without rpath", f.Real)
		return false
	}
	if perms, _ := l.spec.Unveil.Lookup(f.Real); perms&unveil.Exec == 0 {
		l.spec.Report.Note("the ELF interpreter lies neither where the system has its libraries nor in the program's own directory: add -u %q", "x:"+f.Real)
	}
	return false // what is unveiled needs no rule
}

func (l *launch) findLibraries() program.Deps {
	f := l.image.last()
	r, err := f.Reader()
	if err != nil || l.image.elf == nil {
		return program.Deps{}
	}
	defer r.Close()
	env := l.spec.Env
	return program.Find(f, l.image.elf, r, program.Surroundings{
		LibraryPath: envValue(env, "LD_LIBRARY_PATH", ""), Preload: envValue(env, "LD_PRELOAD", ""), Audit: envValue(env, "LD_AUDIT", ""),
		Dir: absolute(".", l.spec.Dir),
	})
}

// sameProgram is an error if a process runs another file than the one that was
// judged: execve went by its name.
func (l *launch) sameProgram(pid int) error {
	st, err := programOf(pid)
	for begun := time.Now(); l.notYet(pid, &st, err) && time.Since(begun) < startsSoon; st, err = programOf(pid) {
		time.Sleep(100 * time.Microsecond)
	}
	switch {
	case err == nil && l.image.last().Same(&st):
		return nil
	case err == unix.ENOENT || err == unix.ESRCH:
		return nil // it has ended, or there is no /proc
	case err != nil && hasEnded(pid):
		return nil
	case err != nil && l.image.elf == nil:
		return nil // it could not be read before either, and was taken as it is
	}
	return failf("%q was exchanged for another file while it was started", l.image.last().Path)
}

// startsSoon is how long a process may look like the launcher itself. The kernel wakes
// who started a program before it has taken the new memory: with one processor the
// launcher always comes between.
const startsSoon = 5 * time.Second

// notYet reports whether a process still runs in the launcher's memory, which nobody may
// look into but root.
func (l *launch) notYet(pid int, st *unix.Stat_t, err error) bool {
	if err != nil {
		return err == unix.EACCES && l.image.elf != nil && !hasEnded(pid)
	}
	own, e := programOf(unix.Getpid())
	return e == nil && !l.image.last().Same(st) && own.Dev == st.Dev && own.Ino == st.Ino
}

// programOf is the file that a process runs.
func programOf(pid int) (st unix.Stat_t, err error) {
	err = unix.Stat("/proc/"+itoa(int32(pid))+"/exe", &st)
	return st, err
}

// hasEnded reports whether a child has ended, waited for or not.
func hasEnded(pid int) bool {
	st, err := procfs.ReadStatus(pid)
	return err == nil && st.Ended() || err == unix.ENOENT || err == unix.ESRCH
}

// keptProgram ends a program that nobody traces if it is not the one that was
// judged; one that is traced has not run yet, and is looked at where it stops.
// With the promise exec it may run another already, and may run what it likes.
func (l *launch) keptProgram(pid int, traced bool) error {
	if traced || l.spec.Promises.Has(promises.Exec) || l.spec.Observe != nil {
		return nil
	}
	err := l.sameProgram(pid)
	if err != nil {
		unix.Kill(pid, unix.SIGKILL)
	}
	if err != nil && sys.EndedOtherwise(pid) {
		return nil // somebody else's signal did it before the program began: that is how it ends
	}
	return err
}

// closeLibraries closes what the rules were made of.
func (l *launch) closeLibraries() {
	l.deps.Close()
	l.deps = program.Deps{}
}

// close closes all that was opened.
func (l *launch) close() {
	l.closeLibraries()
	l.image.close()
}
