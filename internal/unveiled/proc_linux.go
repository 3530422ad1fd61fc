package unveiled

import (
	"fmt"
	"maps"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/pledge-linux/pledge/internal/landlock"
)

// guardProc takes /proc, wherever it is mounted, and mounts of parts of it out of
// what may be written: /proc/self/mem rewrites code that is mapped read-only. It is
// an error to ask for it by name. What is /proc is judged by the file system.
func (p Plan) guardProc() (Plan, error) {
	const changes = Write | Create
	writable := false
	for path, perms := range p {
		if perms&changes == 0 {
			continue
		}
		writable = true
		if isProc(path) {
			return nil, fmt.Errorf("unveil %s:%q: writing /proc is never unveiled (/proc/self/mem changes running code); leave out w and c", perms, path)
		}
	}
	if !writable {
		return p, nil
	}
	guarded := maps.Clone(p)
	for _, mount := range procMounts() {
		perms, ok := p.Lookup(mount)
		if _, own := p[mount]; !ok || own || perms&changes == 0 || !isProc(mount) {
			continue
		}
		guarded[mount] = perms &^ changes
	}
	return guarded, nil
}

func isProc(path string) bool {
	var st unix.Statfs_t
	return unix.Statfs(path, &st) == nil && landlock.IsProc(&st)
}

// procMounts lists where /proc or parts of it are mounted: /proc itself, and what
// mountinfo says (proc_pid_mountinfo(5)).
func procMounts() []string {
	list := []string{"/proc"}
	text, _ := os.ReadFile("/proc/self/mountinfo")
	for line := range strings.Lines(string(text)) {
		front, back, ok := strings.Cut(line, " - ")
		fields := strings.Fields(front)
		if !ok || len(fields) < 5 || !strings.HasPrefix(back, "proc ") {
			continue
		}
		if point := unescape(fields[4]); point != "/proc" {
			list = append(list, point)
		}
	}
	return list
}

// unescape undoes the octal escapes of mountinfo.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+3 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
				b.WriteByte(byte(n))
				i += 3
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
