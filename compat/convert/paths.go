package convert

import "strings"

// linuxPath is what a path of BSD is on Linux. Paths are tried from the first
// line on; "/**" stands for all below.
type linuxPath struct {
	bsd   string
	linux []string // nil: nothing to unveil
	class Class    // of what is said
	why   string
}

const (
	loaderWhy = "the loader reads it before the promises apply"
	getpwWhy  = "the promise getpw reads the databases of users"
)

var linuxPaths = []linuxPath{
	{"/var/run/ld.so.hints", nil, Exact, loaderWhy},
	{"/usr/libexec/ld.so", nil, Exact, loaderWhy},
	{"/usr/libexec/ld.elf_so", nil, Exact, loaderWhy},
	{"/usr/libexec/ld-elf.so.1", nil, Exact, loaderWhy},
	{"/etc/ld.so.conf", nil, Exact, loaderWhy},
	{"/etc/ld.so.cache", nil, Exact, loaderWhy},
	{"/etc/ld.so.preload", nil, Exact, loaderWhy},
	{"/etc/ld.so.nohwcap", nil, Exact, loaderWhy},
	{"/lib/ld-linux.so.2", nil, Exact, loaderWhy},
	{"/lib/ld-linux.so.1", nil, Exact, loaderWhy},
	{"/etc/malloc.conf", nil, NoCounterpart, "no allocator of Linux reads it"},
	{"/etc/login.conf", nil, NoCounterpart, "Linux has no login classes"},
	{"/etc/login.conf.db", nil, NoCounterpart, "Linux has no login classes"},
	{"/etc/services.db", []string{"/etc/services"}, Exact, ""},
	{"/var/run/dev.db", nil, NoCounterpart, "BSD's cache of device names"},
	{"/dev/arandom", []string{"/dev/urandom"}, Exact, ""},
	{"/dev/srandom", []string{"/dev/random"}, Exact, ""},
	{"/dev/prandom", []string{"/dev/urandom"}, Exact, ""},
	{"/dev/crypto", nil, NoCounterpart, "BSD's device for cryptography"},
	{"/dev/ptm", []string{"/dev/ptmx"}, Exact, ""},
	{"/dev/stdin", nil, Exact, "an open descriptor"},
	{"/dev/stdout", nil, Exact, "an open descriptor"},
	{"/dev/stderr", nil, Exact, "an open descriptor"},
	{"/kern", nil, NoCounterpart, "NetBSD's kernel file system"},
	{"/kern/**", nil, NoCounterpart, "NetBSD's kernel file system"},
	{"/proc/curproc", []string{"/proc/self"}, Exact, ""},
	{"/usr/share/nls", []string{"/usr/share/locale", "/usr/lib/locale"}, Exact, ""},
	{"/usr/share/nls/**", []string{"/usr/share/locale", "/usr/lib/locale"}, Wider, "all of /usr/share/locale and /usr/lib/locale, where Linux has messages"},
	{"/usr/share/i18n/**", []string{"/usr/lib/locale"}, Wider, "all of /usr/lib/locale, where Linux has locales"},
	{"/usr/X11R6/lib", []string{"/usr/lib"}, Exact, ""},
	{"/usr/X11R6/lib/**", nil, Narrower, "libraries of X11 are in /usr/lib; the loader opens them before the promises apply"},
	{"/sys", nil, NoCounterpart, "BSD's kernel sources"},
}

// userFiles are those that libc reads to find users; shadowed ones stay shut.
var userFiles = map[string]bool{
	"/etc/passwd": true, "/etc/group": true, "/etc/pwd.db": true, "/etc/nsswitch.conf": true,
	"/etc/spwd.db": false, "/etc/master.passwd": false, "/etc/shadow": false,
}

// emulRoots are where BSDs keep the files of Linux programs.
var emulRoots = []string{"/emul/linux", "/usr/pkg/emul/linux", "/usr/local/emul/redhat", "/usr/local/emul/fedora", "/compat/linux"}

// onLinux finds a path on Linux; said is nil if nothing has to be said.
func onLinux(p string) (paths []string, said *Reason) {
	for _, root := range emulRoots {
		if rest, ok := strings.CutPrefix(p, root+"/"); ok {
			p = "/" + rest
		}
	}
	if len(p) > 2 {
		p = strings.TrimSuffix(p, "/.")
	}
	for i := range linuxPaths {
		l := &linuxPaths[i]
		dir, below := strings.CutSuffix(l.bsd, "/**")
		if p != l.bsd && !(below && strings.HasPrefix(p, dir+"/")) {
			continue
		}
		if l.why == "" {
			return l.linux, nil
		}
		return l.linux, &Reason{l.class, p + ": " + l.why}
	}
	if isLibrary(p) {
		return nil, &Reason{Narrower, p + ": the loader opens libraries before the promises apply, and later ones (dlopen) not at all; unveil their directory for that"}
	}
	return []string{p}, nil
}

// isLibrary: versions of libraries differ between systems, so that no name of
// one is worth keeping.
func isLibrary(p string) bool {
	slash := strings.LastIndexByte(p, '/')
	return slash > 0 && strings.Contains(p[:slash+1], "lib") && strings.Contains(p[slash:], ".so")
}

// isTerminal tells whether a path is a terminal or makes one.
func isTerminal(p string) bool {
	return p == "/dev/tty" || p == "/dev/ptmx" || p == "/dev/ptm" || strings.HasPrefix(p, "/dev/tty") || strings.HasPrefix(p, "/dev/pty") || strings.HasPrefix(p, "/dev/pts")
}
