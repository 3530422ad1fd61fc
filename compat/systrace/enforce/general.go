package enforce

import (
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/pledge-linux/pledge/compat/systrace/policy"
)

// likeness is an argument that a rule is learned from. Pattern is what the rule
// matches; "" for the text itself.
type likeness struct {
	policy.Arg
	Pattern string
}

func asTheyAre(args []policy.Arg) (list []likeness) {
	for _, a := range args {
		list = append(list, likeness{Arg: a})
	}
	return list
}

// scratch is the names that a run has made up for itself, and their patterns.
// It is of use in learning only.
type scratch map[string]string

// note remembers a path that was created in a way that fails if it exists, as
// temporary files are. Outside the directories for those its name has to look
// made up as well, since locks are created like this, too.
func (s scratch) note(path string) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 || strings.ContainsAny(path, `*?[\`) || len(s) >= maxScratch {
		return
	}
	dir, name := path[:i], path[i+1:]
	if p := madeUp(name, isTemp(dir)); p != name {
		s[path] = s.replace(dir) + "/" + p
	}
}

// maxScratch bounds what is remembered of a run that makes many.
const maxScratch = 1 << 16

// replace puts patterns in the place of names that the run has made up.
func (s scratch) replace(path string) string {
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '/') {
		if p, ok := s[path[:end]]; ok {
			return p + path[end:]
		}
	}
	return path
}

// general makes patterns of what differs from run to run: temporary names,
// process ids, and versions in what is only read. Arguments of programs are left
// out: they name temporary files, too.
func (s scratch) general(args []policy.Arg, alias string, pid int) (list []likeness) {
	for _, a := range args {
		switch a.Name {
		case "argv":
			continue
		case "filename":
			list = append(list, likeness{a, s.patternOf(a.Text, pid, alias == "fsread")})
		default:
			list = append(list, likeness{Arg: a})
		}
	}
	return list
}

var (
	versions = regexp.MustCompile(`[0-9]+(\.[0-9]+)+`)
	// long are runs of characters that mkstemp and its like fill.
	long = regexp.MustCompile(`[A-Za-z0-9_]{6,}`)
	// numbered are directories in which names are numbers of processes and such.
	numbered = regexp.MustCompile(`^(/proc|/proc/[^/]+/task|/dev/pts|/proc/[^/]+/fd)$`)
)

// patternOf returns a pattern for a path, or "" if there is nothing in it that
// differs from run to run, or if it has characters of patterns.
func (s scratch) patternOf(path string, pid int, reading bool) string {
	if !strings.HasPrefix(path, "/") || strings.ContainsAny(path, `*?[\`) {
		return ""
	}
	parts := strings.Split(s.replace(path)[1:], "/")
	dir := ""
	for i, part := range parts {
		switch _, err := strconv.ParseUint(part, 10, 32); {
		case err == nil && numbered.MatchString(dir):
			parts[i] = "*"
		case reading && (strings.HasPrefix(dir, "/usr") || strings.HasPrefix(dir, "/lib") || strings.HasPrefix(dir, "/opt")):
			parts[i] = versions.ReplaceAllString(part, "*")
		default:
			parts[i] = strings.Replace(part, strconv.Itoa(pid), "*", 1)
		}
		dir += "/" + part
	}
	if p := "/" + strings.Join(parts, "/"); p != path {
		return p
	}
	return ""
}

func isTemp(dir string) bool {
	for _, temp := range []string{"/tmp", "/var/tmp", "/dev/shm", os.TempDir()} {
		if dir == temp || strings.HasPrefix(dir, temp+"/") {
			return true
		}
	}
	return false
}

// madeUp puts question marks in the place of what looks made up: what changes
// between capitals, small letters and digits at its end; in a directory for
// temporary files a change is enough, and without any all that is long enough.
func madeUp(name string, inTemp bool) string {
	const tail = 6
	replace := func(least int) string {
		return long.ReplaceAllStringFunc(name, func(run string) string {
			if changes(run[len(run)-tail:]) < least {
				return run
			}
			return strings.Repeat("?", len(run))
		})
	}
	if !inTemp {
		return replace(2)
	}
	if p := replace(1); p != name {
		return p
	}
	return replace(0)
}

// changes counts how often the kind of character changes.
func changes(s string) (n int) {
	for i := 1; i < len(s); i++ {
		if kindOf(s[i]) != kindOf(s[i-1]) {
			n++
		}
	}
	return n
}

func kindOf(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return 0
	case 'A' <= c && c <= 'Z':
		return 1
	}
	return 2
}
