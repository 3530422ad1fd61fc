//go:build amd64 || arm64

package asking

import (
	"bufio"
	"debug/elf"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/compat/systrace/enforce"
	"github.com/pledge-linux/pledge/unveil"
)

// loader follows the dynamic loader of the program that was started, until the
// program calls something itself. Until then it may load libraries, as under
// pledge; what it is to read besides is asked about.
type loader struct {
	mu         sync.Mutex
	known      bool
	done       bool
	begin, end uint64 // where its code is
}

// libraries are where it finds them.
var libraries = []string{"/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib"}

// loads tells whether a call is of that kind.
func (l *loader) loads(a *enforce.Asked, f *facts) bool {
	if !a.First {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return false
	}
	if !l.known {
		l.begin, l.end = loaderOf(a.PID)
		l.known = true
	}
	if a.IP < l.begin || a.IP >= l.end {
		l.done = true
		return false
	}
	switch {
	case a.Name == "mprotect":
		return a.Args[2]&unix.PROT_EXEC == 0
	case a.Name == "mmap":
		return mapsLibrary(a)
	case stats[a.Name] && len(f.uses) == 1:
		return true // it looks for libraries
	case len(f.uses) == 1 && f.uses[0].perms&^unveil.Read == 0 && uses[a.Name] != nil:
		u := f.uses[0]
		return u.Missing || u.Real == "/etc/ld.so.cache" || u.Real == "/etc/ld.so.preload" || isLibrary(u.Real)
	}
	return false
}

// mapsLibrary tells whether a mapping is data, or code of a library that is not
// written: what else the program has executable it is asked about.
func mapsLibrary(a *enforce.Asked) bool {
	if a.Args[2]&unix.PROT_EXEC == 0 {
		return true
	}
	if a.Args[2]&unix.PROT_WRITE != 0 || a.Args[3]&unix.MAP_ANONYMOUS != 0 {
		return false
	}
	real, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", a.TID, int32(a.Args[4])))
	return err == nil && isLibrary(real)
}

// isLibrary tells whether a file is root's, and lies where libraries do.
func isLibrary(path string) bool {
	var st unix.Stat_t
	if !strings.Contains(filepath.Base(path), ".so") || unix.Lstat(path, &st) != nil || st.Uid != 0 || st.Mode&0o022 != 0 {
		return false
	}
	return slices.ContainsFunc(libraries, func(dir string) bool { return strings.HasPrefix(path, dir+"/") })
}

// loaderOf is where a process's dynamic loader lies in its memory; nowhere in that
// of a static program.
func loaderOf(pid int) (begin, end uint64) {
	exe := fmt.Sprintf("/proc/%d/exe", pid)
	f, err := elf.Open(exe)
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	name := ""
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP {
			b := make([]byte, p.Filesz)
			if _, err := p.ReadAt(b, 0); err != nil {
				return 0, 0
			}
			name = strings.TrimRight(string(b), "\x00")
		}
	}
	real, err := filepath.EvalSymlinks(name)
	if err != nil {
		return 0, 0
	}
	maps, err := os.Open(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return 0, 0
	}
	defer maps.Close()
	for s := bufio.NewScanner(maps); s.Scan(); {
		line := s.Text()
		if !strings.HasSuffix(line, " "+real) || !strings.Contains(line, "r-xp") {
			continue
		}
		from, rest, _ := strings.Cut(line, "-")
		to, _, _ := strings.Cut(rest, " ")
		begin, _ = strconv.ParseUint(from, 16, 64)
		end, _ = strconv.ParseUint(to, 16, 64)
		return begin, end
	}
	return 0, 0
}
