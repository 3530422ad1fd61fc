package rules

import (
	"strings"

	"github.com/pledge-linux/pledge/promises"
)

// A File is a path that a promise admits without rpath, wpath or unveil.
type File struct {
	Needs promises.Set
	// Path is exact, or ends in "/**" for all below a directory; "*" stands for
	// one component of digits, or "self".
	Path string
	// Write is set where opening for writing is admitted too.
	Write bool
	// Stat is set where stat and access are answered as well: libc asks first.
	Stat bool
	Why  string
}

// Files is the whitelist: OpenBSD's, and what libc needs on Linux for the same
// purpose.
var Files = []File{
	{stdio, "/dev/null", true, false, "discards output"},
	{stdio, "/etc/localtime", false, false, "time zone"},
	{stdio, "/usr/share/zoneinfo/**", false, false, "time zones; regular files, no link inside"},
	{tty, "/dev/tty", true, false, "the controlling terminal"},
	{getpw, "/", false, true, "status only: libc looks before it reads nsswitch.conf"},
	{dns, "/", false, true, "status only: libc looks before it reads nsswitch.conf"},
	{getpw, "/etc/passwd", false, true, "user names"},
	{getpw, "/etc/group", false, true, "group names"},
	{getpw, "/etc/nsswitch.conf", false, true, "libc reads it before the two"},
	{dns, "/etc/resolv.conf", false, true, "name servers; may be a link into /run"},
	{dns, "/etc/hosts", false, true, "host names"},
	{dns, "/etc/services", false, true, "port names"},
	{dns, "/etc/protocols", false, true, "protocol names"},
	{dns, "/etc/nsswitch.conf", false, true, "libc reads it first"},
	{dns, "/etc/host.conf", false, true, "libc's resolver"},
	{dns, "/etc/gai.conf", false, true, "libc's address order"},
	{ps, "/proc/*/stat", false, true, "processes"},
	{ps, "/proc/*/statm", false, true, "processes"},
	{ps, "/proc/*/status", false, true, "processes"},
	{ps, "/proc/*/cmdline", false, true, "processes"},
	{ps, "/proc/*/comm", false, true, "processes"},
	{ps, "/proc/*/wchan", false, true, "processes"},
	{ps, "/proc/*/loginuid", false, true, "processes"},
	{ps, "/proc/*/cgroup", false, true, "processes"},
	{ps, "/proc", false, true, "processes; listing it needs rpath"},
	{ps | vminfo, "/proc/stat", false, true, "processor time"},
	{ps, "/proc/uptime", false, true, "boot time"},
	{ps, "/proc/stat", false, true, "processor time"},
	{ps, "/proc/meminfo", false, true, "memory"},
	{ps, "/proc/sys/kernel/pid_max", false, true, "process ids"},
	{vminfo, "/proc/stat", false, true, "processor time"},
	{vminfo, "/proc/meminfo", false, true, "memory"},
	{vminfo, "/proc/vmstat", false, true, "memory"},
	{vminfo, "/proc/uptime", false, true, "load"},
	{vminfo, "/proc/loadavg", false, true, "load"},
	{vminfo, "/proc/swaps", false, true, "swap"},
	{vminfo, "/proc/diskstats", false, true, "disks"},
	{vminfo, "/proc/cpuinfo", false, true, "processors"},
	{vminfo, "/proc/partitions", false, true, "disks"},
	{vminfo, "/proc/net/dev", false, true, "interfaces"},
	{vminfo, "/proc/net/snmp", false, true, "protocol statistics"},
	{vminfo, "/sys/devices/system/cpu/**", false, true, "processors"},
	{vminfo, "/sys/devices/system/node/**", false, true, "memory nodes"},
}

// Quiet lists what runtimes look for when they start and do without: refused
// with ENOENT, without a report and without a penalty.
var Quiet = []File{
	{0, "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", false, true, "Go's runtime"},
	{0, "/sys/kernel/mm/transparent_hugepage/enabled", false, true, "allocators"},
	{0, "/proc/self/exe", false, true, "libc looks for its own directory"},
	{0, "/proc/self/cgroup", false, true, "Go's runtime"},
	{0, "/proc/self/mountinfo", false, true, "Go's runtime"},
	{0, "/proc/self/maps", false, true, "libc looks for the main thread's stack: Go with C"},
	{0, "/proc/sys/vm/overcommit_memory", false, true, "allocators"},
	{0, "/sys/devices/system/cpu/online", false, true, "the number of processors"},
	{0, "/sys/devices/system/cpu/possible", false, true, "the number of processors"},
	{0, "/sys/fs/cgroup/**", false, true, "Go's runtime"},
	{0, "/etc/ld.so.cache", false, true, "libc looks for optional modules: libidn2, name services"},
	{0, "/etc/ld.so.preload", false, true, "the loader"},
	{0, "/etc/malloc.conf", false, true, "allocators"},
	{0, "/usr/lib/locale/**", false, true, "locales"},
	{0, "/usr/share/locale/**", false, true, "translations"},
	{0, "/usr/share/locale-langpack/**", false, true, "translations"},
	{0, "/usr/lib/x86_64-linux-gnu/gconv/**", false, true, "character sets"},
	{0, "/usr/lib/aarch64-linux-gnu/gconv/**", false, true, "character sets"},
	{0, "/etc/ssl/openssl.cnf", false, true, "libcrypto's configuration"},
	{0, "/usr/lib/ssl/openssl.cnf", false, true, "libcrypto's configuration"},
	{0, "/dev/urandom", false, true, "random bytes; getrandom is there"},
	{0, "/proc/filesystems", false, true, "libselinux"},
	{0, "/selinux", false, true, "libselinux"},
	{0, "/sys/fs/selinux", false, true, "libselinux"},
	{0, "/etc/selinux/config", false, true, "libselinux"},
}

// Refused lists what a promise refuses with EPERM instead of a violation.
var Refused = []File{
	{getpw, "/etc/shadow", false, true, "as /etc/spwd.db: no kill"},
	{getpw, "/etc/gshadow", false, true, "as /etc/spwd.db: no kill"},
}

// Match reports whether the path, taken as text, is the file. A path with a
// "..", "." or empty component matches nothing.
func (f *File) Match(path string) bool {
	return f.matches(path) && !strings.Contains(path, "//") && !strings.Contains(path+"/", "/./") && !strings.Contains(path+"/", "/../")
}

func (f *File) matches(path string) bool {
	if dir, ok := strings.CutSuffix(f.Path, "/**"); ok {
		return len(path) > len(dir)+1 && path[:len(dir)] == dir && path[len(dir)] == '/'
	}
	before, after, ok := strings.Cut(f.Path, "*")
	if !ok {
		return path == f.Path
	}
	mid, ok := strings.CutPrefix(path, before)
	if !ok {
		return false
	}
	mid, ok = strings.CutSuffix(mid, after)
	return ok && (mid == "self" || strings.Trim(mid, "0123456789") == "" && mid != "")
}

// Find returns the first of the files that applies to the set and matches, or
// nil.
func Find(files []File, s promises.Set, path string) *File {
	if s&Unpledged != 0 {
		return nil
	}
	for i := range files {
		if files[i].Needs&^s == 0 && files[i].Match(path) {
			return &files[i]
		}
	}
	return nil
}
