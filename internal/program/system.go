//go:build unix

package program

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A system is what a dynamic loader has of itself.
type system struct {
	musl    bool
	cache   *cache
	dirs    []string
	beside  string   // the interpreter's directory: the header's word, if it is none of dirs
	preload []string // of ld.so.preload
	config  []string
}

const (
	cacheFile   = "/etc/ld.so.cache"
	preloadFile = "/etc/ld.so.preload"
)

// systemOf works out how an interpreter searches: musl by a path file, glibc by
// a cache and directories that its distribution chose.
func systemOf(name string, interp *File, machine uint16) *system {
	base := filepath.Base(name)
	if arch, ok := strings.CutPrefix(base, "ld-musl-"); ok {
		return muslSystem(strings.TrimSuffix(arch, ".so.1"))
	}
	s := &system{dirs: systemDirs(machine)}
	if s.cache = systemCache(); s.cache != nil {
		s.config = append(s.config, cacheFile)
	}
	if b, err := os.ReadFile(preloadFile); err == nil {
		s.config = append(s.config, preloadFile)
		s.preload = preloadNames(string(b))
	}
	if interp != nil {
		// Where a distribution keeps several, each has its libraries beside it.
		if dir := filepath.Dir(interp.Real); !slices.Contains(s.dirs, dir) {
			s.beside = dir
		}
	}
	return s
}

func muslSystem(arch string) *system {
	s := &system{musl: true, dirs: []string{"/lib", "/usr/local/lib", "/usr/lib"}}
	file := "/etc/ld-musl-" + arch + ".path"
	if b, err := os.ReadFile(file); err == nil {
		s.config = append(s.config, file)
		s.dirs = strings.FieldsFunc(string(b), func(r rune) bool { return r == ':' || r == '\n' })
	}
	return s
}

// systemDirs are those that the loaders of distributions have built in.
func systemDirs(machine uint16) []string {
	switch machine {
	case MachineAMD64:
		return []string{"/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"}
	case Machine386, Machine486:
		return []string{"/lib/i386-linux-gnu", "/usr/lib/i386-linux-gnu", "/lib32", "/usr/lib32", "/lib", "/usr/lib"}
	case MachineARM64:
		return []string{"/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"}
	}
	return []string{"/lib", "/usr/lib"}
}

// preloadNames reads /etc/ld.so.preload: names between blanks and colons, and
// comments.
func preloadNames(s string) (names []string) {
	for line := range strings.Lines(s) {
		line, _, _ = strings.Cut(line, "#")
		names = append(names, strings.FieldsFunc(line, func(r rune) bool { return r == ':' || r == ' ' || r == '\t' || r == '\n' })...)
	}
	return names
}

// SystemPreload returns the names in /etc/ld.so.preload.
func SystemPreload() []string {
	b, _ := os.ReadFile(preloadFile)
	return preloadNames(string(b))
}

// InCache reports whether the system's loader cache names a path.
func InCache(path string) bool {
	c := systemCache()
	return c != nil && c.names(path)
}

var cacheOnce struct {
	sync.Once
	*cache
}

// systemCache maps the system's cache once; nil if there is none.
func systemCache() *cache {
	cacheOnce.Do(func() {
		if c, err := readCache(cacheFile); err == nil {
			cacheOnce.cache = c
		}
	})
	return cacheOnce.cache
}

// legacy are the directories of processors that glibc looked into before 2.37,
// nested in any way.
func legacy(machine uint16) []string {
	switch machine {
	case MachineAMD64:
		return []string{"tls", "haswell", "xeon_phi", "avx512_1", "x86_64"}
	case Machine386, Machine486:
		return []string{"tls", "i686", "i586", "i486", "i386", "sse2"}
	case MachineARM64:
		return []string{"tls", "atomics", "aarch64"}
	}
	return []string{"tls"}
}

// variantsIn are the directories below dir for processors that can more.
func variantsIn(dir string, machine uint16) (list []string) {
	caps := dir + "/glibc-hwcaps"
	if names, err := os.ReadDir(caps); err == nil {
		for _, n := range names {
			list = append(list, caps+"/"+n.Name())
		}
	}
	return append(list, nested(dir, legacy(machine))...)
}

func nested(dir string, names []string) (list []string) {
	for i, n := range names {
		sub := dir + "/" + n
		if isDir(sub) {
			list = append(list, nested(sub, slices.Delete(slices.Clone(names), i, i+1))...)
			list = append(list, sub)
		}
	}
	return list
}

// expand replaces $ORIGIN, $LIB and $PLATFORM as loaders do, each distribution
// in its way.
func expand(s, origin string, machine uint16) []string {
	if !strings.Contains(s, "$") {
		return []string{s}
	}
	libs, platforms := []string{"lib"}, []string{""}
	switch machine {
	case MachineAMD64:
		libs, platforms = []string{"lib/x86_64-linux-gnu", "lib64", "lib"}, []string{"haswell", "xeon_phi", "x86_64"}
	case Machine386, Machine486:
		libs, platforms = []string{"lib/i386-linux-gnu", "lib32", "lib"}, []string{"i686", "i586", "i386"}
	case MachineARM64:
		libs, platforms = []string{"lib/aarch64-linux-gnu", "lib64", "lib"}, []string{"aarch64"}
	}
	list := []string{replace(s, "ORIGIN", origin)}
	list = each(list, "LIB", libs)
	return each(list, "PLATFORM", platforms)
}

func each(list []string, name string, values []string) (out []string) {
	for _, s := range list {
		if !strings.Contains(s, name) {
			out = append(out, s)
			continue
		}
		for _, v := range values {
			out = append(out, replace(s, name, v))
		}
	}
	return out
}

func replace(s, name, value string) string {
	return strings.NewReplacer("${"+name+"}", value, "$"+name, value).Replace(s)
}
